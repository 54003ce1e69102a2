"""Reports over the network: kept conditions, and whom they find."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from client import models
from client.collection import Answer, Collection, answered, below

if TYPE_CHECKING:
    from client.models.report import ReportPreview, ReportQuery


class Reports(Collection["models.Report"]):
    """Kept conditions on customers, with what they find."""

    async def preview(self, preview: ReportPreview) -> Answer[models.Audience]:
        """Give one page of the customers whom conditions find that need not be saved."""
        path = f"{self._path}/preview"
        reply = await self._transport.request("POST", path, body=preview.to_json(), repeatable=True)
        return answered(reply, models.Audience)

    async def customers(self, report_id: str, query: ReportQuery) -> Answer[models.Audience]:
        """Give one page of the customers whom a report finds."""
        path = below(self._path, report_id, "customers")
        reply = await self._transport.request("GET", path, params=_told(query))
        return answered(reply, models.Audience)


def _told(query: ReportQuery) -> Mapping[str, Any]:
    """Give a query as parameters; lists have commas between."""
    told = query.to_json()
    return told | {"fields": ",".join(query.fields)} if query.fields else told
