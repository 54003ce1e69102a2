"""One open customer: what the server has, what was typed, what can be undone. The one owner of all three."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from client.drafts import Draft
from client.merge import merge
from client.models import Customer, CustomerDocument, CustomerRow
from client.saving import Choose, Saved
from tui.forms.formats import Formats
from tui.forms.members import field_at, inner_fields
from tui.forms.state import FormState

if TYPE_CHECKING:
    from tui.services.desk import Desk

ALWAYS: Final = ("notes", "summary")
"""What comes along whenever a customer is fetched: the header and the overview show it."""
Save = Callable[[dict[str, Any], dict[str, Any], Choose, str], Awaitable["Saved[Customer] | None"]]
"""Saves what the second changes of the first; see `client.saving.save_merged`."""
MOST_UNDOS = 20
TOLD = "notify=customer"
"""The wish that a save is told to the customer by e-mail."""


@dataclass(frozen=True, slots=True)
class Undo:
    """A saved change that can be taken back."""

    before: dict[str, Any]
    after: dict[str, Any]


class OpenCustomer:
    """The state behind a profile screen. Nothing here knows of widgets."""

    def __init__(
        self,
        document: CustomerDocument,
        formats: Formats,
        draft: Draft | None = None,
        *,
        read_only: bool = False,
    ) -> None:
        """Take the customer as the server has it, and what was typed at an earlier visit and not saved."""
        self.document = document
        self.customer = customer_of(document)
        base = self.customer.to_json() if draft is None else draft.base
        self.form = FormState(Customer, base, formats, read_only=read_only)
        self.form.know(inner_fields(Customer, "extra_contact"))
        self.undos: list[Undo] = []
        self.tells = False
        """Whether the next save is told to the customer by e-mail."""
        self._edits: list[str] = []
        if draft is not None:
            # The form stands on the record that the typing began with: saving merges with what came since.
            self.form.from_draft(draft.patch)
            self._edits = list(self.form.changed)
            if not self.form.is_dirty:
                self.form.rebase(self.customer.to_json())

    @property
    def unsaved(self) -> int:
        """How many fields were changed and not saved."""
        return sum(self.form.dirty(name) for name in self.form.fields)

    def received(self, document: CustomerDocument) -> bool:
        """Take a newer state from the server; say whether the form shows it.

        What was typed stays on the record it began with, so that saving merges and asks about clashes.
        """
        self.document, self.customer = with_parts(document, self.document), customer_of(document)
        if self.form.is_dirty and self.form.base.get("version") != self.customer.version:
            return False
        self.form.rebase(self.customer.to_json())
        return True

    def learned(self, document: CustomerDocument) -> None:
        """Take parts that were asked for later; what is typed and shown of the customer stays as it is."""
        self.document = with_parts(document, self.document)

    def draft(self, key: str, title: str) -> Draft:
        """Give what is typed and not saved, to be kept on disk."""
        base = self.form.base
        return Draft(
            key=key, title=title, base_version=base["version"], base=base, patch=self.form.to_draft()
        )

    def note_edit(self, field: str) -> None:
        """Remember which field was edited last."""
        name, _ = field_at(self.form.fields, field)
        self._edits = [edited for edited in self._edits if edited != name]
        if self.form.dirty(name):
            self._edits.append(name)

    def drop_last_edit(self) -> str:
        """Bring back the saved value of the field that was edited last. Gives its name."""
        dirty = [name for name in self._edits if self.form.dirty(name)]
        name = dirty[-1] if dirty else next(name for name in self.form.fields if self.form.dirty(name))
        self.form.revert(name)
        self.note_edit(name)
        return name

    def replaced(self, customer: Customer) -> None:
        """Take the customer as an action left it."""
        self.customer = customer
        if not self.form.is_dirty:
            self.form.rebase(customer.to_json())

    def card(self) -> str:
        """Give name, number, phones, e-mails and address as lines to paste elsewhere."""
        customer, formats = self.customer, self.form.formats
        lines = [f"{customer.display_name} ({customer.number})"]
        lines += [formats.phone(phone.number) for phone in customer.phones]
        lines += [email.address for email in customer.emails]
        for address in customer.addresses:
            place = f"{address.postal_code} {address.city}".strip()
            lines.append(
                ", ".join(part for part in (address.line1, address.line2, place, address.country) if part)
            )
        return "\n".join(lines)

    async def save(self, save: Save, choose: Choose) -> Saved[Customer] | None:
        """Save what was typed. See `Save`; on success the form shows what the server made of it."""
        base, mine = self.form.base, self.form.value
        saved = await save(base, mine, choose, self._wish)
        if saved is not None:
            self._take(saved, sent=mine)
            self._remember(saved)
        return saved

    async def undo(self, save: Save, choose: Choose) -> Saved[Customer] | None:
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
        saved = await save(current, mine, choose, "")
        if saved is not None:
            self._take(saved)
            self.undos.pop()
        return saved

    async def change(self, save: Save, values: Mapping[str, Any], choose: Choose) -> Saved[Customer] | None:
        """Save these members at once, beside whatever else is typed and not yet saved."""
        current = self.customer.to_json()
        mine = {
            name: value for name, value in (current | dict(values)).items() if value not in (None, [], "")
        }
        saved = await save(current, mine, choose, self._wish)
        if saved is not None:
            self._take(saved)
            self._remember(saved)
        return saved

    @property
    def _wish(self) -> str:
        return TOLD if self.tells else ""

    def _take(self, saved: Saved[Customer], sent: Mapping[str, Any] | None = None) -> None:
        self.customer = saved.record
        self.form.rebase(saved.record.to_json(), sent)

    def _remember(self, saved: Saved[Customer]) -> None:
        self.undos = [*self.undos, Undo(saved.before, saved.record.to_json())][-MOST_UNDOS:]


def customer_of(document: CustomerDocument) -> Customer:
    """Give the customer without the parts that came along."""
    members = {name: getattr(document, name) for name in Customer.model_fields}
    return Customer.model_construct(_fields_set=document.model_fields_set & members.keys(), **members)


def always_along(desk: "Desk") -> tuple[str, ...]:
    """Name what comes along with every customer, where the server has it."""
    return tuple(name for name in ALWAYS if name == "summary" or desk.has(name))


@cache
def parts_of_document() -> frozenset[str]:
    """Name what can come along with a customer."""
    return frozenset(CustomerDocument.model_fields) - frozenset(Customer.model_fields)


def with_parts(document: CustomerDocument, before: CustomerDocument) -> CustomerDocument:
    """Give a document with the parts that came along earlier and were not asked for this time."""
    kept = {name: getattr(before, name) for name in parts_of_document() if getattr(document, name) is None}
    return document.model_copy(update=kept)


def _plain(record: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in record.items() if name not in ("version", "updated_at")}


def row_of(customer: Customer) -> CustomerRow:
    """Give what a list shows of a customer."""
    address = next((address for address in customer.addresses if address.is_primary), None)
    return CustomerRow(
        id=customer.id,
        version=customer.version,
        number=customer.number,
        display_name=customer.display_name,
        status=customer.status,
        access=customer.access,
        archived=customer.archived_at is not None,
        phone=next((phone.number for phone in customer.phones if phone.is_primary), ""),
        email=next((email.address for email in customer.emails if email.is_primary), ""),
        city=address.city if address else "",
        labels=customer.labels,
    )
