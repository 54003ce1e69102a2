"""Looking at the rows of an import, some at a time: what is wrong, who is there, what comes twice."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import bindparam, insert, select, update

from client.models import Import
from client.models.importing import ImportReport
from server.importing.rows import Known, Read, read
from server.importing.same import Marks, find, marks_of
from server.problems import Refusal
from server.rules.work import Work
from server.store.search.raw import Raw
from server.store.tables import customers, import_keys, import_rows, imports

if TYPE_CHECKING:
    from server.store.search.base import SearchIndex

SLICE: Final = 500
"""Rows of one transaction: others write in between."""


def check_some(work: Work, index: "SearchIndex", rules: Any, one: Import, known: Known) -> ImportReport:
    """Look at the next rows of an import and give what is known then. Call it until all are checked."""
    connection, report = work.connection, one.report
    wanted = import_rows.c
    rows = connection.execute(
        select(wanted.row, wanted.cells)
        .where(wanted.import_id == one.id, wanted.row >= report.checked)
        .order_by(wanted.row)
        .limit(SLICE)
    ).all()
    if not rows:
        return report
    if report.checked == 0:
        # Who is changed after this is looked at once more when the import is run.
        newest = connection.scalar(select(customers.c.rank).order_by(customers.c.rank.desc()).limit(1)) or 0
        connection.execute(update(imports).where(imports.c.id == one.id).values(rank=newest))
    found = [
        read(work, rules, one.columns, row.cells, known) if any(map(str.strip, row.cells)) else None
        for row in rows
    ]
    report = _keep(work, index, one, [row.row for row in rows], found)
    connection.execute(update(imports).where(imports.c.id == one.id).values(report=report.to_json()))
    return report


def _keep(
    work: Work, index: "SearchIndex", one: Import, places: Sequence[int], found: Sequence[Read | None]
) -> ImportReport:
    """Write down what was found out about some rows."""
    fit = [place for place, one_read in enumerate(found) if one_read is not None and one_read.record]
    marks = [marks_of(found[place].record or {}) for place in fit]  # type: ignore[union-attr]
    there = dict(zip(fit, find(index, Raw(work.connection), marks), strict=True))
    earlier = _earlier(work, one.id, [places[place] for place in fit], marks)
    report = one.report.model_copy(update={"checked": places[-1] + 1})
    written: list[dict[str, Any]] = []
    counts = {"empty": 0, "faulty": 0, "existing": 0, "repeated": 0}
    for place, one_read in enumerate(found):
        values: dict[str, Any] = {"outcome": "empty", "about": "", "findings": [], "record": None}
        values |= {"import_id": one.id, "row": places[place], "customer_id": ""}
        if one_read is None:
            counts["empty"] += 1
        elif one_read.record is None:
            counts["faulty"] += 1
            told = [{"column": f.column, "code": f.code, "sentence": f.sentence} for f in one_read.faults]
            values |= {"outcome": "faulty", "about": "fault", "findings": told}
        else:
            values |= {"outcome": "fit", "record": one_read.record}
            if there[place]:
                counts["existing"] += 1
                values |= {"about": "existing", "customer_id": there[place]}
            elif places[place] in earlier:
                counts["repeated"] += 1
                row = earlier[places[place]] + one.first_row
                values |= {"about": "repeated", "findings": [{"sentence": f"Likely the same as row {row}."}]}
        written.append({f"b_{name}": value for name, value in values.items()})
    _update(work, written)
    return report.model_copy(update={name: getattr(report, name) + count for name, count in counts.items()})


def _update(work: Work, written: Sequence[Mapping[str, Any]]) -> None:
    rows = import_rows.c
    names = ("outcome", "about", "findings", "record", "customer_id")
    statement = (
        update(import_rows)
        .where(rows.import_id == bindparam("b_import_id"), rows.row == bindparam("b_row"))
        .values({name: bindparam(f"b_{name}") for name in names})
    )
    work.connection.execute(statement, list(written))


def _earlier(work: Work, import_id: str, rows: Sequence[int], marks: Sequence[Marks]) -> dict[int, int]:
    """Give for each row that is likely an earlier one again that one; keep what it is known by."""
    keys = {row: found.keys for row, found in zip(rows, marks, strict=True)}
    kept, wanted = import_keys.c, {key for found in keys.values() for key in found}
    known: dict[str, int] = {}
    listed = sorted(wanted)
    for start in range(0, len(listed), 500):
        statement = select(kept.key, kept.row).where(
            kept.import_id == import_id, kept.key.in_(listed[start : start + 500])
        )
        known |= {row.key: row.row for row in work.connection.execute(statement)}
    earlier: dict[int, int] = {}
    new: dict[str, int] = {}
    for row, found in keys.items():
        before = [first for key in found if (first := known.get(key, new.get(key))) is not None]
        if before:
            earlier[row] = min(before)
        for key in found:
            if key not in known:
                new.setdefault(key, row)
    if new:
        work.connection.execute(
            insert(import_keys),
            [{"import_id": import_id, "key": key, "row": row} for key, row in new.items()],
        )
    return earlier


def require_checked(one: Import) -> None:
    """Raise 409 where not every row was looked at, or some cannot be imported and none may be left out."""
    if one.report.checked < one.received or not one.received:
        raise Refusal(409, "Not all rows have been checked yet.", "not_checked")
    if one.report.faulty and one.faulty == "refuse":
        sentence = f"{one.report.faulty:,} rows cannot be imported. Correct them, or let them be left out."
        raise Refusal(409, sentence, "has_faults")
