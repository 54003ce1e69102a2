"""What is looked for: words, digits, parts of e-mail addresses.

Each term says for every stage of a search which tokens a customer must have, and checks a document where
the tokens alone leave a doubt. A later stage takes in all of the stages before it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Protocol

from client.fold import fold_words
from server.store.search.document import ENDS, PREFIX, Document, cover, grams
from server.store.search.phones import Fragment

_PLAIN_EMAIL = re.compile(r"[\w@.+\-]+")  # no character that an index may store as another one
_SHORT = 8
"""Of a part of an e-mail address up to this long every run of letters is asked for, of a longer one a few."""


class Stage(IntEnum):
    """How well a customer matches, best first."""

    NUMBER = 0
    """By its customer number; only where digits were typed."""
    EXACT = 1
    START = 2
    ANYWHERE = 3
    INSIDE = 4
    TYPO = 5


@dataclass(frozen=True, slots=True)
class All:
    """Every part is required."""

    parts: "tuple[Expression, ...]"


@dataclass(frozen=True, slots=True)
class Either:
    """One part is enough."""

    parts: "tuple[Expression, ...]"


Expression = str | All | Either
"""A token, or several."""


NOTHING = Either(())
"""What no customer has."""


class Term(Protocol):
    """One thing that was typed."""

    def expression(self, stage: Stage) -> Expression:
        """Give the tokens that a customer must have to match at `stage`.

        Up to ANYWHERE they take in those of the stages before.
        """

    def sure(self, stage: Stage) -> bool:
        """Say whether the tokens alone decide."""

    def holds(self, stage: Stage, kept: Document) -> bool:
        """Say whether a customer matches at `stage` or before."""


def all_of(parts: Sequence[Expression]) -> Expression:
    """Require all of `parts`."""
    return parts[0] if len(parts) == 1 else All(tuple(parts))


def either(parts: Sequence[Expression]) -> Expression:
    """Require one of `parts`."""
    return parts[0] if len(parts) == 1 else Either(tuple(dict.fromkeys(parts)))


def leaves(expression: Expression) -> list[str]:
    """Give the tokens of which one is enough, of a filter."""
    return [expression] if isinstance(expression, str) else [str(part) for part in expression.parts]


@dataclass(frozen=True, slots=True)
class Words:
    """A chunk of text without blanks: one word, or several such as `joanna.smith`."""

    raw: str
    words: tuple[str, ...]
    labels: tuple[frozenset[str], ...]
    """For each word the filters of the labels that it may stand for."""
    alone: bool
    """Whether nothing else was typed: then it is looked for inside of e-mail addresses as well."""

    def expression(self, stage: Stage) -> Expression:
        """Give the tokens that a customer must have to match at `stage`."""
        if stage <= Stage.EXACT:
            return all_of(["w" + word for word in self.words])
        if stage is Stage.START:
            return all_of([either(["n" + word[:PREFIX], *_number(word)]) for word in self.words])
        if stage is Stage.INSIDE and self._inside():
            return _mail(self.raw)
        return all_of(
            [
                either(["a" + word[:PREFIX], *sorted(labels)])
                for word, labels in zip(self.words, self.labels, strict=True)
            ]
        )

    def sure(self, stage: Stage) -> bool:
        """Say whether the tokens alone decide."""
        if stage <= Stage.EXACT:
            return True
        if stage is Stage.INSIDE and self._inside():
            return False
        return all(len(word) <= PREFIX for word in self.words)

    def holds(self, stage: Stage, kept: Document) -> bool:
        """Say whether a customer matches at `stage` or before."""
        if stage <= Stage.EXACT:
            return all(word in kept.names or word == kept.number for word in self.words)
        if stage is Stage.START:
            return all(_starts(kept.names, word) or word == kept.number for word in self.words)
        if all(
            _starts(kept.names, word)
            or _starts(kept.others, word)
            or kept.number.startswith(word)
            or not labels.isdisjoint(kept.filters)
            for word, labels in zip(self.words, self.labels, strict=True)
        ):
            return True
        return stage is Stage.INSIDE and self._inside() and _inside_local(kept, self.raw)

    def _inside(self) -> bool:
        return self.alone and len(self.raw) > 2


@dataclass(frozen=True, slots=True)
class Digits:
    """Digits typed for a telephone number, or for a customer number."""

    digits: str
    phone: Fragment
    labels: frozenset[str]
    parts: "tuple[Digits, ...]"
    """The same digits read one by one, where blanks stood between them."""
    alone: bool
    """Whether nothing else was typed."""

    def expression(self, stage: Stage) -> Expression:
        """Give the tokens that a customer must have to match at `stage`."""
        if stage is Stage.INSIDE and self._inside():
            return _mail(self.digits)
        ways: list[Expression] = ["w" + self.digits]
        if stage is Stage.NUMBER:
            return either(ways)
        if len(self.digits) > 1:
            ways.append("e" + self.digits[-ENDS:])
        if stage >= Stage.START:
            ways += ["f" + form[:ENDS] for form in self.phone.beginnings if len(form) > 1]
            ways.append("n" + self.digits[:PREFIX])
        if stage >= Stage.ANYWHERE:
            ways += ["a" + self.digits[:PREFIX], *sorted(self.labels)]
            if len(self.digits) > 2:
                ways.append(all_of(["d" + gram for gram in cover(self.digits, 4)]))
            if self.parts:
                ways.append(all_of([part.expression(stage) for part in self.parts]))
        return either(ways)

    def sure(self, stage: Stage) -> bool:
        """Say whether the tokens alone decide."""
        most = 4 if stage >= Stage.ANYWHERE else ENDS
        return stage is Stage.NUMBER or (
            len(self.digits) <= most
            and not (self.parts and stage >= Stage.ANYWHERE)
            and not (stage is Stage.INSIDE and self._inside())
        )

    def holds(self, stage: Stage, kept: Document) -> bool:
        """Say whether a customer matches at `stage` or before."""
        return (
            self._numbered(kept)
            or (stage >= Stage.EXACT and self._exact(kept))
            or (stage >= Stage.START and self._start(kept))
            or (stage >= Stage.ANYWHERE and self._anywhere(stage, kept))
            or (stage >= Stage.INSIDE and self._inside() and _inside_local(kept, self.digits))
        )

    def _exact(self, kept: Document) -> bool:
        return len(self.digits) > 1 and self.phone.ends(kept.phones)

    def _numbered(self, kept: Document) -> bool:
        return self.digits == kept.number or self.digits in kept.names

    def _start(self, kept: Document) -> bool:
        return self.phone.begins(kept.phones) or _starts(kept.names, self.digits)

    def _anywhere(self, stage: Stage, kept: Document) -> bool:
        return (
            (len(self.digits) > 2 and self.phone.within(kept.phones))
            or kept.number.startswith(self.digits)
            or _starts(kept.others, self.digits)
            or not self.labels.isdisjoint(kept.filters)
            or (bool(self.parts) and all(part.holds(stage, kept) for part in self.parts))
        )

    def _inside(self) -> bool:
        return self.alone and len(self.digits) > 2


@dataclass(frozen=True, slots=True)
class Email:
    """A part of an e-mail address with its @."""

    raw: str

    def expression(self, stage: Stage) -> Expression:
        """Give the tokens that a customer must have to match at `stage`."""
        if stage <= Stage.EXACT:
            return "i" + self.raw
        local, _, domain = self.raw.rpartition("@")
        if len(local) < 2:
            return all_of(["a" + word[:PREFIX] for word in fold_words(domain)])
        found = _mail(local + "@")
        first = next(iter(fold_words(local)), "")
        if stage is Stage.START and first and local.startswith(first):
            return all_of(["a" + first[:PREFIX], found])
        return found

    def sure(self, stage: Stage) -> bool:
        """Say whether the tokens alone decide."""
        return stage <= Stage.EXACT and _PLAIN_EMAIL.fullmatch(self.raw) is not None

    def holds(self, stage: Stage, kept: Document) -> bool:
        """Say whether a customer matches at `stage` or before."""
        if stage <= Stage.EXACT:
            return self.raw in kept.emails
        if stage is Stage.START:
            return _starts(kept.emails, self.raw)
        return any(self.raw in email for email in kept.emails)


def _starts(found: tuple[str, ...], word: str) -> bool:
    return any(candidate.startswith(word) for candidate in found)


def _mail(part: str) -> Expression:
    """Give the tokens of e-mail addresses that may have `part` before their domain."""
    runs = grams(part, 3) if len(part) <= _SHORT else cover(part, 3)
    return all_of(["m" + run for run in runs])


def _number(word: str) -> list[str]:
    return ["w" + word] if word.isdigit() else []


def _inside_local(kept: Document, raw: str) -> bool:
    return len(raw) > 2 and any(raw in email[: email.rfind("@")] for email in kept.emails)
