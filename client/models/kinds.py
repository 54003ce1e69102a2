"""What a field may hold: one declaration from which checks, form fields and the contract all come.

A model's field carries its kind in `Annotated`. Reading is lenient: a client shows what a server says.
Writing is strict: `client.models.written` builds the models that check what is sent.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from client.models.kind import (
    ADMIN_ONLY,
    CREATE_ONLY,
    READ_ONLY,
    STAFF_ONLY,
    WRITE_ONLY,
    Initially,
    Kind,
    Marker,
    Refused,
)
from client.models.text_kinds import COUNTRY, LANGUAGE, TIME_ZONE, Code, EmailAddress, Line, Paragraph, Phone

__all__ = [
    "ADMIN_ONLY",
    "COUNTRY",
    "CREATE_ONLY",
    "LANGUAGE",
    "READ_ONLY",
    "STAFF_ONLY",
    "TIME_ZONE",
    "WRITE_ONLY",
    "Choice",
    "Code",
    "Day",
    "EmailAddress",
    "Initially",
    "Kind",
    "Line",
    "Marker",
    "Moment",
    "Number",
    "Paragraph",
    "Phone",
    "Reference",
    "Refused",
    "Several",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice(Kind):
    """One of a few words, each with its meaning. Readers show a word they do not know as it stands."""

    options: Mapping[str, str] = field(hash=False)
    offered: tuple[str, ...] = ()
    """The words that may be sent, where the others come only by actions; empty: all."""

    def check(self, value: str) -> str:
        """Give the word. Refuses one that is not offered, and names those that are."""
        if value not in self.choices:
            raise Refused("not_an_option", f"This must be one of: {', '.join(self.choices)}.")
        return value

    @property
    def choices(self) -> Mapping[str, str]:
        """The words that may be sent, with their meanings."""
        return {word: self.options[word] for word in self.offered} if self.offered else self.options

    def schema(self) -> dict[str, Any]:
        """Name the words."""
        return {"enum": list(self.choices)}


_FULL_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Day(Kind):
    """A calendar date (RFC 3339 full-date) between two bounds."""

    earliest: date = date(1, 1, 1)
    past: bool = False
    birth: bool = False
    """Whether readers want to know the age as well."""

    def check(self, value: date) -> date:
        """Give the date. Refuses one before `earliest`, and one to come where only the past makes sense."""
        if value < self.earliest:
            raise Refused("too_early", f"This is before {self.earliest.isoformat()}.")
        if self.past and value > date.today():  # noqa: DTZ011 - a birthday is a local date everywhere
            raise Refused("in_the_future", "This day has not come yet.")
        return value

    def take(self, value: Any) -> Any:
        """Read a full-date strictly: pydantic would take digits alone for seconds since 1970."""
        if not isinstance(value, str):
            return value
        try:
            return date.fromisoformat(value if _FULL_DATE.fullmatch(value) else "")
        except ValueError:
            raise Refused("not_a_date", "This must be a date, such as 1990-12-31.") from None

    def schema(self) -> dict[str, Any]:
        """Give the years."""
        century, year = divmod(self.earliest.year, 100)
        if century != 18:
            return {}
        years = f"18[{year // 10}-9][0-9]|19[0-9]{{2}}|[2-9][0-9]{{3}}"
        return {"pattern": f"^({years})-[0-9]{{2}}-[0-9]{{2}}$"}


_FIRST_YEAR: Final = 1900
_LAST_YEAR: Final = 2200
_INSTANT: Final = r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(\.\d{1,6})?([Zz]|[+-]\d{2}:\d{2})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment(Kind):
    """A date with a time (RFC 3339 date-time, with its offset from UTC)."""

    def check(self, value: datetime) -> datetime:
        """Give the instant. Refuses years in which nobody has an appointment."""
        if not _FIRST_YEAR <= value.year <= _LAST_YEAR:
            raise Refused("out_of_range", f"This must lie between {_FIRST_YEAR} and {_LAST_YEAR}.")
        return value

    def take(self, value: Any) -> Any:
        """Read a date-time strictly: pydantic would take digits alone for seconds since 1970."""
        if not isinstance(value, str):
            return value
        well_formed = re.fullmatch(_INSTANT, value, re.ASCII)
        try:
            return datetime.fromisoformat(value.upper().replace("Z", "+00:00") if well_formed else "")
        except ValueError:
            raise Refused(
                "not_a_moment", "This must be a date and time, such as 2026-12-31T09:30:00Z."
            ) from None


@dataclass(frozen=True, slots=True, kw_only=True)
class Number(Kind):
    """A number between two bounds, with its unit for people."""

    minimum: float
    maximum: float
    unit: str = ""

    def check(self, value: float) -> float:
        """Give the number. Refuses what lies outside the bounds."""
        if not self.minimum <= value <= self.maximum:
            raise Refused("out_of_range", f"This must lie between {self.minimum:g} and {self.maximum:g}.")
        return value

    def schema(self) -> dict[str, Any]:
        """Give the bounds."""
        return {"minimum": self.minimum, "maximum": self.maximum}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference(Kind):
    """The id of a record in another collection, such as `branches`; the server checks that it exists."""

    collection: str

    def check(self, value: str) -> str:
        """Give the id. Refuses what cannot be one."""
        if not re.fullmatch(r"[0-9A-Za-z_-]{1,64}", value, re.ASCII):
            raise Refused("not_an_id", "This is not an id.")
        return value

    def schema(self) -> dict[str, Any]:
        """Describe an id and name the collection it points into."""
        return {"maxLength": 64, "pattern": "^[0-9A-Za-z_-]{1,64}$", "x-reference": self.collection}


@dataclass(frozen=True, slots=True, kw_only=True)
class Several(Kind):
    """A list of values, each of the kind that its own model or `item` says."""

    max_items: int
    item: Kind | None = None

    def check(self, value: list[Any]) -> list[Any]:
        """Give the list with every item checked. Refuses too many."""
        if len(value) > self.max_items:
            raise Refused("too_many", f"These are too many: {len(value)}, at most {self.max_items}.")
        return value if self.item is None else [self.item.check(item) for item in value]

    def schema(self) -> dict[str, Any]:
        """Give the number of items allowed, and what each may be."""
        described: dict[str, Any] = {"maxItems": self.max_items}
        return (
            described if self.item is None else described | {"items": {"type": "string"} | self.item.schema()}
        )
