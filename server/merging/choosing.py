"""Which members a merged customer has, where nobody chose: pure, nothing is read and nothing written."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from client.fold import fold
from client.models import Customer
from client.models.consent import OPT_OUTS
from client.models.customer_more import ExtraContact
from client.models.kinds import Several
from client.models.written import is_read_only, kind_of
from server.problems import Fault, Refusal
from server.rules.parts import with_ids

P = TypeVar("P")

_STRICTEST: Final = ("blocked", "waitlist_only", "allowed")
_OPT_OUTS: Final = frozenset(OPT_OUTS.values())


@dataclass(frozen=True, slots=True)
class Proposal:
    """The record that stays with what the other one adds to it."""

    customer: Customer
    addresses: dict[str, str]
    """The ids that addresses of the record that goes have now, by those that they had."""


def proposed(stays: Customer, goes: Customer) -> Proposal:
    """Give what the record that stays becomes where nobody chose.

    It keeps what it says and gets what it does not say. Lists are united, a no and a block always stay.
    """
    members = {
        name: getattr(goes, name)
        for name, field in Customer.model_fields.items()
        if not is_read_only(field) and name not in ("id", "version", "created_at", "updated_at")
        if _is_blank(getattr(stays, name))
    }
    members |= {name: getattr(stays, name) or getattr(goes, name) for name in _OPT_OUTS}
    members |= _standing(stays, goes)
    members |= _names(stays, goes)
    united = {name: _united(name, stays, goes) for name in _SAME}
    members |= {name: parts for name, (parts, _) in united.items()}
    members["labels"] = list(dict.fromkeys([*stays.labels, *goes.labels]))
    members["custom_fields"] = goes.custom_fields | stays.custom_fields
    members["extra_contact"] = _extra(stays.extra_contact, goes.extra_contact)
    members["weight"] = _newer(stays, goes)
    return Proposal(stays.model_copy(update=members), united["addresses"][1])


def refuse_too_many(merged: Customer) -> None:
    """Raise 409 where a list got longer than lists may be."""
    faults = []
    for name, field in Customer.model_fields.items():
        kind = kind_of(field)
        if isinstance(kind, Several) and len(getattr(merged, name)) > kind.max_items:
            sentence = f"Together they have more than {kind.max_items} {name}. Take some away first."
            faults.append(Fault(f"/{name}", "too_many", sentence))
    if faults:
        raise Refusal(409, faults[0].sentence, "too_many", faults)


def _is_blank(value: Any) -> bool:
    return value in (None, "", [], {})


def _standing(stays: Customer, goes: Customer) -> dict[str, Any]:
    """Keep a block of either, and of two accesses the stricter one."""
    stricter = min((stays.access, goes.access), key=_STRICTEST.index)
    if goes.status == "blocked" and stays.status != "blocked":
        return {"status": "blocked", "status_reason": goes.status_reason, "access": stricter}
    return {"status": stays.status, "status_reason": stays.status_reason, "access": stricter}


def _names(stays: Customer, goes: Customer) -> dict[str, Any]:
    """Take the parts of a name from one record: of two, a third name could come that nobody has."""
    parts = ("given_name", "middle_name", "family_name")
    of_one = stays if any(getattr(stays, name) for name in parts) else goes
    return {name: getattr(of_one, name) for name in parts}


def _newer(stays: Customer, goes: Customer) -> Any:
    known = [weight for weight in (stays.weight, goes.weight) if weight is not None]
    return max(known, key=lambda weight: str(weight.taken_on or ""), default=None)


def _extra(mine: ExtraContact, other: ExtraContact) -> ExtraContact:
    members = {
        name: getattr(mine, name) or getattr(other, name)
        for name in ExtraContact.model_fields
        if name != "fields"
    }
    fields, _ = _union(mine.fields, other.fields, lambda field: (fold(field.label), field.value))
    return ExtraContact(**members, fields=fields)


_SAME: Final[dict[str, Callable[[Any], Hashable]]] = {
    "emails": lambda email: fold(email.address),
    "phones": lambda phone: (phone.number, phone.extension),
    "addresses": lambda address: tuple(
        fold("".join(text.split()))
        for text in (address.line1, address.line2, address.postal_code, address.city, address.country)
    ),
    "alerts": lambda alert: (alert.severity, fold(alert.text)),
}
"""What makes two parts of a list the same."""


def _united(name: str, stays: Customer, goes: Customer) -> tuple[list[Any], dict[str, str]]:
    mine, others = getattr(stays, name), getattr(goes, name)
    if any(getattr(part, "is_primary", False) for part in mine):
        others = [
            part.model_copy(update={"is_primary": False}) if getattr(part, "is_primary", False) else part
            for part in others
        ]
    return _union(mine, others, _SAME[name])


def _union(
    mine: Sequence[Any], others: Iterable[Any], same: Callable[[Any], Hashable]
) -> tuple[list[Any], dict[str, str]]:
    """Add to a list the parts that it lacks; give the ids that the others have in it, by their own."""
    known = {same(part): part.id for part in mine}
    added = []
    for part in others:
        if same(part) not in known:
            known[same(part)] = ""
            added.append(part)
    parts = with_ids([*mine, *added])
    ids = {same(part): part.id for part in parts}
    return parts, {part.id: ids[same(part)] for part in others}
