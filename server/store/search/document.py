"""What the index knows of one customer, and the tokens under which it is found.

A token is a letter that says what it is, and text. `w` a whole word of a name or the number, `n` the
beginning of a word of a name, `a` the beginning of any word, `d` `e` `f` digits anywhere in, at the end and
at the beginning of a telephone number, `i` a whole e-mail address, `m` three letters of one before its
domain, `x` a filter. Both databases index the same tokens.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from client.fold import fold, fold_words
from server.store.search.phones import starts

FORM = 2
"""The form of the index. With any other tokens or tables it is another one, and the index is made anew."""
PREFIX = 12
"""Beginnings of words are indexed up to this length; what is typed beyond it is checked afterwards."""
ENDS = 8
"""Ends and beginnings of telephone numbers are indexed up to this many digits."""
ARCHIVED = "0"
"""Stands before every token of a customer that is archived, so that no search has to leave those out."""
_UNSPACED_RUN = 24
_MOST_WORDS = 30
"""Of one additional field."""
_DATE = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """What a customer is found by that stands in other tables than `customers`."""

    login: str = ""
    """How the customer signs in to the portal."""
    numbers: tuple[str, ...] = ()
    """The numbers of records that were merged into this one, in order."""


NOTHING_ELSE = Elsewhere()


@dataclass(frozen=True, slots=True)
class Document:
    """One customer as the index keeps it; every member is folded and holds no blanks inside a word."""

    names: tuple[str, ...]
    others: tuple[str, ...]
    phones: tuple[str, ...]
    emails: tuple[str, ...]
    filters: tuple[str, ...]
    number: str
    archived: bool

    def stored(self) -> tuple[str, str, str, str, str, str, int]:
        """Give the members as columns."""
        return (
            " ".join(self.names),
            " ".join(self.others),
            " ".join(self.phones),
            " ".join(self.emails),
            f" {' '.join(self.filters)} ",
            self.number,
            int(self.archived),
        )

    @classmethod
    def of(cls, stored: Sequence[Any]) -> "Document":
        """Read what `stored` gave."""
        names, others, phones, emails, filters, number, archived = stored
        return cls(
            tuple(names.split()),
            tuple(others.split()),
            tuple(phones.split()),
            tuple(emails.split()),
            tuple(filters.split()),
            number,
            bool(archived),
        )


def document(
    customer: Mapping[str, Any], label_ids: Iterable[str], elsewhere: Elsewhere = NOTHING_ELSE
) -> Document:
    """Take from a row of `customers`, and from what is `elsewhere`, what the index keeps of a customer."""
    # A number that a customer had before is as good as a name.
    names: dict[str, None] = dict.fromkeys(elsewhere.numbers)
    for field in ("display_name", "given_name", "middle_name", "family_name"):
        if customer[field]:
            names.update(dict.fromkeys(words(customer[field])))
    others: dict[str, None] = {}
    for field in ("company_name", "external_id"):
        if customer[field]:
            others.update(dict.fromkeys(words(customer[field])))
    for address in customer["addresses"]:
        others.update(dict.fromkeys(words(address.get("city", ""))))
    for value in (customer.get("custom_fields") or {}).values():
        others.update(dict.fromkeys(_answer_words(value)))
    addresses = [email["address"] for email in customer["emails"]]
    if "@" in elsewhere.login:
        addresses.append(elsewhere.login)
    else:
        others.update(dict.fromkeys(words(elsewhere.login)))
    emails = tuple(dict.fromkeys("".join(fold(address).split()) for address in addresses))
    for email in emails:
        others.update(dict.fromkeys(_email_words(email)))
    digits = (
        "".join(filter(str.isdecimal, phone["number"] + phone.get("extension", "")))
        for phone in customer["phones"]
    )
    return Document(
        names=tuple(names),
        others=tuple(word for word in others if word not in names),
        phones=tuple(dict.fromkeys(number for number in digits if number.isascii() and number)),
        emails=emails,
        filters=tuple(_filters(customer, label_ids)),
        number=str(customer["number"]),
        archived=customer["archived_at"] is not None,
    )


def words(text: str) -> list[str]:
    """Give the folded words of `text` that the index keeps.

    Parts on both sides of an apostrophe or a hyphen count, and the whole as well. In scripts written
    without blanks a word may be found from any of its characters on.
    """
    found = fold_words(text)
    if "'" in text or "’" in text:
        found += fold_words(fold(text).replace("'", " "))
    if "-" in text:
        found += fold_words(fold(text).replace("-", ""))
    if not text.isascii() and any(map(_unspaced, text)):
        whole = "".join(fold_words(text))
        found += [
            word[place : place + _UNSPACED_RUN]
            for word in {*found, whole}
            for place in range(len(word))
            if _unspaced(word[place]) or (place and _unspaced(word[place - 1]))
        ]
    return list(dict.fromkeys(found))


def label_filter(label_id: str) -> str:
    """Give the token of customers that carry a label."""
    return f"xl{label_id}"


def filter_token(field: str, value: str) -> str:
    """Give the token of customers whose `status`, `branch_id`, `partner_id` or `location_id` is `value`."""
    return f"x{_FILTERS[field]}{value}"


def tokens(kept: Document) -> list[str]:
    """Give every token of a document, each once."""
    found: dict[str, None] = {"w" + kept.number: None}
    for word in kept.names:
        found["w" + word] = None
        for length in range(1, min(len(word), PREFIX) + 1):
            found["n" + word[:length]] = found["a" + word[:length]] = None
    for word in (*kept.others, kept.number):
        for length in range(1, min(len(word), PREFIX) + 1):
            found["a" + word[:length]] = None
    for number in kept.phones:
        _digit_tokens(number, found)
    for email in kept.emails:
        found["i" + email] = None
        for gram in grams(email[: email.rfind("@") + 1] or email, 3):
            found["m" + gram] = None
    for name in kept.filters:
        found[name] = None
    return [ARCHIVED + token for token in found] if kept.archived else list(found)


def grams(text: str, length: int) -> list[str]:
    """Give every run of `length` characters in `text`."""
    return [text[place : place + length] for place in range(len(text) - length + 1)]


def cover(text: str, length: int) -> list[str]:
    """Give as few runs of `length` characters as cover `text`; of a shorter text, the text."""
    places = [*range(0, len(text) - length, length), max(0, len(text) - length)]
    return [text[place : place + length] for place in places]


_FILTERS = {"status": "s", "branch_id": "b", "partner_id": "p", "location_id": "o"}


def _filters(customer: Mapping[str, Any], label_ids: Iterable[str]) -> Iterable[str]:
    for field in _FILTERS:
        if customer[field]:
            yield filter_token(field, customer[field])
    for label_id in sorted(label_ids):
        yield label_filter(label_id)


def _digit_tokens(number: str, found: dict[str, None]) -> None:
    for length in (3, 4):
        for gram in grams(number, length):
            found["d" + gram] = None
    for length in range(2, ENDS + 1):
        found["e" + number[-length:]] = None
        for form in starts(number):
            found["f" + form[:length]] = None


def _answer_words(value: Any) -> list[str]:
    """Give the words of an additional field: no dates, no yes and no."""
    if isinstance(value, bool) or _DATE.fullmatch(str(value)):
        return []
    return words(str(value))[:_MOST_WORDS]


def _email_words(email: str) -> list[str]:
    local, _, domain = email.rpartition("@")
    whole = "".join(fold_words(local))
    return [*([whole] if whole else []), *fold_words(local), *fold_words(domain)]


def _unspaced(character: str) -> bool:
    """Say whether the script puts no blanks between words: Thai, Lao, Khmer, Burmese, kana, Han, Hangul."""
    return (
        "\u0e00" <= character <= "\u0eff"
        or "\u1000" <= character <= "\u109f"
        or "\u1780" <= character <= "\u17ff"
        or "\u3040" <= character <= "\u9fff"
        or "\u1100" <= character <= "\u1112"  # the first letter of a Hangul syllable, once folded
        or "\uac00" <= character <= "\ud7a3"
        or "\uf900" <= character <= "\ufaff"
        or "\uff66" <= character <= "\uff9f"
        or "\U00020000" <= character <= "\U0003ffff"
    )
