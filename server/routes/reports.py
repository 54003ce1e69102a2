"""Reports: kept conditions, what they find, and what conditions would find that are not kept."""

from collections.abc import Sequence
from typing import Any, Final

from fastapi import Response
from pydantic import create_model
from sqlalchemy import Connection

from client.models import Audience, Condition, CustomerRow, Report, ReportPreview, ReportQuery
from client.models.written import new_model
from server.problems import not_found
from server.routes import shelf
from server.routes.audience import bounds_of, told
from server.routes.call import Call, query_of
from server.routes.collection import Collection
from server.routes.contract import id_parameter
from server.routes.operation import Operation, Sent, Shown
from server.routes.reading import bad_cursor, fields_member
from server.rules.report_conditions import count, where_all
from server.rules.reports import ReportRules, check_conditions
from server.store.clock import now
from server.store.search import BadCursor
from server.store.search.audience import FoundAudience, of_those
from server.store.search.listing import among, few, walk
from server.store.search.raw import Raw
from server.store.tables import reports

_FIELDS: Final[dict[str, Any]] = {"fields": fields_member(CustomerRow.model_fields)}
_QUERY: Final = new_model(create_model("ReportQuery", __base__=ReportQuery, **_FIELDS))
_PREVIEW: Final = new_model(create_model("ReportPreview", __base__=ReportPreview, **_FIELDS))
_WANTED: Final = ("sort", "limit", "cursor", "fields", "channel", "willing")
_FOUND: Final = Shown(description="A page of customers.", model=Audience, trimmed=CustomerRow)
_SAID: Final = (
    "`total` is exact, on the first page. With `channel` it is a marketing list: nobody is on it who said no "
    "to marketing by that channel, whatever the conditions are, and `left_out` says how many those are. "
    "The cursor is stable under inserts."
)


def _found(connection: Connection, conditions: Sequence[Condition], wanted: ReportQuery) -> FoundAudience:
    """Give a page of the customers for whom all conditions hold. Raises 404 for a strange cursor."""
    raw = Raw(connection)
    moment = now()
    all_at_once = where_all(connection, conditions, moment)
    ranks = few(raw, *all_at_once)
    # Walking a million to meet ten would take as long as asking each of the million.
    where, parameters = (
        where_all(connection, conditions, moment, walking=True) if ranks is None else among(raw, ranks)
    )
    try:
        if wanted.channel:
            bounds = bounds_of(wanted.channel, wanted.willing)
            return of_those(raw, wanted, where, parameters, bounds)
        total: int | None = None
        if not wanted.cursor:
            total = count(connection, *all_at_once) if ranks is None else len(ranks)
        return FoundAudience(walk(raw, wanted, where, parameters, total))
    except BadCursor as error:
        raise bad_cursor(error) from None


def _wanted(asked: Any) -> ReportQuery:
    return ReportQuery.model_construct(**{name: getattr(asked, name) for name in _WANTED})


async def _preview(call: Call) -> Response:
    asked: Any = call.read(_PREVIEW)
    conditions = [Condition.model_validate(condition.model_dump()) for condition in asked.conditions]

    def work(connection: Connection) -> FoundAudience:
        check_conditions(connection, call.actor, conditions)
        return _found(connection, conditions, _wanted(asked))

    return told(await call.database.read(work))


async def _customers(call: Call) -> Response:
    asked = query_of(call.request, _QUERY, frozenset({"fields"}))
    report_id = call.place("report_id", "report")

    def work(connection: Connection) -> FoundAudience:
        report = shelf.get(connection, REPORTS, call.actor, report_id)
        if report is None:
            raise not_found("report")
        return _found(connection, report.conditions, _wanted(asked))

    return told(await call.database.read(work))


_OPERATIONS: Final = (
    Operation(
        method="POST",
        path="/v1/reports/preview",
        name="preview_report",
        tag="reports",
        summary="See what conditions find",
        description=f"Nothing is saved. {_SAID}",
        permission="reports:read",
        handle=_preview,
        answers={200: _FOUND},
        refusals=(400, 404, 409, 413, 415, 422),
        sent=Sent(
            model=_PREVIEW,
            example={"conditions": [{"about": "last_booking", "how": "longer_ago", "days": 180}]},
        ),
    ),
    Operation(
        method="GET",
        path="/v1/reports/{report_id}/customers",
        name="list_report_customers",
        tag="reports",
        summary="List the customers of a report",
        description=_SAID,
        permission="reports:read",
        handle=_customers,
        answers={200: _FOUND},
        refusals=(404, 422),
        parameters=(id_parameter("report_id", "report"),),
        query=_QUERY,
        separated=frozenset({"fields"}),
    ),
)

REPORTS: Final = Collection(
    model=Report,
    table=reports,
    path="reports",
    singular="report",
    about="Conditions on customers, kept under a name. All must hold. Everyone may use a shared one; only "
    "its owner and admins may change it, and see one that is not shared.",
    order=(("name_key", False), ("id", False)),
    ordered="Ordered by name.",
    rules=ReportRules(),
    operations=_OPERATIONS,
    example={
        "name": "Quiet donors",
        "shared": True,
        "conditions": [{"about": "last_booking", "how": "longer_ago", "days": 180}],
    },
    given={"owner": "Anna Prins"},
)
