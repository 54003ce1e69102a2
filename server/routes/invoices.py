"""Invoices: written, paid by hand or by card, made void."""

from collections.abc import Mapping
from typing import Any, Final

from fastapi import Response

from client.models import Invoice, InvoiceCharge, InvoicePayment, InvoiceVoiding
from client.models.written import new_model
from server.payments.charging import Charge, Intent, refuse_while_charged
from server.routes import making, shelf
from server.routes.call import Call
from server.routes.charging import charge_record
from server.routes.collection import CUSTOMER, Action, Collection
from server.routes.contract import id_parameter
from server.routes.erasure import without
from server.routes.operation import Operation, Sent, Shown
from server.routes.purchases import PURCHASES
from server.rules.invoices import InvoiceRules, settled
from server.rules.office import office_day
from server.rules.work import Work
from server.store.tables import invoices

_CHARGE: Final = new_model(InvoiceCharge)
SUBJECT: Final = "invoice"
"""What charges call an invoice."""


def _mark_paid(work: Work, invoice: Invoice, payment: Any) -> Mapping[str, Any]:
    if invoice.state == "paid":
        return {}
    refuse_while_charged(work, invoice.id)
    return _paid(work, invoice, {"paid_on": payment.paid_on, "paid_by": payment.paid_by})


def _void(work: Work, invoice: Invoice, voiding: Any) -> Mapping[str, Any]:
    if invoice.state == "void":
        return {}
    refuse_while_charged(work, invoice.id)
    return {"state": "void", "void_reason": voiding.reason}


def _paid(work: Work, invoice: Invoice, members: Mapping[str, Any]) -> Mapping[str, Any]:
    """Write down what was bought with an invoice, and give what makes the invoice a paid one."""
    if invoice.state != "open":
        raise settled(invoice)
    more = len(invoice.lines) - 1
    what = invoice.lines[0].description + (f" and {more} more" if more else "")
    bought = {"what": what[:200], "amount": invoice.total, "bought_on": members["paid_on"]}
    making.make(work, PURCHASES, bought | {"invoice_id": invoice.id})
    return {"state": "paid", **members}


async def _charge(call: Call) -> Response:
    """Charge a card for an open invoice, which is paid then."""
    body: Any = call.read(_CHARGE)

    def intent(work: Work, invoice: Invoice) -> Intent:
        if invoice.state != "open":
            raise settled(invoice)
        return Intent(
            subject=SUBJECT,
            subject_id=invoice.id,
            customer_id=work.customer_id,
            money=invoice.total,
            payment_method_id=body.payment_method_id or "",
        )

    return await charge_record(call, INVOICES, intent)


def settle(work: Work, charge: Charge) -> None:
    """Make an invoice a paid one when its charge has succeeded; the history tells of one that failed."""
    owners = {CUSTOMER: charge.customer_id}
    invoice = shelf.lock(work.connection, INVOICES, work.actor, charge.subject_id, owners)
    if invoice is not None and charge.succeeded and invoice.state == "open":
        members = {"paid_on": office_day(work.connection, work.now), "paid_by": "card"}
        making.change(work, INVOICES, invoice, _paid(work, invoice, members), "paid")


_LINE: Final = {
    "description": "Window cleaning",
    "quantity": "2",
    "unit_price": {"amount": "40.00", "currency": "EUR"},
}

INVOICES: Final = Collection(
    model=Invoice,
    table=invoices,
    path="invoices",
    singular="invoice",
    erasure=without("note", "void_reason"),
    about="What a customer is asked to pay. The server numbers them in sequence and adds up: each line is "
    "rounded half up to the smallest unit of the currency, then the tax on their sum, by the customer's own "
    "rate or exemption, else by the usual rate of the primary address. All lines have one currency (422). An "
    "invoice is never removed; once it is paid or void it never changes (409).",
    rules=InvoiceRules(),
    of_customer=True,
    verbs=frozenset({"list", "get", "create", "patch"}),
    actions=(
        Action(
            name="mark-paid",
            summary="Say that an invoice was paid",
            description="It becomes a purchase of that day.",
            event="paid",
            sent=InvoicePayment,
            example={"paid_on": "2026-03-09", "paid_by": "transfer"},
            change=_mark_paid,
        ),
        Action(
            name="void",
            summary="Say that an invoice need not be paid",
            description="It keeps its number and its lines.",
            event="voided",
            sent=InvoiceVoiding,
            example={"reason": "Written twice"},
            change=_void,
        ),
    ),
    operations=(
        Operation(
            method="POST",
            path=f"/v1/customers/{{{CUSTOMER}}}/invoices/{{invoice_id}}/charge",
            name="charge_invoice",
            tag="invoices",
            summary="Charge a card for an invoice",
            description="The payment provider is asked for the total, once for each `Idempotency-Key`, and "
            "the invoice is paid then. A card that is declined: 409 "
            "(`payment_declined`). A provider that does not say what it did: 503 (`payment_unknown`); the "
            "server asks it again by itself. Without a provider: 409 (`payments_not_configured`). "
            "`If-Match` is honoured.",
            permission="invoices:write",
            handle=_charge,
            answers={
                200: Shown(description="Paid.", model=Invoice, headers=("ETag", "Cache-Control")),
            },
            refusals=(400, 404, 409, 412, 413, 415, 422),
            parameters=(id_parameter(CUSTOMER, "customer"), id_parameter("invoice_id", "invoice")),
            sent=Sent(model=_CHARGE, example={}),
        ),
    ),
    new_schema={"required": ["lines"], "properties": {"lines": {"minItems": 1}}},
    patch_schema={"properties": {"lines": {"minItems": 1}}},
    example={"lines": [_LINE], "due_on": "2026-03-16"},
    given={
        "number": 2041,
        "issued_on": "2026-03-02",
        "subtotal": {"amount": "80.00", "currency": "EUR"},
        "tax_name": "VAT 20 %",
        "tax_percent": "20",
        "tax": {"amount": "16.00", "currency": "EUR"},
        "total": {"amount": "96.00", "currency": "EUR"},
    },
)
