"""Purchases: those of invoices stay as they are; spending is summed by month."""

from typing import Any

from client.models import Purchase
from server.problems import Refusal
from server.rules.office import office_day
from server.rules.work import Rules, Work


class PurchaseRules(Rules[Purchase]):
    """What was paid with an invoice changes with nothing but it."""

    def fill(self, work: Work, values: dict[str, Any], parent_id: str) -> None:
        """Date it today where nothing is said."""
        values["bought_on"] = values.get("bought_on") or office_day(work.connection, work.now)

    def check(self, work: Work, old: Purchase | None, new: Purchase, given: frozenset[str]) -> Purchase:
        """Refuse a change of what was paid with an invoice, with 409."""
        if old is not None and old.invoice_id is not None and new != old:
            raise _of_invoice()
        return new if new.bought_on else new.model_copy(update={"bought_on": work.now.date()})

    def check_removal(self, work: Work, old: Purchase) -> None:
        """Refuse to remove what was paid with an invoice, with 409."""
        if old.invoice_id is not None:
            raise _of_invoice()

    def derived(self, new: Purchase) -> dict[str, Any]:
        """Keep month and amount in forms that databases can sum."""
        day = new.bought_on
        return {
            "month": day.year * 12 + day.month - 1 if day else 0,
            "currency": new.amount.currency,
            "minor": new.amount.minor,
        }


def _of_invoice() -> Refusal:
    sentence = "This was paid with an invoice and stays as the invoice says."
    return Refusal(409, sentence, "of_invoice")
