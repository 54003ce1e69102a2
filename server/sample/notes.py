"""What colleagues wrote about a customer."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Final

from server.sample.dice import Dice
from server.sample.files import read

_MONTHS: Final = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_DAYS: Final = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]
_PRONOUNS: Final = {
    "female": {"she": "she", "her": "her", "their": "her", "hers": "hers", "herself": "herself"},
    "male": {"she": "he", "her": "him", "their": "his", "hers": "his", "herself": "himself"},
    "": {"she": "they", "her": "them", "their": "their", "hers": "theirs", "herself": "themselves"},
}
_MONEY: Final = {"GB": "£{}", "US": "${}", "CA": "${}", "PL": "{} zł", "JP": "¥{}00"}
_SUMS: Final = ["18", "24", "35", "40", "52", "60", "85", "120", "146", "210"]


@dataclass(frozen=True, slots=True)
class Topic:
    """Something worth a note, and of whom."""

    when: frozenset[str]
    share: int
    lines: tuple[str, ...]
    visibility: str


@cache
def _topics() -> list[Topic]:
    return [
        Topic(
            when=_conditions(table["when"]),
            share=table["share"],
            lines=tuple(table["lines"]),
            visibility=table.get("visibility", "staff"),
        )
        for table in read("notes").values()
    ]


def _conditions(when: str) -> frozenset[str]:
    """Read `when`: one label or word, or several countries."""
    words = when.split()
    return frozenset(words if all(len(word) == 2 and word.isupper() for word in words) else [when])


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom the notes are about: what is true of them, and the words that stand for them."""

    facts: set[str]
    lately: set[str]
    """Facts that became true only with the last change."""
    since: datetime
    """When the customer was added."""
    gender: str
    given: str
    country: str
    staff: list[str]


def notes(dice: Dice, subject: Subject, when: Callable[[bool], datetime]) -> list[dict[str, Any]]:
    """Give a customer's notes with the moment each was written `at`; `when(True)`: after the last change."""
    found: list[dict[str, Any]] = []
    for topic in _topics():
        if topic.when & subject.facts and dice.chance(topic.share * 0.62):
            at = when(bool(topic.when & subject.lately))
            body = _filled(dice, dice.pick(topic.lines), at, subject)
            if body and not any(note["body"] == body for note in found):
                found.append({"at": at, "body": body, "visibility": topic.visibility, "pinned": False})
    for note in found:
        note["pinned"] = len(found) > 1 and dice.chance(16)
    return found


def _filled(dice: Dice, line: str, at: datetime, subject: Subject) -> str:
    """Fill a line; empty where it speaks of months in which nobody knew the customer yet."""
    if "{" not in line:
        return line
    months = min(5, (at - subject.since).days // 31)
    if "{month}" in line and months < 1:
        return ""
    pronouns = _PRONOUNS[subject.gender]
    return line.format(
        **pronouns,
        She=pronouns["she"].capitalize(),
        staff=dice.pick(subject.staff).split(" ")[0],
        given=subject.given,
        day=dice.pick(_DAYS),
        month=_MONTHS[(at.month - 2 - dice.below(max(months, 1))) % 12],
        tag=f"{dice.pick('ABCDK')}{10 + dice.below(180)}",
        hour=dice.pick(["five", "half past five", "six", "seven"]),
        small=dice.pick(["two", "three", "four", "six"]),
        nth=f"{4 + dice.below(17)}th",
        sum=_MONEY.get(subject.country, "€{}").format(dice.pick(_SUMS)),
    )
