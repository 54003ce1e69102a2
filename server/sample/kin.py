"""Who may act for whom: people of one household, and those who look after a company's account."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Table

from client.models.contact import RIGHTS
from server.rules.names import name_key
from server.sample.dice import Dice
from server.sample.parts import Part, Row, Subject
from server.sample.people import person
from server.store.tables import contacts

_OF_HOMES: Final = (("bookings",), ("bookings", "support"), ("bookings", "support", "profile"), tuple(RIGHTS))
_OF_COMPANIES: Final = (("invoices",), ("bookings", "support"), ("invoices", "support"), ("bookings",))
_PRODUCTS: Final = ("", "", "", "Flat at the quay", "Office, second floor", "Holiday let", "Laundry account")


def _kin(dice: Dice, subject: Subject) -> Iterable[tuple[Table, dict[str, Any]]]:
    someone = person(subject.index)
    if someone.lives_with is not None and dice.chance(72):
        other = subject.earlier(1)
        at = subject.moment(dice.fraction() * 0.6)
        yield contacts, _link(dice, subject, at, (subject.id, other), dice.pick(_OF_HOMES))
        if dice.chance(55):
            yield contacts, _link(dice, subject, at, (other, subject.id), dice.pick(_OF_HOMES))
    elif someone.company and subject.index > 40:
        for steps in dice.some(range(1, 41), 1 + dice.below(3)):
            if not person(subject.index - steps).company:
                at = subject.moment(dice.fraction())
                pair = (subject.id, subject.earlier(steps))
                product = dice.pick(_PRODUCTS)
                row = _link(dice, subject, at, pair, dice.pick(_OF_COMPANIES))
                yield contacts, row | {"product": product, "product_key": name_key(product)}


def _link(dice: Dice, subject: Subject, at: datetime, pair: tuple[str, str], rights: Iterable[str]) -> Row:
    """Give the link by which the second of a pair may act for the first."""
    customer_id, contact_id = pair
    granted = dict.fromkeys(rights, True)
    return subject.made(dice, at) | {"customer_id": customer_id, "contact_id": contact_id} | granted


KIN: Final = Part(name="contacts", tables=(contacts,), rows=_kin)
