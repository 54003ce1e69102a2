"""Names typed with one letter wrong, missing, too many, or two letters swapped.

The beginnings of all names are kept with every form that has one letter less; a typed word and a name
that are one letter apart share such a form (or one is such a form of the other).
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, TypeGuard

from server.store.search.document import Document
from server.store.search.filters import NONE
from server.store.search.query import Query
from server.store.search.raw import Raw
from server.store.search.terms import Expression, Term, Words, either

if TYPE_CHECKING:
    from server.store.search.base import SearchIndex

_SHORTEST, _LONGEST = 4, 7
_CANDIDATES = 200

TABLE = (
    """CREATE TABLE search_typos (
        variant VARCHAR(8) NOT NULL, prefix VARCHAR(8) NOT NULL, PRIMARY KEY (variant, prefix))""",
    "CREATE INDEX ix_search_typos_prefix ON search_typos (prefix)",
)


def prefixes(names: Iterable[str]) -> set[str]:
    """Give the beginnings of names that a typo may be near to."""
    return {
        name[:length]
        for name in names
        if not name.isdigit()
        for length in range(_SHORTEST, min(len(name), _LONGEST) + 1)
    }


def add(raw: Raw, found: Iterable[str]) -> None:
    """Keep beginnings of names; those that are kept already are no error."""
    rows = sorted((variant, prefix) for prefix in found for variant in _variants(prefix))
    raw.many("INSERT INTO search_typos (variant, prefix) VALUES (?, ?) ON CONFLICT DO NOTHING", rows)


def change(index: "SearchIndex", raw: Raw, before: Document | None, after: Document | None) -> None:
    """Keep the beginnings right while a customer changes from one document to another.

    A beginning that no customer has any more is forgotten: it may have been part of an erased name.
    """
    old = prefixes(before.names) if before is not None else set()
    new = prefixes(after.names) if after is not None else set()
    missing = sorted(new - old)
    if missing:
        marks = ", ".join("?" * len(missing))
        known = raw.rows(
            f"SELECT variant FROM search_typos WHERE variant = prefix AND variant IN ({marks})",  # noqa: S608 - marks
            missing,
        )
        add(raw, set(missing).difference(row[0] for row in known))
    for prefix in sorted(old - new):
        if not index.count(raw, Query(["n" + prefix], NONE), 1):
            raw.run("DELETE FROM search_typos WHERE prefix = ?", (prefix,))


def possible(term: Term) -> TypeGuard[Words]:
    """Say whether a term is a word that may have been mistyped."""
    return isinstance(term, Words) and len(term.words) == 1 and len(term.words[0]) >= _SHORTEST


def expression(raw: Raw, term: Words) -> Expression:
    """Give the tokens of customers that may have the word that was meant."""
    word = term.words[0]
    bases = {word[:length] for length in range(min(len(word), _LONGEST - 1), _LONGEST + 2)}
    variants = sorted({variant for base in bases for variant in _variants(base)})
    marks = ", ".join("?" * len(variants))
    rows = raw.rows(
        f"SELECT DISTINCT prefix FROM search_typos WHERE variant IN ({marks})",  # noqa: S608 - question marks only
        variants,
    )
    near = {row[0] for row in rows if any(is_near(base, row[0]) for base in bases)}
    # What begins with a shorter one of them is found by that one.
    widest = [prefix for prefix in near if not any(prefix[:length] in near for length in range(len(prefix)))]
    return either(["n" + prefix for prefix in sorted(widest)[:_CANDIDATES]])


def holds(term: Words, kept: Document) -> bool:
    """Say whether a customer has the word that a term may have been meant for."""
    word = term.words[0]
    lengths = (len(word) - 1, len(word), len(word) + 1)
    return any(is_near(word, name[:length]) for name in kept.names for length in lengths)


def is_near(typed: str, meant: str) -> bool:
    """Say whether two words are at most one letter apart (optimal string alignment)."""
    if abs(len(typed) - len(meant)) > 1:
        return False
    place = 0
    for a, b in zip(typed, meant, strict=False):
        if a != b:
            break
        place += 1
    rest, other = typed[place:], meant[place:]
    return (
        rest[1:] == other[1:]
        or rest == other[1:]
        or rest[1:] == other
        or (rest[:2] == other[:2][::-1] and rest[2:] == other[2:])
    )


def _variants(word: str) -> set[str]:
    return {word, *(word[:place] + word[place + 1 :] for place in range(len(word)))}
