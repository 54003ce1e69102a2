"""Reports that the business keeps."""

from typing import Any, Final

from server.sample.business import business
from server.sample.parts import SampleList
from server.store.tables import reports

_REPORTS: Final[tuple[dict[str, Any], ...]] = (
    {
        "name": "Not seen for half a year",
        "description": "Active customers to ring up",
        "conditions": [
            {"about": "status", "how": "any", "values": ["active"]},
            {"about": "last_booking", "how": "longer_ago", "days": 180},
        ],
    },
    {
        "name": "May have our letters",
        "description": "Spring and autumn letter",
        "conditions": [{"about": "marketing", "how": "not_denied", "channel": "post"}],
    },
    {
        "name": "Good customers without a booking",
        "description": "Spent well, never booked by themselves",
        "conditions": [
            {"about": "spent", "how": "at_least", "amount": {"amount": "500.00", "currency": "GBP"}},
            {"about": "last_booking", "how": "never"},
        ],
    },
)


def _made() -> list[dict[str, Any]]:
    owner = next(one for one in business().staff if one.role == "admin" and not one.disabled)
    whose = {"shared": True, "owner_id": owner.id, "owner": owner.name}
    return [report | whose for report in _REPORTS]


REPORTS: Final = SampleList(reports, _made)
