"""Payment methods: exactly one is the default one, where there are any."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select, update

from client.models import PaymentMethod
from server.problems import Refusal
from server.rules import history
from server.rules.work import Rules, Work
from server.store.tables import customers, payment_methods


class PaymentMethodRules(Rules[PaymentMethod]):
    """The first becomes the default one; when it goes, the newest of the others does."""

    def fill(self, work: Work, values: dict[str, Any], parent_id: str) -> None:
        """Make the first one the default one."""
        _one_at_a_time(work)
        values["is_default"] = _newest(work, "") is None

    def after(
        self, work: Work, old: PaymentMethod | None, new: PaymentMethod | None, row: Mapping[str, Any]
    ) -> None:
        """Keep exactly one default one."""
        if new is None and old is not None and old.is_default:
            _one_at_a_time(work)
            successor = _newest(work, old.id)
            if successor is not None:
                _set_default(work, successor, default=True)
        elif old is not None and new is not None and new.is_default and not old.is_default:
            _one_at_a_time(work)
            others = select(payment_methods.c.id).where(
                payment_methods.c.customer_id == work.customer_id,
                payment_methods.c.is_default,
                payment_methods.c.id != new.id,
            )
            for other in work.connection.scalars(others).all():
                _set_default(work, other, default=False)


def refuse_known(work: Work, reference: str) -> None:
    """Refuse a card that the customer has already, with 409."""
    statement = select(payment_methods.c.id).where(
        payment_methods.c.customer_id == work.customer_id, payment_methods.c.reference == reference
    )
    if work.connection.execute(statement).first() is not None:
        raise Refusal(409, "This customer has this payment method already.", "already_there")


def keep_reference(work: Work, method_id: str, reference: str) -> None:
    """Keep the provider's name of a method, which is part of nothing that leaves the server."""
    statement = update(payment_methods).where(payment_methods.c.id == method_id)
    work.connection.execute(statement.values(reference=reference))


def reference_of(work: Work, method_id: str) -> str:
    """Give the provider's name of a method."""
    statement = select(payment_methods.c.reference).where(payment_methods.c.id == method_id)
    return work.connection.scalar(statement) or ""


def let_default_go(work: Work, method_id: str) -> None:
    """Let a method be the default one no more; its customer is about to have another one."""
    _set_default(work, method_id, default=False)


def _one_at_a_time(work: Work) -> None:
    """Let two who change the methods of one customer at once do it one after the other."""
    if work.connection.dialect.name == "postgresql":
        statement = select(customers.c.id).where(customers.c.id == work.customer_id).with_for_update()
        work.connection.execute(statement)


def _newest(work: Work, but_not: str) -> str | None:
    columns = payment_methods.c
    statement = select(columns.id).where(columns.customer_id == work.customer_id, columns.id != but_not)
    return work.connection.scalar(statement.order_by(columns.id.desc()).limit(1))


def _set_default(work: Work, method_id: str, *, default: bool) -> None:
    columns = payment_methods.c
    work.connection.execute(
        update(payment_methods)
        .where(columns.id == method_id)
        .values(is_default=default, version=columns.version + 1, updated_at=work.now)
    )
    version = work.connection.scalar(select(columns.version).where(columns.id == method_id)) or 0
    history.record(
        work,
        "payment-methods.changed",
        changes=[{"field": "/is_default", "new" if default else "old": True}],
        version=version,
        customer_id=work.customer_id,
        record_id=method_id,
    )
