"""Charging a card: what is meant is written down, the provider is asked, what came of it is written down.

No transaction waits for the provider. Whatever ends in between, the same charge is asked for again under its
own key, which a provider carries out once.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, func, insert, select, update

from client.models.money import Money
from client.models.payment_method import PaymentMethod
from server.auth.actor import Actor
from server.payments.provider import Charged, PaymentProvider, ProviderRefused, ProviderSilent
from server.problems import Refusal
from server.rules.work import Work
from server.store.clock import now
from server.store.database import Database
from server.store.ids import new_id
from server.store.records import members, record_columns
from server.store.tables import charges, payment_methods

SERVER: Final = Actor(id="", name="the server", role="admin", session_id="")
"""Who does what nobody asked for at that moment."""
_GIVEN_UP: Final = timedelta(minutes=2)
"""After so long, whoever began a charge is not coming back for it."""


class Key(NamedTuple):
    """What names a charge for good, so that it is never begun twice."""

    asked: str
    """Who asked under which `Idempotency-Key`; or what the server takes by itself."""
    what: str = ""
    """What was asked for, in hexadecimal digits, always as many; empty where `asked` says it."""

    @property
    def text(self) -> str:
        """Both in one."""
        return self.asked + self.what


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """What shall be charged."""

    subject: str
    """What is paid for, such as `invoice`: names who settles it."""
    subject_id: str
    customer_id: str
    money: Money
    payment_method_id: str = ""
    """Empty: the default one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """A charge as it stands."""

    id: str
    key: str
    customer_id: str
    subject: str
    subject_id: str
    payment_method_id: str
    card: str
    """What was charged, in words."""
    reference: str
    amount: Money
    state: str
    """pending, succeeded or failed."""
    reason: str
    """Why it failed."""
    payment: str
    """The provider's name of the payment."""
    created_at: datetime
    settled_at: datetime | None
    actor_id: str
    actor: str

    @property
    def succeeded(self) -> bool:
        """Whether the money moved."""
        return self.state == "succeeded"


Intend = Callable[[Work], Intent]
"""Says what to charge, or raises `Refusal`. It locks the record that is paid for, and writes nothing."""
Settle = Callable[[Work, Charge], None]
"""Writes what follows from a charge that has succeeded or failed, in the transaction of its outcome."""


def not_configured() -> Refusal:
    """Give the refusal of a server that knows no payment provider."""
    sentence = (
        "This server has no payment provider, so cards can be neither added nor charged. Whoever runs it "
        "sets KEEPTABS_SERVER_PAYMENTS_URL and KEEPTABS_SERVER_PAYMENTS_SECRET."
    )
    return Refusal(409, sentence, "payments_not_configured")


def provider_silent() -> Refusal:
    """Give the refusal where the provider was asked something that changes nothing, and did not answer."""
    sentence = "The payment provider does not answer. Nothing was changed; try again in a moment."
    return Refusal(503, sentence, "provider_silent", headers={"Retry-After": "10"})


def declined(charge: Charge) -> Refusal:
    """Give the refusal that tells of a failed charge."""
    reason = charge.reason or "No reason was given."
    sentence = f"{charge.card or 'The card'} was not charged: {reason.rstrip('.')}. Nothing was taken."
    return Refusal(409, sentence, "payment_declined")


class Charging:
    """Charges cards on one database with one provider; `settlers` say what follows, by subject."""

    def __init__(self, database: Database, provider: PaymentProvider, settlers: Mapping[str, Settle]) -> None:
        self._database = database
        self.provider = provider
        self._settlers = settlers

    async def charge(self, work_of: Callable[[Connection], Work], key: Key, intend: Intend) -> Charge | None:
        """Charge what `intend` says, once for each `key`, and give what came of it.

        Asked again under the same key, it gives the first outcome; None where the same was asked for
        something else. Raises `Refusal`: 409 while another charge for the same is under way, 503 where the
        provider did not say what it did.
        """
        charge = await self._database.write(lambda connection: _begun(work_of(connection), key, intend))
        if charge.key != key.text:
            return None
        if charge.state != "pending":
            return charge
        return await self._carried_out(charge, work_of)

    async def resume(self, moment: datetime) -> int:
        """Finish what was begun and never heard of again, as after a crash. Gives how many were settled."""
        waiting = select(charges).where(
            charges.c.state == "pending", charges.c.created_at < moment - _GIVEN_UP
        )
        found = await self._database.read(lambda connection: connection.execute(waiting).all())
        settled = 0
        for row in found:
            try:
                await self._carried_out(_charge(members(row)), _by_the_server)
            except Refusal:
                continue
            settled += 1
        return settled

    async def _carried_out(self, charge: Charge, work_of: Callable[[Connection], Work]) -> Charge:
        try:
            outcome = await self.provider.charge(charge.reference, charge.amount, charge.id)
        except ProviderRefused as refused:
            outcome = Charged(succeeded=False, reason=refused.sentence)
        except ProviderSilent:
            sentence = (
                "The payment provider has not said whether it charged the card. It is asked again by itself "
                "within minutes, and never charges twice: look again before you try another way."
            )
            raise Refusal(503, sentence, "payment_unknown", headers={"Retry-After": "60"}) from None
        return await self._database.write(
            lambda connection: self._settled(work_of(connection), charge.id, outcome)
        )

    def _settled(self, work: Work, charge_id: str, outcome: Charged) -> Charge:
        """Write the outcome, and with it what follows; one that somebody else wrote first stays."""
        row = work.connection.execute(select(charges).where(charges.c.id == charge_id).with_for_update())
        charge = _charge(members(row.one()))
        if charge.state != "pending":
            return charge
        outcome_columns: dict[str, Any] = {
            "state": "succeeded" if outcome.succeeded else "failed",
            "reason": outcome.reason[:500],
            "payment": outcome.reference,
            "settled_at": work.now,
        }
        work.connection.execute(
            update(charges)
            .where(charges.c.id == charge_id)
            .values(**outcome_columns, version=2, updated_at=work.now)
        )
        charge = replace(charge, **outcome_columns)
        self._settlers[charge.subject](replace(work, owners={"customer_id": charge.customer_id}), charge)
        return charge


def _begun(work: Work, key: Key, intend: Intend) -> Charge:
    if work.connection.dialect.name == "postgresql":
        # Whoever asks for something else under the same key at this moment waits, and sees what was begun.
        work.connection.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(key.asked, 0))))
    lowest, highest = (key.asked + digit * len(key.what) for digit in "0f")
    before = charges.c.key.between(lowest, highest)
    known = work.connection.execute(select(charges).where(before)).first()
    if known is not None:
        return _charge(members(known))
    intent = intend(work)
    refuse_while_charged(work, intent.subject_id)
    method = chargeable(work, intent.customer_id, intent.payment_method_id)
    row: dict[str, Any] = {
        "id": new_id(),
        "version": 1,
        "created_at": work.now,
        "updated_at": work.now,
        "key": key.text,
        "customer_id": intent.customer_id,
        "subject": intent.subject,
        "subject_id": intent.subject_id,
        "payment_method_id": method["id"],
        "card": PaymentMethod.model_validate(method).words[:60],
        "reference": method["reference"],
        "amount": intent.money.to_json(),
        "currency": intent.money.currency,
        "minor": intent.money.minor,
        "state": "pending",
        "reason": "",
        "payment": "",
        "settled_at": None,
        "actor_id": work.actor.id,
        "actor": work.actor.name,
    }
    work.connection.execute(insert(charges), row)
    return _charge(row)


def refuse_while_charged(work: Work, subject_id: str) -> None:
    """Refuse to touch what a card is being charged for, with 409."""
    columns = charges.c
    running = select(columns.id).where(columns.subject_id == subject_id, columns.state == "pending")
    if work.connection.execute(running).first() is not None:
        sentence = "This is being paid by card at this moment. Look again in a minute."
        raise Refusal(409, sentence, "payment_running", headers={"Retry-After": "60"})


def chargeable(work: Work, customer_id: str, payment_method_id: str = "") -> Mapping[str, Any]:
    """Give the row of a payment method of a customer, the default one where none is named. Raises `Refusal`.

    With its `reference`, which never leaves the server.
    """
    columns = payment_methods.c
    which = columns.id == payment_method_id if payment_method_id else columns.is_default
    statement = select(*record_columns(PaymentMethod, payment_methods), columns.reference)
    row = work.connection.execute(statement.where(columns.customer_id == customer_id, which)).first()
    if row is None:
        sentence = (
            "This payment method is not there any more."
            if payment_method_id
            else "This customer has no payment method. Add one first."
        )
        raise Refusal(409, sentence, "no_payment_method")
    return dict(row._mapping)  # noqa: SLF001 - how SQLAlchemy names it


def _charge(row: Mapping[str, Any]) -> Charge:
    kept = {name: row[name] for name in Charge.__slots__}
    return Charge(**(kept | {"amount": Money.model_validate(row["amount"])}))


def _by_the_server(connection: Connection) -> Work:
    return Work(connection, SERVER, now())
