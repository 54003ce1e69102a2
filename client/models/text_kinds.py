"""Kinds of fields that hold text, each with its form: lines, paragraphs, phones, e-mail addresses, codes."""

import re
from dataclasses import dataclass
from typing import Any, Final

from client.models.kind import Kind, Refused
from client.text import HARMFUL_CLASS, harmful


def _refuse_harmful(value: str) -> None:
    character = harmful(value)
    if character is not None:
        sentence = f"This contains a character that cannot be stored (U+{ord(character):04X}). Take it out."
        raise Refused("control_character", sentence)


def _too_long(value: str, most: int) -> Refused:
    return Refused("too_long", f"This is too long: {len(value):,} characters, at most {most:,}.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line(Kind):
    """One line of text; blanks at both ends are dropped."""

    max_length: int = 200
    required: bool = False

    def check(self, value: str) -> str:
        """Give the text without outer blanks. Refuses line breaks, control characters and excess length."""
        _refuse_harmful(value)
        if "\n" in value or "\t" in value:
            raise Refused("several_lines", "This must be one line.")
        if len(value) > self.max_length:
            raise _too_long(value, self.max_length)
        value = value.strip()
        if self.required and not value:
            raise Refused("blank", "This cannot be empty.")
        return value

    def schema(self) -> dict[str, Any]:
        """Describe the length and the characters."""
        return _text_schema(self.max_length, HARMFUL_CLASS + "\t\n", required=self.required)


_BLANKS: Final = " \xa0\u1680\u2000-\u200a\u202f\u205f\u3000"


def _text_schema(max_length: int, refused: str, *, required: bool) -> dict[str, Any]:
    described: dict[str, Any] = {"maxLength": max_length}
    if required:
        # Blanks, one that is none, then anything: an order in which a checker never has to go back.
        blanks = _BLANKS if "\n" in refused else _BLANKS + "\t\n"
        return described | {"minLength": 1, "pattern": f"^[{blanks}]*[^{refused}\\s][^{refused}]*$"}
    return described | {"pattern": f"^[^{refused}]*$"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph(Kind):
    """Text of several lines."""

    max_length: int = 10_000
    required: bool = False

    def check(self, value: str) -> str:
        """Give the text with bare newlines and no trailing blanks. Refuses control characters."""
        value = value.replace("\r\n", "\n")
        _refuse_harmful(value)
        if len(value) > self.max_length:
            raise _too_long(value, self.max_length)
        value = value.rstrip()
        if self.required and not value.strip():
            raise Refused("blank", "This cannot be empty.")
        return value

    def schema(self) -> dict[str, Any]:
        """Describe the length and the characters."""
        return _text_schema(self.max_length, HARMFUL_CLASS, required=self.required)


_PUNCTUATION: Final = re.compile(r"[ ().\-/\xa0]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Phone(Kind):
    """A telephone number in E.164 form, such as `+442079460958`.

    Numbering plans are for forms to know: they change, and a server must not refuse what rings.
    """

    def check(self, value: str) -> str:
        """Give the number as E.164, without blanks and punctuation. Refuses what is not of that form."""
        number = _PUNCTUATION.sub("", value)
        if not number.startswith("+"):
            raise Refused(
                "not_a_phone", "This is not a phone number with its country code, such as +44 20 7946 0958."
            )
        if not re.fullmatch(r"\+[1-9][0-9]{6,14}", number, re.ASCII):
            raise Refused("not_a_phone", "This is not a phone number: a plus and 7 to 15 digits.")
        return number

    def schema(self) -> dict[str, Any]:
        """Describe E.164: a plus and at most fifteen digits."""
        return {"maxLength": 40, "pattern": r"^\+[1-9][0-9]{6,14}$"}


_ATOM: Final = f'[^\\s@<>(),;:"\\[\\]\\\\.{HARMFUL_CLASS}]+'
_ADDRESS: Final = f"{_ATOM}(\\.{_ATOM})*@{_ATOM}(\\.{_ATOM})+"


@dataclass(frozen=True, slots=True, kw_only=True)
class EmailAddress(Kind):
    """An e-mail address as people have them (the useful part of RFC 5321), at most 254 characters."""

    def check(self, value: str) -> str:
        """Give the address without outer blanks, its domain in lower case."""
        _refuse_harmful(value)
        local, _, domain = value.strip(" ").rpartition("@")
        value = f"{local}@{domain.lower()}"
        if len(value) > 254 or not re.fullmatch(_ADDRESS, value):
            raise Refused("not_an_email", "This is not an e-mail address, such as name@example.org.")
        return value

    def schema(self) -> dict[str, Any]:
        """Describe the form."""
        return {"maxLength": 254, "pattern": f"^ {{0,9}}{_ADDRESS} {{0,9}}$"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Code(Kind):
    """A short code of a standard, checked by its shape: ISO 3166-1 alpha-2, BCP 47, an IANA time zone."""

    pattern: str
    example: str
    what: str
    upper: bool = False
    max_length: int = 40

    def check(self, value: str) -> str:
        """Give the code in its usual case. Refuses what does not have the standard's shape."""
        _refuse_harmful(value)
        value = value.strip(" ")
        if self.upper and value.isascii():
            value = value.upper()
        if len(value) > self.max_length or not re.fullmatch(self.pattern, value, re.ASCII):
            raise Refused("not_a_code", f"This is not {self.what}, such as {self.example}.")
        return value

    def schema(self) -> dict[str, Any]:
        """Give the shape as a regular expression; blanks around it are accepted."""
        pattern = self.pattern.replace("A-Z", "A-Za-z") if self.upper else self.pattern
        return {"pattern": f"^ {{0,9}}({pattern}) {{0,9}}$", "examples": [self.example]}


COUNTRY: Final = Code(
    pattern="[A-Z]{2}|", example="PT", what="a two-letter country code", upper=True, max_length=2
)
"""ISO 3166-1 alpha-2, or empty."""
LANGUAGE: Final = Code(
    pattern=r"([A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,4})?", example="pt-BR", what="a language tag", max_length=44
)
"""BCP 47, or empty."""
TIME_ZONE: Final = Code(
    pattern=r"([A-Za-z_]{1,14}(/[A-Za-z0-9_+\-]{1,14}){0,2})?",
    example="Europe/Lisbon",
    what="a time zone",
    max_length=44,
)
"""A name of the IANA time zone database, or empty."""
