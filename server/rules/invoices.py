"""Invoices: their sums, their numbers, and that nothing about them changes once they are settled."""

from datetime import date, timedelta
from typing import Any, Final

from client.models import Invoice
from client.models.invoice import sums_of
from client.models.money import Money
from server.problems import Fault, Refusal, invalid
from server.rules.office import office_day
from server.rules.taxes import tax_for
from server.rules.work import Rules, Work
from server.store.counters import next_without_gaps

_USUAL_DAYS: Final = timedelta(days=14)
_MOST: Final = 10**15
"""In the smallest unit of the currency: sums of invoices must fit into what databases sum."""
_NOTHING: Final = Money(amount="0", currency="XTS")


class InvoiceRules(Rules[Invoice]):
    """The server adds up. An open invoice can change, any other cannot."""

    def fill(self, work: Work, values: dict[str, Any], parent_id: str) -> None:
        """Give the next number and the usual days. The sums follow from the lines."""
        values["number"] = next_without_gaps(work.connection, "invoice_number")
        values["issued_on"] = values.get("issued_on") or office_day(work.connection, work.now)
        values["due_on"] = values.get("due_on") or _later(values["issued_on"])
        values |= dict.fromkeys(("subtotal", "tax", "total"), _NOTHING)

    def check(self, work: Work, old: Invoice | None, new: Invoice, given: frozenset[str]) -> Invoice:
        """Add the lines up; refuse a change of what is settled (409) and what does not add up (422)."""
        if old is not None and old.state != "open" and new != old:
            raise settled(old)
        faults = _faults(new)
        if faults:
            raise invalid(*faults)
        if old is not None and old.lines == new.lines:
            return new
        day = new.issued_on or work.now.date()
        tax = tax_for(work.connection, work.customer_id, day)
        sums = sums_of(new.lines, tax.percent)
        if not 0 <= sums.total.minor <= _MOST:
            sentence = "The lines come to less than nothing." if sums.total.minor < 0 else "This is too much."
            raise invalid(Fault("/lines", "out_of_range", sentence))
        added_up = {name: getattr(sums, name) for name in ("subtotal", "tax", "total")}
        return new.model_copy(update={**added_up, "tax_name": tax.name, "tax_percent": tax.percent})

    def derived(self, new: Invoice) -> dict[str, Any]:
        """Keep the total in a form that databases can sum."""
        return {"currency": new.total.currency, "minor": new.total.minor}


def settled(invoice: Invoice) -> Refusal:
    """Give the refusal to change an invoice that is paid or void."""
    advice = (
        "Write an invoice with a negative line to give money back."
        if invoice.state == "paid"
        else "Write a new one instead."
    )
    sentence = f"Invoice {invoice.number} is {invoice.state} and stays as it is. {advice}"
    return Refusal(409, sentence, "invoice_settled")


def _later(day: date) -> date:
    return day + min(_USUAL_DAYS, date.max - day)


def _faults(invoice: Invoice) -> list[Fault]:
    if not invoice.lines:
        return [Fault("/lines", "missing", "An invoice needs at least one line.")]
    currency = invoice.lines[0].unit_price.currency
    faults = [
        Fault(f"/lines/{place}/unit_price", "mixed_currencies", f"The lines above are in {currency}.")
        for place, line in enumerate(invoice.lines)
        if line.unit_price.currency != currency
    ]
    if invoice.issued_on is None or invoice.due_on is None:
        faults.append(Fault("/due_on", "missing", "An invoice has a date, and a day by which it is due."))
    elif invoice.due_on < invoice.issued_on:
        faults.append(Fault("/due_on", "too_early", "It cannot be due before its own date."))
    return faults
