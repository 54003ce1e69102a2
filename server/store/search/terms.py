"""What was typed, read as terms: words, digits, parts of e-mail addresses.

Each term says for every stage of a search which tokens a customer must have, and checks a document where
the tokens alone leave a doubt. A later stage takes in all of the stages before it.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Protocol

from client.fold import fold, fold_words
from server.store.search.document import PREFIX, Document, grams, label_filter
from server.store.search.phones import Fragment, fragment


class Stage(IntEnum):
    """How well a customer matches, best first."""

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


class Term(Protocol):
    """One thing that was typed."""

    def expression(self, stage: Stage) -> Expression:
        """Give the tokens that a customer must have to match at `stage` or before."""

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


@dataclass(frozen=True, slots=True)
class Words:
    """A chunk of text without blanks: one word, or several such as `joanna.smith`."""

    raw: str
    words: tuple[str, ...]
    labels: tuple[frozenset[str], ...]
    """For each word the filters of the labels that it may stand for."""

    def expression(self, stage: Stage) -> Expression:
        """Give the tokens that a customer must have to match at `stage` or before."""
        if stage is Stage.EXACT:
            return all_of(["w" + word for word in self.words])
        if stage is Stage.START:
            return all_of([either(["n" + word[:PREFIX], *_number(word)]) for word in self.words])
        anywhere = all_of(
            [
                either(["a" + word[:PREFIX], *sorted(labels)])
                for word, labels in zip(self.words, self.labels, strict=True)
            ]
        )
        if stage is Stage.ANYWHERE or len(self.raw) < 3:
            return anywhere
        return either([anywhere, all_of(["m" + gram for gram in grams(self.raw, 3)])])

    def sure(self, stage: Stage) -> bool:
        """Say whether the tokens alone decide."""
        if stage is Stage.EXACT:
            return True
        return stage < Stage.INSIDE and all(len(word) <= PREFIX for word in self.words)

    def holds(self, stage: Stage, kept: Document) -> bool:
        """Say whether a customer matches at `stage` or before."""
        if stage is Stage.EXACT:
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
        return stage is Stage.INSIDE and _inside_local(kept, self.raw)


@dataclass(frozen=True, slots=True)
class Digits:
    """Digits typed for a telephone number, or for a customer number."""

    digits: str
    phone: Fragment
    labels: frozenset[str]
    parts: "tuple[Digits, ...]"
    """The same digits read one by one, where blanks stood between them."""

    def expression(self, stage: Stage) -> Expression:
        """Give the tokens that a customer must have to match at `stage` or before."""
        ways: list[Expression] = [*_ends(self.digits), "w" + self.digits]
        if stage >= Stage.START:
            ways += [part for form in self.phone.beginnings for part in _begins(form)]
            ways.append("n" + self.digits[:PREFIX])
        if stage >= Stage.ANYWHERE:
            ways += [*_within(self.digits), "a" + self.digits[:PREFIX], *sorted(self.labels)]
        if stage >= Stage.INSIDE and len(self.digits) > 2:
            ways.append(all_of(["m" + gram for gram in grams(self.digits, 3)]))
        if self.parts:
            ways.append(all_of([part.expression(stage) for part in self.parts]))
        return either(ways)

    def sure(self, stage: Stage) -> bool:
        """Say whether the tokens alone decide."""
        return len(self.digits) <= 4 and not self.parts and stage < Stage.INSIDE

    def holds(self, stage: Stage, kept: Document) -> bool:
        """Say whether a customer matches at `stage` or before."""
        return (
            self._exact(kept)
            or (stage >= Stage.START and self._start(kept))
            or (stage >= Stage.ANYWHERE and self._anywhere(kept))
            or (stage >= Stage.INSIDE and len(self.digits) > 2 and _inside_local(kept, self.digits))
            or (bool(self.parts) and all(part.holds(stage, kept) for part in self.parts))
        )

    def _exact(self, kept: Document) -> bool:
        ends = len(self.digits) > 1 and self.phone.ends(kept.phones)
        return ends or self.digits == kept.number or self.digits in kept.names

    def _start(self, kept: Document) -> bool:
        begins = any(len(form) > 1 for form in self.phone.beginnings) and self.phone.begins(kept.phones)
        return begins or _starts(kept.names, self.digits)

    def _anywhere(self, kept: Document) -> bool:
        return (
            (len(self.digits) > 2 and self.phone.within(kept.phones))
            or kept.number.startswith(self.digits)
            or _starts(kept.others, self.digits)
            or not self.labels.isdisjoint(kept.filters)
        )


@dataclass(frozen=True, slots=True)
class Email:
    """A part of an e-mail address with its @."""

    raw: str

    def expression(self, stage: Stage) -> Expression:  # noqa: ARG002 - the same tokens at every stage
        """Give the tokens that a customer must have to match at `stage` or before."""
        local, _, domain = self.raw.rpartition("@")
        found: list[Expression] = ["m" + gram for gram in grams(local + "@", 3)] if local else []
        found += ["a" + word[:PREFIX] for word in fold_words(domain)]
        return all_of(found)

    def sure(self, stage: Stage) -> bool:  # noqa: ARG002 - never
        """Say whether the tokens alone decide."""
        return False

    def holds(self, stage: Stage, kept: Document) -> bool:
        """Say whether a customer matches at `stage` or before."""
        if stage is Stage.EXACT:
            return self.raw in kept.emails
        if stage is Stage.START:
            return _starts(kept.emails, self.raw)
        return any(self.raw in email for email in kept.emails)


def read(typed: str, labels: Mapping[str, Sequence[str]]) -> list[Term]:
    """Read what was typed. `labels` has the folded words of each label's name, by the label's id."""

    def labels_of(word: str) -> frozenset[str]:
        return frozenset(
            label_filter(label_id) for label_id, of in labels.items() if any(w.startswith(word) for w in of)
        )

    text = fold(typed)
    terms: list[Term] = []
    run: list[str] = []
    for chunk in [*text.split(), ""]:
        if chunk and not re.search(r"[^+\d().\-/]", chunk):
            run.append(chunk)
            continue
        if run:
            terms += _digits(run, labels_of)
            run = []
        if "@" in chunk:
            terms += _email(chunk)
        elif found := fold_words(chunk):
            terms.append(_words(chunk, found, labels_of))
    return terms


def _words(chunk: str, found: list[str], labels_of: Callable[[str], frozenset[str]]) -> Term:
    if len(found) == 1 and found[0].isascii() and found[0].isdigit():
        return Digits(found[0], fragment(found[0]), labels_of(found[0]), ())
    return Words(chunk.strip("\"'*()[]{}<>,;:"), tuple(found), tuple(labels_of(word) for word in found))


def _digits(run: list[str], labels_of: Callable[[str], frozenset[str]]) -> list[Term]:
    typed = " ".join(run)
    phone = fragment(typed)
    if not phone.anywhere:
        return []
    apart = [fragment(chunk).anywhere for chunk in run]
    parts = [Digits(digits, fragment(digits), labels_of(digits), ()) for digits in apart if digits]
    return [Digits(phone.anywhere, phone, labels_of(phone.anywhere), tuple(parts) if len(parts) > 1 else ())]


def _email(chunk: str) -> list[Term]:
    chunk = chunk.strip("\"'*()[]{}<>,;:")
    term = Email(chunk)
    local, _, domain = chunk.rpartition("@")
    return [term] if fold_words(domain) or len(local) > 1 else []


def _starts(found: tuple[str, ...], word: str) -> bool:
    return any(candidate.startswith(word) for candidate in found)


def _number(word: str) -> list[str]:
    return ["w" + word] if word.isdigit() else []


def _inside_local(kept: Document, raw: str) -> bool:
    return len(raw) > 2 and any(raw in email[: email.rfind("@")] for email in kept.emails)


def _ends(digits: str) -> list[Expression]:
    return [all_of(["e" + digits[-4:], *_longer(digits)])] if len(digits) > 1 else []


def _begins(digits: str) -> list[Expression]:
    return [all_of(["f" + digits[:4], *_longer(digits)])] if len(digits) > 1 else []


def _within(digits: str) -> list[Expression]:
    if len(digits) < 3:
        return []
    return [all_of(["d" + gram for gram in grams(digits, min(len(digits), 4))])]


def _longer(digits: str) -> list[Expression]:
    return ["d" + gram for gram in grams(digits, 4)] if len(digits) > 4 else []
