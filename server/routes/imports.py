"""Imports: a table is sent in pieces, checked as a whole, and then becomes customers, all or none."""

import asyncio
from dataclasses import replace
from time import monotonic
from typing import Any, Final

from fastapi import Response
from pydantic_core import to_json
from sqlalchemy import Connection, insert, select, update

from client.models import Import, ImportFindings, ImportRows
from client.models.importing import (
    LONGEST_CELL,
    MOST_ROWS,
    MOST_ROWS_SENT,
    ImportFindingsQuery,
    ImportReceived,
)
from client.models.written import new_model
from server.importing import rows as row_reading
from server.importing.checking import check_some, require_checked
from server.problems import Fault, Refusal, invalid, not_found
from server.routes import shelf
from server.routes.answer import Answer
from server.routes.call import Call, query_of
from server.routes.collection import Collection
from server.routes.contract import id_parameter
from server.routes.operation import Operation, Sent, Shown
from server.rules.imports import ImportRules
from server.store.search import index_for
from server.store.tables import import_rows, imports

_ID: Final = "import_id"
_ROWS: Final = new_model(ImportRows)
_QUERY: Final = new_model(ImportFindingsQuery)
_PATIENCE: Final = 2.0
"""Seconds after which a check is answered with how far it has come."""
_WAIT: Final = 5.0
"""Seconds after which a run that goes on is answered with 202."""
_PAGE: Final = 100


async def _take_rows(call: Call) -> Response:
    sent: Any = call.read(_ROWS)
    _refuse_long(sent.rows)

    def take(connection: Connection) -> int:
        one = _locked(call, connection)
        if one.state == "done":
            raise Refusal(409, "This import is done.", "done")
        rows = sent.rows[max(0, one.received - sent.first) :]
        if sent.first > one.received:
            raise Refusal(409, f"The next row is {one.received}.", "other_rows_next")
        if one.received + len(rows) > MOST_ROWS:
            raise Refusal(409, f"An import has at most {MOST_ROWS:,} rows.", "too_many_rows")
        if rows:
            _add(connection, one, rows)
        return one.received + len(rows)

    received = await call.database.write(take)
    return Answer(200, {}, to_json(ImportReceived(received=received).to_json() or {"received": 0})).response()


def _refuse_long(rows: list[list[str]]) -> None:
    for place, row in enumerate(rows):
        for cell, text in enumerate(row):
            if len(text) > LONGEST_CELL:
                sentence = f"A cell has at most {LONGEST_CELL:,} characters."
                raise invalid(Fault(f"/rows/{place}/{cell}", "too_long", sentence))
            if "\0" in text:  # what no database keeps; other signs are findings of the check
                sentence = "A cell holds U+0000: this is no text."
                raise invalid(Fault(f"/rows/{place}/{cell}", "control_character", sentence))


def _add(connection: Connection, one: Import, rows: list[list[str]]) -> None:
    width = len(one.columns)
    connection.execute(
        insert(import_rows),
        [
            {"import_id": one.id, "row": one.received + place, "cells": cells[:width]}
            for place, cells in enumerate(rows)
        ],
    )
    _set(connection, one, received=one.received + len(rows))


async def _check(call: Call) -> Response:
    ends, index = monotonic() + _PATIENCE, index_for(call.database.dialect)
    known = await call.database.read(row_reading.known)

    def check(connection: Connection) -> tuple[Import, bool]:
        one = _locked(call, connection)
        if one.state == "done" or one.report.checked >= one.received:
            return one, True
        from server.routes.customers import CUSTOMERS

        report = check_some(call.work(connection, {}), index, CUSTOMERS.rules, one, known)
        return one.model_copy(update={"report": report}), report.checked >= one.received

    while True:
        one, ended = await call.database.write(check)
        if ended or monotonic() > ends:
            return _answered(200, one)


async def _findings(call: Call) -> Response:
    wanted: Any = query_of(call.request, _QUERY, frozenset())
    import_id = call.place(_ID, "import")

    def find(connection: Connection) -> dict[str, Any]:
        one = shelf.get(connection, IMPORTS, call.actor, import_id)
        if one is None:
            raise not_found("import")
        kept = import_rows.c
        after = wanted.after - one.first_row
        rows = connection.execute(
            select(kept.row, kept.findings, kept.customer_id)
            .where(kept.import_id == import_id, kept.about == wanted.about, kept.row > after)
            .order_by(kept.row)
            .limit(_PAGE + 1)
        ).all()
        names = _names(connection, [row.customer_id for row in rows if row.customer_id])
        items = [
            {"row": row.row + one.first_row, "about": wanted.about, **finding}
            for row in rows[:_PAGE]
            for finding in (row.findings or [{"sentence": names.get(row.customer_id, "")}])
        ]
        more = {"next_row": rows[_PAGE - 1].row + one.first_row} if len(rows) > _PAGE else {}
        return {"items": items, **more}

    return Answer(200, {}, to_json(await call.database.read(find))).response()


def _names(connection: Connection, ids: list[str]) -> dict[str, str]:
    from server.store.tables import customers

    wanted = select(customers.c.id, customers.c.number, customers.c.display_name)
    rows = connection.execute(wanted.where(customers.c.id.in_(ids))).all() if ids else []
    return {row.id: f"Likely {row.number} {row.display_name}." for row in rows}


async def _run(call: Call) -> Response:
    """Run an import, or wait a while for a run that goes on: all of it is written at once."""
    import_id = call.place(_ID, "import")
    running: dict[str, asyncio.Task[Import]] = call.request.app.state.__dict__.setdefault("_imports", {})
    task = running.get(import_id)
    if task is None:
        one = await call.database.read(lambda connection: _one(call, connection))
        if one.state == "done":
            return _answered(200, one)
        require_checked(one)
        task = running[import_id] = asyncio.create_task(call.database.write(_all_of(call)))
        task.add_done_callback(lambda done: _ended(running, import_id, done))
    done, _ = await asyncio.wait({task}, timeout=_WAIT)
    if not done:
        return _answered(202, await call.database.read(lambda connection: _one(call, connection)))
    return _answered(200, task.result())


def _ended(running: dict[str, asyncio.Task[Import]], import_id: str, task: asyncio.Task[Import]) -> None:
    running.pop(import_id, None)
    if not task.cancelled():
        task.exception()  # Where nobody waits any more, whoever asks again hears of it.


def _all_of(call: Call) -> Any:
    from server.importing.running import finish, run

    index = index_for(call.database.dialect)

    def work(connection: Connection) -> Import:
        one = _locked(call, connection)
        if one.state == "done":
            return one
        rank = connection.scalar(select(imports.c.rank).where(imports.c.id == one.id)) or 0
        doing = replace(call.work(connection, {}), notify=False)
        report = run(doing, index, one, rank)
        finish(doing, one, report)
        return _one(call, connection)

    return work


def _one(call: Call, connection: Connection) -> Import:
    one = shelf.get(connection, IMPORTS, call.actor, call.place(_ID, "import"))
    if one is None:
        raise not_found("import")
    return one


def _locked(call: Call, connection: Connection) -> Import:
    one = shelf.lock(connection, IMPORTS, call.actor, call.place(_ID, "import"))
    if one is None:
        raise not_found("import")
    return one


def _set(connection: Connection, one: Import, **values: Any) -> None:
    connection.execute(update(imports).where(imports.c.id == one.id).values(**values))


def _answered(status: int, one: Import) -> Response:
    return Answer(status, {}, to_json(one.to_json())).response()


_PLACE: Final = (id_parameter(_ID, "import"),)
_AT: Final = "/v1/imports/{import_id}"

IMPORTS: Final = Collection(
    model=Import,
    table=imports,
    path="imports",
    singular="import",
    about="Tables of customers on their way in. One is made with its columns, then its rows are sent in "
    "pieces, then it is checked, and then it is run: everything in one transaction, or nothing. One that is "
    "not finished is forgotten after a week.",
    rules=ImportRules(),
    unversioned=True,
    operations=(
        Operation(
            method="POST",
            path=f"{_AT}/rows",
            name="send_import_rows",
            tag="imports",
            summary="Send the next rows of an import",
            description=f"At most {MOST_ROWS_SENT:,}. Rows that have come already are passed over, so that a "
            "piece whose answer was lost can be sent again; a piece that leaves some out is refused (409).",
            permission="imports:write",
            handle=_take_rows,
            answers={200: Shown(description="Kept.", model=ImportReceived)},
            refusals=(400, 404, 409, 413, 415, 422),
            parameters=_PLACE,
            sent=Sent(model=_ROWS, example={"first": 0, "rows": [["A-17", "Joanna", "+442079460958", ""]]}),
        ),
        Operation(
            method="POST",
            path=f"{_AT}/check",
            name="check_import",
            tag="imports",
            summary="Look at the rows of an import",
            description="Nothing is written but what was found. It goes on for some two seconds: send it "
            "again until `report.checked` is `received`. What was found about single rows is at `findings`.",
            permission="imports:write",
            handle=_check,
            answers={200: Shown(description="How far it has come.", model=Import)},
            refusals=(404, 409, 413),
            parameters=_PLACE,
        ),
        Operation(
            method="GET",
            path=f"{_AT}/findings",
            name="list_import_findings",
            tag="imports",
            summary="What was found about the rows",
            description="Some 100 at a time, in the order of rows.",
            permission="imports:read",
            handle=_findings,
            answers={200: Shown(description="What was found.", model=ImportFindings)},
            refusals=(404, 422),
            parameters=_PLACE,
            query=_QUERY,
        ),
        Operation(
            method="POST",
            path=f"{_AT}/run",
            name="run_import",
            tag="imports",
            summary="Import what was checked",
            description="Everything in one transaction with its history, or nothing. A large one goes on "
            "behind: 202, and sent again it waits on. Once it is done it is done: sent again it changes "
            "nothing. Who came or changed since the check is looked at once more.",
            permission="imports:write",
            handle=_run,
            answers={
                200: Shown(description="Done.", model=Import),
                202: Shown(description="It goes on. Send it again to wait.", model=Import),
            },
            refusals=(404, 409, 413),
            parameters=_PLACE,
        ),
    ),
    example={"name": "customers.csv", "columns": ["external_id", "given_name", "phone", ""]},
    given={"state": "receiving", "imported_by": "Ada Admin"},
)
