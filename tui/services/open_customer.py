"""One open customer: what the server has, what was typed, what can be undone. The one owner of all three."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from client.api import CustomerApi
from client.merge import merge
from client.models import Customer, CustomerDocument
from tui.forms.formats import Formats
from tui.forms.state import FormState
from tui.services.saving import Choose, Saved, save_merged

MOST_UNDOS = 20


@dataclass(frozen=True, slots=True)
class Undo:
    """A saved change that can be taken back."""

    before: dict[str, Any]
    after: dict[str, Any]


class OpenCustomer:
    """The state behind a profile screen. Nothing here knows of widgets."""

    def __init__(self, document: CustomerDocument, formats: Formats) -> None:
        self.document = document
        self.customer = _customer_of(document)
        self.form = FormState(Customer, self.customer.to_json(), formats)
        self.undos: list[Undo] = []

    @property
    def unsaved(self) -> int:
        """How many fields were changed and not saved."""
        return len(self.form.changed)

    def received(self, document: CustomerDocument) -> list[str]:
        """Take a newer state from the server; what was typed stays. Gives pointers that both changed."""
        theirs = _customer_of(document)
        merged = merge(_plain(self.form.base), _plain(self.form.value), _plain(theirs.to_json()))
        self.document, self.customer = document, theirs
        self.form.rebase(theirs.to_json())
        return [clash.pointer for clash in merged.clashes]

    async def save(self, api: CustomerApi, choose: Choose) -> Saved[Customer] | None:
        """Save what was typed. See `save_merged`; on success the form shows what the server made of it."""
        base, mine = self.form.base, self.form.value
        saved = await save_merged(api.customers, self.customer.id, base, mine, choose)
        if saved is not None:
            self._take(saved, sent=mine)
            self._remember(saved)
        return saved

    async def undo(self, api: CustomerApi, choose: Choose) -> Saved[Customer] | None:
        """Take the last saved change back; what others changed since stays or is asked about."""
        last = self.undos[-1]
        current = self.customer.to_json()
        merged = merge(_plain(last.after), _plain(last.before), _plain(current))
        mine = merged.value
        if merged.clashes:
            chosen = await choose(merged.clashes)
            if chosen is None:
                return None
            mine = merged.resolved(chosen)
        saved = await save_merged(api.customers, self.customer.id, current, mine, choose)
        if saved is not None:
            self._take(saved)
            self.undos.pop()
        return saved

    async def change(
        self, api: CustomerApi, values: Mapping[str, Any], choose: Choose
    ) -> Saved[Customer] | None:
        """Save these members at once, beside whatever else is typed and not yet saved."""
        current = self.customer.to_json()
        mine = {
            name: value for name, value in (current | dict(values)).items() if value not in (None, [], "")
        }
        saved = await save_merged(api.customers, self.customer.id, current, mine, choose)
        if saved is not None:
            self._take(saved)
            self._remember(saved)
        return saved

    def _take(self, saved: Saved[Customer], sent: Mapping[str, Any] | None = None) -> None:
        self.customer = saved.record
        self.form.rebase(saved.record.to_json(), sent)

    def _remember(self, saved: Saved[Customer]) -> None:
        self.undos = [*self.undos, Undo(saved.before, saved.record.to_json())][-MOST_UNDOS:]


def _customer_of(document: CustomerDocument) -> Customer:
    members = {name: getattr(document, name) for name in Customer.model_fields}
    return Customer.model_construct(_fields_set=document.model_fields_set & members.keys(), **members)


def _plain(record: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in record.items() if name not in ("version", "updated_at")}
