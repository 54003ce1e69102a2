"""Reference records have names, and no two of a kind the same one."""

from typing import Any, Generic, TypeVar

from sqlalchemy import Table, select

from client.fold import fold
from client.models import (
    Branch,
    CustomField,
    FormTemplate,
    Label,
    Location,
    OfferedService,
    Partner,
    Plan,
    TaxRate,
)
from server.problems import Fault, Refusal
from server.rules.work import Rules, Work
from server.store.tables import customers

N = TypeVar("N", CustomField, Label, Branch, Partner, Location, OfferedService, FormTemplate, TaxRate, Plan)

KEY_LENGTH = 400


def name_key(name: str) -> str:
    """Give the form in which names are compared: without regard to case, width and diacritics."""
    return " ".join(fold(name).split())[:KEY_LENGTH]


class NamedRules(Rules[N], Generic[N]):
    """Names are unique; what customers point to stays."""

    def __init__(self, table: Table, pointed_to_by: str = "") -> None:
        self.table = table
        self.pointed_to_by = pointed_to_by

    def check(self, work: Work, old: N | None, new: N, given: frozenset[str]) -> N:
        """Refuse a name that another one has, with 409."""
        key = name_key(new.name)
        if old is None or key != name_key(old.name):
            statement = select(self.table.c.id).where(self.table.c.name_key == key)
            if work.connection.execute(statement).first() is not None:
                sentence = f"There is already one named {new.name!r}."
                raise Refusal(409, sentence, "name_taken", [Fault("/name", "name_taken", sentence)])
        return new

    def check_removal(self, work: Work, old: N) -> None:
        """Refuse to remove what customers point to, with 409."""
        if not self.pointed_to_by:
            return
        column = customers.c[self.pointed_to_by]
        if (
            work.connection.execute(select(customers.c.id).where(column == old.id).limit(1)).first()
            is not None
        ):
            sentence = f"Customers still point to {old.name!r}. Give them another one first."
            raise Refusal(409, sentence, "in_use")

    def derived(self, new: N) -> dict[str, Any]:
        """Keep the name as it is compared."""
        return {"name_key": name_key(new.name)}
