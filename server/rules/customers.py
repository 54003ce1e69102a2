"""Customers: what holds for them whatever a client says, and what lists and search need of them."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import Dialect, bindparam, delete, insert, select

from client.fold import fold
from client.models import Customer
from server.mail import changes
from server.problems import Fault, Refusal, invalid
from server.rules.consents import check_opt_outs, follow_opt_outs
from server.rules.contacts import part_with
from server.rules.custom_fields import check_answers
from server.rules.customer_more import with_more
from server.rules.customer_names import missing_name, with_name
from server.rules.forms import give_by_rule
from server.rules.names import name_key
from server.rules.parts import several_primaries, with_ids, with_one_primary
from server.rules.privilege import forget, refuse_while_working
from server.rules.references import refuse_unknown, unknown_references
from server.rules.work import Rules, Work
from server.store import tables
from server.store.counters import next_number, next_rank
from server.store.prepared import Prepared
from server.store.search import index_for

_PARTS: Final = ("emails", "phones", "addresses")
_POINTED_TO: Final = {
    "branches": tables.branches,
    "partners": tables.partners,
    "locations": tables.locations,
}


class CustomerRules(Rules[Customer]):
    """The rules of customers."""

    def fill(self, work: Work, values: dict[str, Any], parent_id: str) -> None:
        """Give the next number."""
        values["number"] = next_number(work.connection)

    def check(self, work: Work, old: Customer | None, new: Customer, given: frozenset[str]) -> Customer:
        """Complete a customer, and refuse one that breaks a rule."""
        new = with_access(old, with_name(old, new, given), given)
        parts = {name: with_one_primary(with_ids(getattr(new, name))) for name in _PARTS}
        new = new.model_copy(update=parts)
        faults = missing_name(new)
        for name in _PARTS:
            faults += several_primaries(f"/{name}", parts[name])
        if faults:
            raise invalid(*faults)
        unknown = unknown_references(work, new, old, _POINTED_TO)
        if old is None or new.labels != old.labels:
            names, strangers = known_labels(work, new.labels)
            unknown += strangers
            new = new.model_copy(update={"labels": names})
        refuse_unknown(unknown)
        check_opt_outs(work, old, new)
        return check_answers(work, old, with_more(work, old, new), given)

    def check_removal(self, work: Work, old: Customer) -> None:
        """Refuse to remove a customer that is neither inactive nor archived."""
        if old.status != "inactive" and old.archived_at is None:
            sentence = "Only an inactive or archived customer can be deleted. Archive this one first."
            raise Refusal(409, sentence, "not_deletable")
        refuse_while_working(work.connection, old.id)

    def columns(self, work: Work, new: Customer) -> dict[str, Any]:
        """Give the rank that says who was changed last."""
        return {"rank": next_rank(work.connection)}

    def derived(self, new: Customer) -> dict[str, Any]:
        """Give what lists sort by."""
        phone = next((phone.number for phone in new.phones if phone.is_primary), "")
        email = next((email.address for email in new.emails if email.is_primary), "")
        city = next((address.city for address in new.addresses if address.is_primary), "")
        return {
            "sort_name": fold(new.display_name)[:200],
            "primary_phone": phone,
            "primary_email": email[:254],  # a domain in lower case may be longer
            "city": city,
            "sort_city": fold(city)[:100],
        }

    def after(self, work: Work, old: Customer | None, new: Customer | None, row: Mapping[str, Any]) -> None:
        """Keep the labels and the search index."""
        index = index_for(work.connection.dialect.name)
        if new is None:
            if old is not None:
                part_with(work, old.id, old.display_name)
                forget(work.connection, old.id)
                index.remove(work.connection, old.id)
            return
        before = old.labels if old is not None else []
        label_ids = _set_labels(work, new) if new.labels != before else _label_ids(work, new)
        index.put(work.connection, row, label_ids)
        give_by_rule(work, old, new)
        changes.tell(work, old, new)
        follow_opt_outs(work, old, new)


def with_access(old: Customer | None, new: Customer, given: frozenset[str]) -> Customer:
    """Let a blocked status imply blocked access, and take it along when it ends."""
    if new.status == "blocked":
        return new if new.access == "blocked" else new.model_copy(update={"access": "blocked"})
    if old is not None and old.status == "blocked" and "access" not in given:
        return new.model_copy(update={"access": "allowed"})
    return new


def known_labels(work: Work, names: list[str]) -> tuple[list[str], list[Fault]]:
    """Give the labels by their own names in their own order, and the names that no label has."""
    if not names:
        return [], []
    keys = {name_key(name): place for place, name in reversed(list(enumerate(names)))}
    labels = tables.labels.c
    statement = (
        select(labels.name, labels.name_key).where(labels.name_key.in_(keys)).order_by(labels.name_key)
    )
    known = work.connection.execute(statement).all()
    faults = [
        Fault(f"/labels/{place}", "unknown_label", f"There is no label {names[place]!r}.")
        for key, place in sorted(keys.items(), key=lambda item: item[1])
        if key not in {row.name_key for row in known}
    ]
    return [row.name for row in known], faults


def _label_ids(work: Work, customer: Customer) -> list[str]:
    if not customer.labels:
        return []
    return _carried(work.connection.dialect).values(work.connection, {"customer_id": customer.id})


@lru_cache(maxsize=8)
def _carried(dialect: Dialect) -> Prepared:
    joined = tables.customer_labels.c
    statement = select(joined.label_id).where(joined.customer_id == bindparam("customer_id"))
    return Prepared(statement, dialect)


def _set_labels(work: Work, customer: Customer) -> list[str]:
    labels, joined = tables.labels.c, tables.customer_labels
    work.connection.execute(delete(joined).where(joined.c.customer_id == customer.id))
    if not customer.labels:
        return []
    keys = [name_key(name) for name in customer.labels]
    ids = list(work.connection.scalars(select(labels.id).where(labels.name_key.in_(keys))))
    work.connection.execute(
        insert(joined), [{"customer_id": customer.id, "label_id": label} for label in ids]
    )
    return ids
