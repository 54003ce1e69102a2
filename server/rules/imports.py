"""Imports: which columns a table may have, and what can be changed when."""

from typing import Any

from sqlalchemy import select

from client.models import Import
from client.models.flat import COLUMNS, CUSTOM
from server.problems import Fault, Refusal, invalid
from server.rules.work import Rules, Work
from server.store.tables import custom_fields


class ImportRules(Rules[Import]):
    """A table has columns that are known, each once, and says enough for a name."""

    def fill(self, work: Work, values: dict[str, Any], parent_id: str) -> None:
        """Name who imports it."""
        del parent_id
        values |= {"state": "receiving", "imported_by": work.actor.name}

    def check(self, work: Work, old: Import | None, new: Import, given: frozenset[str]) -> Import:
        """Refuse columns that cannot be imported, and changes of what is done."""
        if old is not None:
            if old.state == "done" and given:
                raise Refusal(409, "This import is done.", "done")
            return new
        keys = set(work.connection.scalars(select(custom_fields.c.key)))
        faults: list[Fault] = []
        for place, column in enumerate(new.columns):
            known = COLUMNS.get(column)
            own = column.startswith(CUSTOM) and column.removeprefix(CUSTOM) in keys
            if column and not own and (known is None or not known.taken):
                sentence = f"There is no column {column!r} that can be imported."
                faults.append(Fault(f"/columns/{place}", "unknown_column", sentence))
            elif column and column in new.columns[:place]:
                faults.append(Fault(f"/columns/{place}", "repeated", f"{column} is there twice."))
        if not any(new.columns):
            faults.append(Fault("/columns", "missing", "Say what at least one column is."))
        if faults:
            raise invalid(*faults)
        return new
