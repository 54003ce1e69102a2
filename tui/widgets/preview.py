"""The marked customer beside the list, on terminals with room for it."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from tui.forms.formats import Formats
from tui.text import wrap
from tui.widgets.customer_columns import flags
from tui.widgets.lines import Lines, Row, Span, edges, within

if TYPE_CHECKING:
    from client.models import Address, Customer, CustomerDocument, CustomerRow, PhoneNumber

_NOTES = 3
_NOTE_LINES = 4


class Preview(Lines):
    """What whoever answers the phone wants to know first: from the row at once, the rest when it comes."""

    DEFAULT_CSS = "Preview { width: 1fr; height: 1fr; padding: 0 0 0 2; }"

    def __init__(self) -> None:
        super().__init__()
        self._row: CustomerRow | None = None
        self._document: CustomerDocument | None = None
        self._formats = Formats()

    def show(self, row: "CustomerRow | None", document: "CustomerDocument | None", formats: Formats) -> None:
        """Show a customer of the list; `document` is None until it has been fetched."""
        self._row, self._document, self._formats = row, document, formats
        self.redraw()

    def build(self, width: int) -> Sequence[Row]:
        """Give the lines, the most wanted first."""
        room = width - 1
        row, document = self._row, self._document
        if row is None:
            return []
        lines = [
            *_texts(row.display_name or "No name", room, "title"),
            Row((Span(f"No. {row.number}   ", "muted"), *_apart(flags(row)))),
            Row(),
        ]
        if document is None:
            lines += self._known(row, room)
        else:
            lines += self._whole(document, room)
        return lines

    def _known(self, row: "CustomerRow", width: int) -> Iterator[Row]:
        if row.phone:
            yield Row((Span(self._formats.phone(row.phone)),))
        yield from _texts(row.email, width)
        yield from _texts(row.city, width)
        yield from _labelled(row.labels, width)

    def _whole(self, document: "CustomerDocument", width: int) -> Iterator[Row]:
        for phone in _primary_first(document.phones):
            yield self._phone(phone, width)
        for email in sorted(document.emails, key=lambda email: not email.is_primary):
            yield from _texts(email.address, width)
        for address in sorted(document.addresses, key=lambda address: not address.is_primary)[:1]:
            yield Row()
            yield from self._address(address, width)
        yield from _labelled(document.labels, width)
        yield from self._facts(document, width)
        yield from self._notes(document, width)

    def _phone(self, phone: "PhoneNumber", width: int) -> Row:
        number = self._formats.phone(phone.number) + (f" ext. {phone.extension}" if phone.extension else "")
        return edges([Span(number)], [Span(f" {phone.type}", "muted")], width)

    def _address(self, address: "Address", width: int) -> Iterator[Row]:
        town = " ".join(part for part in (address.postal_code, address.city) if part)
        country = self._formats.country_name(address.country) if address.country else ""
        for line in (address.line1, address.line2, town, address.region, country):
            yield from _texts(line, width)

    def _facts(self, customer: "Customer", width: int) -> Iterator[Row]:
        facts = [f"Changed {self._formats.ago(customer.updated_at)}"]
        if customer.born_on:
            facts.insert(
                0, f"Born {self._formats.day(customer.born_on)}, {self._formats.age(customer.born_on)}"
            )
        if customer.email_opt_out:
            facts.insert(0, "No e-mail")
        if customer.mail_opt_out:
            facts.insert(0, "No post")
        yield Row()
        for fact in facts:
            yield from _texts(fact, width, "muted")

    def _notes(self, document: "CustomerDocument", width: int) -> Iterator[Row]:
        for note in document.notes.items[:_NOTES] if document.notes else ():
            yield Row()
            star = "★ " if note.pinned else ""
            about = f"{star}{note.author or 'Note'}, {self._formats.ago(note.created_at)}"
            yield Row(within([Span(about, "label")], width))
            lines = wrap(note.body, width)
            for line in lines[:_NOTE_LINES]:
                yield Row((Span(line),))
            if len(lines) > _NOTE_LINES:
                yield Row((Span("…", "muted"),))


def _primary_first(phones: "Sequence[PhoneNumber]") -> "list[PhoneNumber]":
    return sorted(phones, key=lambda phone: not phone.is_primary)


def _texts(text: str, width: int, role: str = "text") -> list[Row]:
    return [Row((Span(line, role),)) for line in wrap(text, max(8, width))] if text else []


def _labelled(labels: Sequence[str], width: int) -> list[Row]:
    return [Row(), *_texts(", ".join(labels), width, "accent")] if labels else []


def _apart(spans: Sequence[Span]) -> list[Span]:
    return [part for span in spans for part in (span, Span("  "))]
