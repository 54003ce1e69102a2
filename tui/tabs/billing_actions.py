"""What can be done to invoices, cards and subscriptions, and what is asked before."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

from client.errors import Conflict
from client.models import Invoice, PaymentMethod, Subscription
from tui.commands import Command
from tui.screens.plain import PlainScreen
from tui.tabs.billing_rows import amount_text
from tui.tabs.records import Question

if TYPE_CHECKING:
    from tui.screens.records import RecordsHost


class MarkPaid(Command):
    """Say that the marked invoice was paid."""

    keys = "k"
    footer = "paid"


class MakeVoid(Command):
    """Say that the marked invoice need not be paid."""

    keys = "v"
    footer = "void"


class ChargeCard(Command):
    """Charge the customer's default card for the marked invoice."""

    keys = "c"
    footer = "charge"


class MakeDefault(Command):
    """Make the marked card the one that is charged."""

    keys = "f"
    footer = "default"


class OpenPaymentPage(Command):
    """Get a link to the payment provider's page, where the customer types a card."""

    keys = "i"
    footer = "card link"


class CollectCards(Command):
    """Fetch the cards that were typed on the payment provider's page."""

    keys = "g"
    footer = "get cards"


class PauseSubscription(Command):
    """Pause the marked subscription."""

    keys = "z"
    footer = "pause"


class ResumeSubscription(Command):
    """Resume the marked subscription."""

    keys = "Z"
    footer = "resume"


class EndSubscription(Command):
    """Cancel the marked subscription."""

    keys = "E"
    footer = "cancel"


DECLINED: Final = "payment_declined"
"""The code of the refusal after the provider declined a card."""


async def ask_before_charge(host: "RecordsHost", invoice: Invoice) -> Question | None:
    """Say which card would be charged; nothing where there is none."""
    api = host.keeptabs.desk.api
    methods = [method async for method in api.payment_methods(host.customer_id).each()]
    card = next((method for method in methods if method.is_default), None)
    if card is None:
        host.say("This customer has no card. Add one to the payment methods first.", "warn")
        return None
    amount = amount_text(invoice.total, host.keeptabs.desk.formats)
    sentences = [
        f"This charges {amount} for invoice {invoice.number} to {card.words}, and marks the invoice paid.",
        "Nothing is taken where the card is declined. Only the payment provider can give money back.",
    ]
    return Question(f"Charge {amount}?", sentences, str(invoice.number))


async def charge(host: "RecordsHost", invoice: Invoice) -> Invoice:
    """Have the default card charged."""
    invoices = host.keeptabs.desk.api.invoices(host.customer_id)
    try:
        # One key for however often the link makes us send it: the card is charged once.
        return (await invoices.charge(invoice.id, idempotency_key=uuid4().hex)).value
    except Conflict as refused:
        if refused.code != DECLINED:
            raise
        # Not that nothing was changed: the attempt is in the history.
        host.say(refused.failed, "bad")
        return invoice


async def ask_before_void(host: "RecordsHost", invoice: Invoice) -> Question:
    """Say what making an invoice void means."""
    del host
    sentences = [
        f"Invoice {invoice.number} then need not be paid any more, and never changes again.",
        "It keeps its number and its lines. Nothing that was paid is given back.",
    ]
    return Question(f"Make invoice {invoice.number} void?", sentences, str(invoice.number))


async def ask_before_end(host: "RecordsHost", subscription: Subscription) -> Question:
    """Say what cancelling a subscription means."""
    when = subscription.next_renewal_on
    day = f" until {host.keeptabs.desk.formats.day(when)}" if when else ""
    sentences = [
        f"{subscription.product} then runs{day}, renews no more, and cannot be resumed.",
        "Invoices that are open stay open.",
    ]
    return Question("Cancel this subscription?", sentences, "cancel")


def paid_today(host: "RecordsHost", invoice: Invoice) -> Mapping[str, Any]:
    """Begin with today."""
    del invoice
    return {"paid_on": host.keeptabs.desk.formats.today().isoformat()}


async def show_page(host: "RecordsHost", method: PaymentMethod | None) -> PaymentMethod | None:
    """Show the link to the provider's page, and copy it."""
    page = await host.keeptabs.desk.api.payment_methods(host.customer_id).open_page(
        idempotency_key=uuid4().hex
    )
    url = page.value.url
    host.app.copy_to_clipboard(url)
    text = (
        f"{url}\n\nThis page is the payment provider's. Send the link to the customer, who types the card "
        "there; it is copied already. Then go back and press g on the payment methods to fetch the card.\n\n"
        "Card numbers never enter Keeptabs: do not have one read out to you."
    )
    await host.app.push_screen_wait(PlainScreen(text))
    return method


async def collect(host: "RecordsHost", method: PaymentMethod | None) -> PaymentMethod | None:
    """Fetch what was typed there, and say how many cards have come."""
    answer = await host.keeptabs.desk.api.payment_methods(host.customer_id).collect(
        idempotency_key=uuid4().hex
    )
    part = next((one for one in host.record_parts() if one.records.model is PaymentMethod), None)
    before = len(part.items or ()) if part is not None else 0
    if part is not None:
        part.show(answer.value.items)
    more = len(answer.value.items) - before
    if more > 0:
        host.say("One card has come." if more == 1 else f"{more} cards have come.", "good")
        if part is not None:
            host.records_changed(part.records)
    else:
        host.say("No card was typed there yet.")
    return method
