"""Exports: a stream of everyone who is meant, and of nobody who said no."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from fastapi.responses import StreamingResponse
from sqlalchemy import Connection, select

from client.models import Condition, Customer, ExportRequest
from client.models.flat import CUSTOM, REFERENCES, member_of
from client.models.kinds import ADMIN_ONLY, STAFF_ONLY
from client.models.written import new_model
from server.auth.actor import Actor
from server.auth.sessions import still_may
from server.exporting import walk
from server.exporting.cells import columns_of
from server.exporting.forms import FORMS, Export, Form
from server.problems import Fault, Refusal, Withdrawn, invalid, not_found
from server.routes import shelf
from server.routes.audience import bounds_of
from server.routes.call import Call
from server.routes.customers import CUSTOMERS
from server.routes.operation import Operation, Sent, Shown
from server.routes.reports import REPORTS
from server.rules import history
from server.rules.report_conditions import where_all
from server.rules.reports import check_conditions
from server.store import tables
from server.store.clock import now
from server.store.database import Database
from server.store.search import index_for
from server.store.search.audience import Bounds, TooMany
from server.store.search.raw import Raw

_PERMISSION: Final = "customers:export"
_REQUEST: Final = new_model(ExportRequest)
_ADMIN_ONLY: Final = CUSTOMERS.hidden_members
_STAFF_ONLY: Final = frozenset(
    name for name, field in Customer.model_fields.items() if {STAFF_ONLY, ADMIN_ONLY} & set(field.metadata)
)


@dataclass(frozen=True, slots=True)
class _Prepared:
    """What is known before the first byte is sent."""

    whom: walk.Whom
    counts: walk.Counts
    export: Export


async def _export(call: Call) -> StreamingResponse:
    wanted: Any = call.read(_REQUEST)
    whom = (wanted.search, wanted.ids or None, wanted.report_id, wanted.conditions)
    if sum(said is not None for said in whom) != 1:
        sentence = "Say whom: a search, ids, a report, or conditions; one of them."
        raise invalid(Fault("/search", "missing", sentence))
    hidden = _hidden(call.actor, wanted.channel)
    _refuse_columns(wanted, hidden)
    bounds = bounds_of(wanted.channel, wanted.willing) if wanted.channel else walk.EVERYONE
    database, form = call.database, FORMS[wanted.format]

    def prepare(connection: Connection) -> _Prepared:
        raw = Raw(connection)
        whom = _whom(call, connection, wanted)
        return _Prepared(whom, walk.count(raw, whom, bounds), _what(connection, wanted, hidden))

    try:
        prepared = await database.read_apart(prepare)
    except TooMany:
        sentence = f"These words fit more than {walk.MOST:,} customers. Narrow down by filters instead."
        fault = Fault("/search/q", "too_many_matches", sentence)
        raise Refusal(409, sentence, "too_many_matches", [fault]) from None
    # Written down before the first byte: what was sent in part has left the house as well.
    await database.write(lambda connection: _remember(call, connection, wanted, prepared))
    pieces = _pieces(database, call.actor, bounds, form, prepared)
    return StreamingResponse(pieces, headers=_headers(form, prepared.counts), media_type=form.media_type)


def _whom(call: Call, connection: Connection, wanted: Any) -> walk.Whom:
    raw = Raw(connection)
    if wanted.ids:
        return walk.named(raw, wanted.ids)
    if wanted.search is not None:
        return walk.found_by(index_for(call.database.dialect), raw, wanted.search)
    may = call.actor.may("reports:read")
    if wanted.conditions is not None and may:
        conditions = [Condition.model_validate(condition.model_dump()) for condition in wanted.conditions]
        check_conditions(connection, call.actor, conditions)
        return walk.Whom(*where_all(connection, conditions, now(), walking=True))
    report = shelf.get(connection, REPORTS, call.actor, wanted.report_id) if may else None
    if report is None:
        raise not_found("report")
    return walk.Whom(*where_all(connection, report.conditions, now(), walking=True))


async def _pieces(
    database: Database, actor: Actor, bounds: Bounds, form: Form, prepared: _Prepared
) -> AsyncIterator[bytes]:
    """Give the export slice by slice, each read apart: who says no meanwhile is left out as well.

    Raises `Withdrawn` where the person behind it was signed out or may do less than before.
    """
    head = form.head(prepared.export)
    if head:
        yield head
    after: int | None = 0
    while after is not None:
        place = after

        def read(connection: Connection, place: int = place) -> tuple[bytes, int | None]:
            if not still_may(connection, actor, _PERMISSION):
                raise Withdrawn
            ids, last = walk.ids_after(Raw(connection), prepared.whom, bounds, place)
            return form.body(prepared.export, _shown(connection, actor, ids)), last

        body, after = await database.read_apart(read)
        if body:
            yield body


def _shown(connection: Connection, actor: Actor, ids: Sequence[str]) -> list[Mapping[str, Any]]:
    if not ids:
        return []
    chosen = [tables.customers.c.id.in_(ids)]
    found, _ = shelf.page(connection, CUSTOMERS, actor, shelf.NOBODYS, len(ids), None, chosen)
    return [customer.to_json() for customer in sorted(found, key=lambda customer: customer.number)]


def _hidden(actor: Actor, channel: str) -> frozenset[str]:
    if channel:
        return _STAFF_ONLY
    return frozenset() if actor.is_admin else _ADMIN_ONLY


def _refuse_columns(wanted: Any, hidden: frozenset[str]) -> None:
    """Refuse columns that are not there, and those that this person or this export may not have."""
    faults: list[Fault] = []
    for place, column in enumerate(wanted.columns):
        pointer = f"/columns/{place}"
        if not member_of(column):
            faults.append(Fault(pointer, "unknown_column", f"There is no column {column!r}."))
        elif member_of(column) in hidden and not wanted.channel:
            raise Refusal(403, f"Only admins may export {column}.")
        elif member_of(column) in hidden:
            sentence = f"{column} is for staff only: it is in no marketing export."
            faults.append(Fault(pointer, "staff_only", sentence))
        elif column in wanted.columns[:place]:
            faults.append(Fault(pointer, "repeated", f"{column} is there twice."))
    if faults:
        raise invalid(*faults)


def _what(connection: Connection, wanted: Any, hidden: frozenset[str]) -> Export:
    fields = tables.custom_fields.c
    order = (fields.position, fields.name_key)
    keys = list(connection.scalars(select(fields.key).where(~fields.archived).order_by(*order)))
    known = frozenset(connection.scalars(select(fields.key)))
    faults = [
        Fault(f"/columns/{place}", "unknown_column", f"There is no additional field {column!r}.")
        for place, column in enumerate(wanted.columns)
        if column.startswith(CUSTOM) and column.removeprefix(CUSTOM) not in known
    ]
    if faults:
        raise invalid(*faults)
    names: dict[str, str] = {}
    for collection in REFERENCES.values():
        table = tables.metadata.tables[collection]
        names |= {row.id: row.name for row in connection.execute(select(table.c.id, table.c.name))}
    columns = wanted.columns or columns_of(keys, hidden)
    return Export(columns=columns, chosen=bool(wanted.columns), hidden=hidden, names=names)


def _remember(call: Call, connection: Connection, wanted: Any, prepared: _Prepared) -> None:
    """Write who exported how many of what into the history of the business, without what was typed."""
    told = {
        "/format": wanted.format,
        "/channel": wanted.channel,
        "/count": prepared.counts.total,
        "/left_out": prepared.counts.left_out,
        "/columns": list(wanted.columns),
        "/ids": len(wanted.ids),
        "/report_id": wanted.report_id,
        "/conditions": len(wanted.conditions or ()),
    }
    changes = [{"field": field, "new": value} for field, value in told.items() if value]
    history.record(call.work(connection, {}), "customers.exported", changes=changes, version=0)


def _headers(form: Form, counts: walk.Counts) -> dict[str, str]:
    name = f"customers-{now():%Y-%m-%d}.{form.suffix}"
    return {
        "Content-Disposition": f'attachment; filename="{name}"',
        "X-Total-Count": str(counts.total),
        "X-Left-Out": str(counts.left_out),
        "X-Unreachable": str(counts.unreachable),
    }


_TOLD: Final = ("X-Total-Count", "X-Left-Out", "X-Unreachable")

EXPORTS: Final = (
    Operation(
        method="POST",
        path="/v1/customers/export",
        name="export_customers",
        tag="customers",
        summary="Export customers",
        description="A stream in the order of numbers, however many there are. `X-Total-Count` says before "
        "the first byte how many are coming; each is written as it is when its turn comes, and a stream that "
        "breaks off, as it does where whoever asked is signed out or may do less than before, ends without "
        "its last chunk. In CSV (UTF-8, CRLF, a line of column names) a cell that a "
        "spreadsheet would take for a formula begins with a quote. With `channel` it is a marketing export: "
        "without those who said no to marketing by that channel, whom no role, flag or filter brings back "
        "(`X-Left-Out` says how many), without those who have no address or number for it "
        "(`X-Unreachable`), and without what is for staff only. Who exported how many of what is written "
        "into the history. Where `q` fits more than 10,000 customers it is refused (409).",
        permission=_PERMISSION,
        handle=_export,
        answers={
            200: Shown(description="Everyone who is meant.", media_type="*/*", headers=_TOLD),
        },
        refusals=(400, 404, 409, 413, 415, 422),
        sent=Sent(
            model=_REQUEST,
            example={"format": "csv", "search": {"label": ["donor"]}, "columns": ["number", "email"]},
        ),
    ),
)
