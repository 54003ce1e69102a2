"""How a customer pays, is taxed and is billed: each kind of record in a few lines."""

from datetime import date
from functools import cache
from typing import Final

from client.models import (
    CustomerTax,
    Invoice,
    InvoicePayment,
    InvoiceVoiding,
    PaymentMethod,
    Purchase,
    Subscription,
)
from tui.tabs.billing_actions import (
    ChargeCard,
    CollectCards,
    EndSubscription,
    MakeDefault,
    MakeVoid,
    MarkPaid,
    OpenPaymentPage,
    PauseSubscription,
    ResumeSubscription,
    ask_before_charge,
    ask_before_end,
    ask_before_void,
    charge,
    collect,
    paid_today,
    show_page,
)
from tui.tabs.billing_rows import invoice_rows, method_rows, purchase_rows, subscription_rows, tax_rows
from tui.tabs.records import RecordAction, Records

PAYMENT_METHODS: Final = Records(
    one="payment method",
    title="Payment methods",
    model=PaymentMethod,
    permission="payment-methods",
    collection=lambda api, customer_id: api.payment_methods(customer_id),
    waits=False,
    rows=method_rows,
    fields=("token",),
    editable=lambda _: False,
    order=lambda method: (not method.is_default, method.created_at, method.id),
    name=lambda method: method.words,
    removal="The payment provider forgets it too, and it can be charged no more.",
    removal_word=lambda method: method.last4,
    empty="No payment methods.",
    actions=(
        RecordAction(
            command=MakeDefault,
            name="make-default",
            applies=lambda method: not method.is_default,
            done="This card is charged from now on.",
        ),
        RecordAction(command=OpenPaymentPage, name="", run=show_page, doing="Asking the provider…"),
        RecordAction(command=CollectCards, name="", run=collect, doing="Asking the provider…"),
    ),
)

PURCHASES: Final = Records(
    one="purchase",
    title="Purchases",
    model=Purchase,
    permission="purchases",
    collection=lambda api, customer_id: api.purchases(customer_id),
    rows=purchase_rows,
    fields=("what", "amount", "bought_on"),
    editable=lambda purchase: purchase.invoice_id is None,
    removable=lambda purchase: purchase.invoice_id is None,
    order=lambda purchase: (-(purchase.bought_on or date.min).toordinal(), purchase.id),
    name=lambda purchase: purchase.what,
    hidden_when_empty=True,
)

_ORDER: Final = {"active": 0, "paused": 1, "cancelled": 2, "ended": 3}

SUBSCRIPTIONS: Final = Records(
    one="subscription",
    title="Subscriptions",
    model=Subscription,
    permission="subscriptions",
    collection=lambda api, customer_id: api.subscriptions(customer_id),
    rows=subscription_rows,
    fields=("product", "price", "every", "started_on", "next_renewal_on"),
    editable=lambda subscription: subscription.state in ("active", "paused"),
    order=lambda subscription: (_ORDER.get(subscription.state, 9), subscription.product.casefold()),
    name=lambda subscription: subscription.product,
    hidden_when_empty=True,
    actions=(
        RecordAction(
            command=PauseSubscription,
            name="pause",
            applies=lambda subscription: subscription.state == "active",
            done="Paused: it renews no more.",
            undo=lambda _: ("resume", None),
        ),
        RecordAction(
            command=ResumeSubscription,
            name="resume",
            applies=lambda subscription: subscription.state == "paused",
            done="It renews again.",
            undo=lambda _: ("pause", None),
        ),
        RecordAction(
            command=EndSubscription,
            name="cancel",
            applies=lambda subscription: subscription.state in ("active", "paused"),
            done="Cancelled.",
            question=ask_before_end,
        ),
    ),
)
TAX: Final = Records(
    one="sales tax",
    title="Sales tax",
    model=CustomerTax,
    permission="tax",
    collection=lambda api, customer_id: api.tax(customer_id),
    waits=False,
    rows=tax_rows,
    fields=("rate_id", "exempt", "reason", "certificate_number", "valid_until"),
    order=lambda tax: tax.id,
    name=lambda _: "the sales tax",
)


@cache
def invoices(*, by_card: bool) -> Records[Invoice]:
    """Give the invoices; `by_card` where the server can charge cards."""
    from tui.tabs.opened_invoice import opened_invoice

    paid: RecordAction[Invoice] = RecordAction(
        command=MarkPaid,
        name="mark-paid",
        applies=lambda invoice: invoice.state == "open",
        body=InvoicePayment,
        starts_with=paid_today,
        done="Paid.",
    )
    void: RecordAction[Invoice] = RecordAction(
        command=MakeVoid,
        name="void",
        applies=lambda invoice: invoice.state == "open",
        body=InvoiceVoiding,
        question=ask_before_void,
        done="Void.",
    )
    by_provider: RecordAction[Invoice] = RecordAction(
        command=ChargeCard,
        name="charge",
        applies=lambda invoice: invoice.state == "open",
        question=ask_before_charge,
        run=charge,
        doing="Charging the card…",
        done="The card was charged; the invoice is paid.",
    )
    return Records(
        one="invoice",
        title="Invoices",
        model=Invoice,
        permission="invoices",
        collection=lambda api, customer_id: api.invoices(customer_id),
        rows=invoice_rows,
        fields=("issued_on", "due_on", "lines", "note"),
        editable=lambda invoice: invoice.state == "open",
        removable=lambda _: False,
        order=lambda invoice: -invoice.number,
        name=lambda invoice: f"invoice {invoice.number}",
        empty="No invoices.",
        actions=(paid, void, by_provider) if by_card else (paid, void),
        opens=lambda invoice, host: opened_invoice(invoice, invoices(by_card=by_card), host),
    )
