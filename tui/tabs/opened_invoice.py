"""One invoice on a screen of its own: its facts, its lines, and what they come to."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from client.models import Invoice
from tui.forms.exacts import shown_exact
from tui.forms.formats import Formats
from tui.forms.part import Part
from tui.tabs.records import Records
from tui.tabs.records_part import RecordFacts
from tui.text import wrap
from tui.widgets.lines import Row, Span, edges

if TYPE_CHECKING:
    from tui.screens.records import RecordsHost


def opened_invoice(invoice: Invoice, records: Records[Invoice], host: "RecordsHost") -> Sequence[Part]:
    """Give the parts of the screen."""
    desk = host.keeptabs.desk
    of_state = {"paid": ("paid_on", "paid_by"), "void": ("void_reason",)}
    names = ("state", "issued_on", "due_on", *of_state.get(invoice.state, ()))
    names += ("note",) if invoice.note else ()
    facts = RecordFacts(records, invoice, desk, names)
    return [facts, InvoiceLinesPart(invoice, desk.formats)]


class InvoiceLinesPart(Part):
    """The lines with their amounts, then subtotal, tax and total, each at the right edge."""

    heading = "Lines"

    def __init__(self, invoice: Invoice, formats: Formats) -> None:
        self._invoice = invoice
        self._formats = formats

    def rows(self, width: int, label_width: int) -> Sequence[Row]:
        """Give a row for each line, further ones for a long description, and the sums."""
        del label_width
        invoice, formats = self._invoice, self._formats
        rows: list[Row] = []
        for line in invoice.lines:
            price = formats.money(line.unit_price.amount, line.unit_price.currency)
            counted = f"{shown_exact(line.quantity, formats.numbers)} x {price}"
            amount = formats.money(line.amount.amount, line.amount.currency)
            first, *more = wrap(line.description, max(10, width - 34)) or [""]
            right = [Span(f"{counted}  ", "muted"), Span(f"{amount:>12}")]
            rows.append(Row(edges([Span(f" {first}")], right, width).spans))
            rows += [Row((Span(f"   {text}"),)) for text in more]
        rate = f"{shown_exact(invoice.tax_percent, formats.numbers)} %" if invoice.tax_percent != "0" else ""
        name = invoice.tax_name or "No tax"
        said = rate.replace(" ", "") in name.replace(" ", "")
        tax = name if said else f"{name} · {rate}"
        sums = (("Without tax", invoice.subtotal, "text"), (tax, invoice.tax, "text"))
        for name, amount_of, role in (*sums, ("Total", invoice.total, "title")):
            text = formats.money(amount_of.amount, amount_of.currency)
            rows.append(Row(edges([Span(f" {name}", "label")], [Span(text, role)], width).spans))
        if invoice.due_on is not None and invoice.overdue_on(formats.today()):
            days = (formats.today() - invoice.due_on).days
            told = f" by {days} day{'' if days == 1 else 's'}"
            rows.append(Row((Span(" OVERDUE", "bad"), Span(told))))
        return rows
