"""The Billing tab: what is owed, how it is paid and taxed, what was asked for, what was bought."""

from collections.abc import Hashable, Sequence
from typing import TYPE_CHECKING, Any

from client.models import CustomerTax, PaymentMethod
from client.models.customer_choices import BILLING_TYPES
from client.models.purchase import Spending
from tui.forms.page import Page
from tui.forms.part import FieldsPart
from tui.services.references import references_of
from tui.tabs.billing_actions import CollectCards, OpenPaymentPage
from tui.tabs.kinds_of_billing import PAYMENT_METHODS, PURCHASES, SUBSCRIPTIONS, TAX, invoices
from tui.tabs.records import Records
from tui.tabs.records_page import HiddenLists, page_of
from tui.tabs.records_part import RecordsPart, records_parts
from tui.tabs.spending import ChartPart, DebtPart
from tui.widgets.lines import Row, Span, within

if TYPE_CHECKING:
    from tui.forms.part import Part
    from tui.services.desk import Desk
    from tui.services.open_customer import OpenCustomer

_OF_NO_CARD = frozenset({OpenPaymentPage.name(), CollectCards.name()})


class BillingTypePart(FieldsPart):
    """The type of billing with its meaning beside it."""

    def rows(self, width: int, label_width: int) -> Sequence[Row]:
        """Give the field's row, what it means behind it."""
        first, *more = super().rows(width, label_width)
        meaning = BILLING_TYPES.get(self.state.get("billing_type"), "")
        told = [span for span in first.spans if span.text.strip() or span.role == "dirty"]
        return [Row(within([*told, Span(f"   {meaning}", "muted")], width), first.key), *more]


class PaymentMethodsPart(RecordsPart[PaymentMethod]):
    """Cards; none is added or charged where the server has no payment provider."""

    def __init__(self, desk: "Desk") -> None:
        super().__init__(PAYMENT_METHODS, desk)
        self._by_card = desk.has("payments")

    def can(self, command: str, item: Hashable) -> bool:
        """Offer the provider's page wherever the marker is, for it needs no card."""
        if command in _OF_NO_CARD:
            return self._by_card and self.rights.write and self.items is not None
        return super().can(command, item) and (self._by_card or command != "add")


class TaxPart(RecordsPart[CustomerTax]):
    """What is paid instead of the usual tax: one record at most, which came along with the customer."""

    def __init__(self, desk: "Desk", opened: "OpenCustomer") -> None:
        super().__init__(TAX, desk)
        self._opened = opened
        self._saved: CustomerTax | None = None

    @property
    def tax(self) -> CustomerTax | None:
        """The record as it was heard of last."""
        known = [tax for tax in (self._opened.document.tax, self._saved) if tax is not None]
        return max(known, key=lambda tax: tax.version, default=None)

    def rows(self, width: int, label_width: int) -> Sequence[Row]:
        """Give the record's row, or say that the usual tax is paid."""
        tax = self.tax
        self.items = [tax] if tax is not None else []
        if tax is None and self.unseen:
            return [self.awaited]
        if tax is None:
            spans = [Span(" The usual tax. ")]
            spans += (
                [Span("Press a to set another one, or an exemption.", "muted")] if self.rights.write else []
            )
            return [Row(within(spans, width), "")]
        return super().rows(width, label_width)

    def put(self, item: CustomerTax) -> None:
        """Take the record as it was saved."""
        self._saved = item
        super().put(item)

    def can(self, command: str, item: Hashable) -> bool:
        """Offer one record at most; it is emptied, not removed."""
        if command == "add":
            return self.rights.write and self.tax is None
        return command != "remove" and super().can(command, item)


def billing(opened: "OpenCustomer", desk: "Desk") -> Page:
    """Make the tab."""

    def told() -> Spending | None:
        return opened.document.spending

    parts: list[Part] = [DebtPart(told, desk.formats), BillingTypePart("", opened.form, ("billing_type",))]
    kinds: list[Records[Any]] = [invoices(by_card=desk.has("payments")), SUBSCRIPTIONS, PURCHASES]
    parts += records_parts(desk, PaymentMethodsPart(desk), *kinds, TaxPart(desk, opened))
    parts += [ChartPart(told, desk.formats), HiddenLists()]
    return page_of(*parts, references=references_of(desk, lambda: opened.customer))
