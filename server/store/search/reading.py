"""What was typed, read as terms."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from client.fold import fold, fold_words
from server.store.search.document import label_filter
from server.store.search.phones import fragment
from server.store.search.terms import Digits, Email, Term, Words


def read(typed: str, labels: Mapping[str, Sequence[str]]) -> list[Term]:
    """Read what was typed. `labels` has the folded words of each label's name, by the label's id."""
    chunks = fold(typed).split()
    reader = _Reader(labels, alone=len(chunks) == 1)
    terms: list[Term] = []
    run: list[str] = []
    for chunk in [*chunks, ""]:
        if chunk and not _NOT_PHONE.search(chunk):
            run.append(chunk)
            continue
        terms += reader.digits(run)
        run = []
        terms += reader.email(chunk) if "@" in chunk else reader.words(chunk)
    return terms


_NOT_PHONE = re.compile(r"[^+\d().\-/]")
_MOST_LABELS = 32
_AROUND = "\"'*()[]{}<>,;:"


@dataclass(frozen=True, slots=True)
class _Reader:
    """Makes terms of chunks."""

    known_labels: Mapping[str, Sequence[str]]
    alone: bool

    def digits(self, run: list[str]) -> list[Term]:
        phone = fragment(" ".join(run))
        if not phone.anywhere:
            return []
        apart = [digits for chunk in run if (digits := fragment(chunk).anywhere)]
        # Two numbers, unless they read as the parts of one.
        several = len(apart) > 1 and run[0][0] not in "+(0" and all(len(digits) > 2 for digits in apart)
        parts = tuple(self._number(digits, ()) for digits in apart) if several else ()
        return [Digits(phone.anywhere, phone, self._labels(phone.anywhere), parts, self.alone)]

    def email(self, chunk: str) -> list[Term]:
        raw = chunk.strip(_AROUND)
        local, _, domain = raw.rpartition("@")
        return [Email(raw)] if len(local) > 1 or fold_words(domain) else self.words(chunk)

    def words(self, chunk: str) -> list[Term]:
        found = fold_words(chunk)
        if not found:
            return []
        if len(found) == 1 and found[0].isascii() and found[0].isdigit():
            return [self._number(found[0], ())]
        labels = tuple(self._labels(word) for word in found)
        return [Words(chunk.strip(_AROUND), tuple(found), labels, self.alone)]

    def _number(self, digits: str, parts: tuple[Digits, ...]) -> Digits:
        return Digits(digits, fragment(digits), self._labels(digits), parts, self.alone)

    def _labels(self, word: str) -> frozenset[str]:
        """Give the filters of the labels that a word may stand for; none where it says too little."""
        found = frozenset(
            label_filter(label_id)
            for label_id, words in self.known_labels.items()
            for known in words
            if known.startswith(word)
        )
        return found if len(found) <= _MOST_LABELS else frozenset()
