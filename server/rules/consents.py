"""Consents: who may be told what by which channel, and the opt-outs, which are the same fact seen from afar.

A refusal of marketing by e-mail or post is kept twice: as an answer with its source and author, and as a
member of the customer, which lists and headers show. Every way to change the one comes through here and
changes the other in the same transaction.
"""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import RowMapping, delete, insert, select, update

from client.models import ConsentAnswer, ConsentAnswers, Customer
from client.models.consent import MARKETING, OPT_OUTS
from server.problems import Fault, Refusal
from server.rules import history
from server.rules.work import Work
from server.store.ids import new_id
from server.store.tables import consents

Cell = tuple[str, str]
"""A channel and a purpose."""

_NEEDED: Final = (
    "The customer said no to this. A new yes needs how it was given, and a note of what was said."
)

_MISSING: Final = {
    "source": "Say how the new consent was given.",
    "note": "Write what was said, or where it is written.",
}


def answer(work: Work, customer: Customer, given: ConsentAnswers) -> dict[str, bool]:
    """Write answers and their history, and give the members of the customer that follow.

    What is answered so already stays as it is; of two answers to the same thing the last one counts. Raises
    `Refusal` with 412 where an answer starts from another version than the one that is there, and with 409
    where a no to marketing would become a yes without source and note.
    """
    kept = _kept(work, customer.id)
    changes: list[history.Change] = []
    opt_outs: dict[str, bool] = {}
    places = {(one.channel, one.purpose): place for place, one in enumerate(given.answers)}
    for cell, place in places.items():
        old, one = kept.get(cell), given.answers[place]
        if old is not None and old["state"] == one.state:
            continue
        _refuse_stale(place, one, old)
        _refuse_silent_yes(one, old, given)
        _write(work, customer.id, cell, old, one.state, given.source, given.note)
        was = {} if old is None else {"old": old["state"]}
        changes.append({"field": f"/{one.purpose}/{one.channel}", **was, "new": one.state})
        if one.purpose == MARKETING and one.channel in OPT_OUTS:
            opt_outs[OPT_OUTS[one.channel]] = one.state == "denied"
    if changes:
        told = {"/source": given.source, "/note": given.note}
        changes += [{"field": field, "new": text} for field, text in told.items() if text]
        history.record(
            work, "consents.changed", changes=changes, version=customer.version, customer_id=customer.id
        )
    return opt_outs


def check_opt_outs(work: Work, old: Customer | None, new: Customer) -> None:
    """Refuse, with 409, that an opt-out disappears without a consent in its place."""
    if old is None:
        return
    ended = [
        (channel, member)
        for channel, member in OPT_OUTS.items()
        if getattr(old, member) and not getattr(new, member)
    ]
    if not ended:
        return
    kept = _kept(work, new.id)
    faults = [
        Fault(f"/{member}", "consent_needed", _NEEDED)
        for channel, member in ended
        if _state(kept, (channel, MARKETING)) != "granted"
    ]
    if faults:
        raise Refusal(409, _NEEDED, "consent_needed", faults)


def follow_opt_outs(work: Work, old: Customer | None, new: Customer) -> None:
    """Let the answers follow where an opt-out was set in the customer's record itself."""
    for channel, member in OPT_OUTS.items():
        if not getattr(new, member) or (old is not None and getattr(old, member)):
            continue
        cell = (channel, MARKETING)
        row = _kept(work, new.id).get(cell)
        if row is None or row["state"] != "denied":
            _write(work, new.id, cell, row, "denied", "", "")


def take_over(work: Work, customer_id: str, other_id: str) -> None:
    """Settle what two customers answered who become one: a no stays, whoever of them said it.

    The answers of the other one that are left can then be the first one's.
    """
    kept = _kept(work, customer_id)
    for cell, other in _kept(work, other_id).items():
        mine = kept.get(cell)
        if mine is None:
            continue
        if other["state"] == "denied" and mine["state"] != "denied":
            _write(work, customer_id, cell, mine, "denied", other["source"], other["note"])
            channel, purpose = cell
            change = {"field": f"/{purpose}/{channel}", "old": mine["state"], "new": "denied"}
            history.record(
                work,
                "consents.changed",
                changes=[change],
                version=mine["version"] + 1,
                customer_id=customer_id,
            )
        work.connection.execute(delete(consents).where(consents.c.id == other["id"]))


def _kept(work: Work, customer_id: str) -> dict[Cell, RowMapping]:
    rows = work.connection.execute(select(consents).where(consents.c.customer_id == customer_id)).mappings()
    return {(row["channel"], row["purpose"]): row for row in rows}


def _state(kept: Mapping[Cell, RowMapping], cell: Cell) -> str:
    return str(kept[cell]["state"]) if cell in kept else ""


def _refuse_stale(place: int, one: ConsentAnswer, old: RowMapping | None) -> None:
    version = 0 if old is None else old["version"]
    if one.version is not None and one.version != version:
        by = "Somebody" if old is None else old["updated_by"] or "Somebody"
        sentence = f"{by} changed this meanwhile. Look again before you answer for the customer."
        raise Refusal(412, sentence, faults=[Fault(f"/answers/{place}/version", "stale", sentence)])


def _refuse_silent_yes(one: ConsentAnswer, old: RowMapping | None, given: ConsentAnswers) -> None:
    no_before = old is not None and old["state"] == "denied"
    if one.purpose != MARKETING or not no_before or one.state == "denied":
        return
    faults = [
        Fault(f"/{name}", "consent_needed", sentence)
        for name, sentence in _MISSING.items()
        if not getattr(given, name)
    ]
    if faults:
        raise Refusal(409, _NEEDED, "consent_needed", faults)


def _write(
    work: Work, customer_id: str, cell: Cell, old: RowMapping | None, state: str, source: str, note: str
) -> None:
    values: dict[str, Any] = {
        "state": state,
        "source": source,
        "note": note,
        "updated_at": work.now,
        "updated_by_id": work.actor.id,
        "updated_by": work.actor.name,
    }
    if old is not None:
        statement = update(consents).where(consents.c.id == old["id"])
        work.connection.execute(statement.values(**values, version=old["version"] + 1))
        return
    channel, purpose = cell
    made = {"id": new_id(), "version": 1, "created_at": work.now, "customer_id": customer_id}
    work.connection.execute(insert(consents).values(**values, **made, channel=channel, purpose=purpose))
