"""What customers want to hear, and how they told us."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Table

from server.sample.dice import Dice
from server.sample.parts import Part, Row, Subject
from server.store.tables import consents

Answer = tuple[str, str, str]
"""Purpose, channel and state."""

_AT_FIRST: Final[tuple[tuple[str, str, float, float], ...]] = (
    # Purpose, channel, how many of a hundred were asked, and how many of those said yes.
    ("appointments", "email", 88, 97),
    ("appointments", "sms", 82, 94),
    ("appointments", "push", 20, 90),
    ("transactions", "email", 86, 96),
    ("service", "sms", 30, 82),
    ("packages", "email", 16, 70),
    ("marketing", "sms", 22, 34),
)
_ASKED: Final = 62
"""So many of a hundred were asked at all when they came."""
_NO_MORE: Final = (
    "Three letters a week are two too many",
    "Gets everything twice, once at work",
    "Unsubscribed from the spring offers",
    "Does not want offers, only reminders",
    "Asked at the desk to be taken off the list",
    "",
    "",
)
_YES: Final = ("Ticked the box on the welcome form", "Wants the seasonal offers", "")
_HOW: Final = ("phone", "in_person", "written", "written", "portal")


def _wishes(dice: Dice, subject: Subject) -> Iterable[tuple[Table, dict[str, Any]]]:
    record = subject.record
    if dice.chance(_ASKED):
        yield from _first_answers(dice, subject)
    if "email_opt_out" not in record and dice.chance(34):
        at = subject.moment(dice.fraction() * 0.5)
        yield _row(dice, subject, at, ("marketing", "email", "granted"), "written", dice.pick(_YES))
    for member, channel in (("email_opt_out", "email"), ("mail_opt_out", "post")):
        if member in record:
            yield _opted_out(dice, subject, member, channel)


def _first_answers(dice: Dice, subject: Subject) -> Iterable[tuple[Table, Row]]:
    """Give what was answered on the welcome form."""
    who = subject.colleague(dice)
    for purpose, channel, asked, willing in _AT_FIRST:
        if dice.chance(asked):
            row = subject.made(dice, subject.created_at)
            state = "granted" if dice.chance(willing) else "denied"
            row |= {"purpose": purpose, "channel": channel, "state": state, "source": "written"}
            yield consents, row | {"updated_by_id": who.id, "updated_by": who.name}


def _opted_out(dice: Dice, subject: Subject, member: str, channel: str) -> tuple[Table, Row]:
    """Give the answer behind an opt-out: when, and by whom, as the history has it."""
    told = next(
        event
        for event in reversed(subject.events)
        if any(change["field"] == f"/{member}" and change.get("new") for change in event["changes"])
    )
    answer = ("marketing", channel, "denied")
    table, row = _row(dice, subject, told["at"], answer, dice.pick(_HOW), dice.pick(_NO_MORE))
    return table, row | {"updated_by_id": told["actor_id"], "updated_by": told["actor"]}


def _row(
    dice: Dice, subject: Subject, at: datetime, answer: Answer, source: str, note: str
) -> tuple[Table, Row]:
    purpose, channel, state = answer
    who = subject.colleague(dice)
    row = subject.made(dice, at) | {"purpose": purpose, "channel": channel, "state": state}
    by = {"updated_by_id": who.id, "updated_by": who.name}
    return consents, row | {"source": source, "note": note} | by


WISHES: Final = Part(name="consents", tables=(consents,), rows=_wishes)
