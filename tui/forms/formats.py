"""How a person's locale writes dates, times, numbers, phones and names, and how all of these are read."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from client.fold import fold
from client.models.kinds import Refused
from client.models.service import Service
from tui.forms import amounts, locales, moments, numbers, phones
from tui.forms.days import read_day

if TYPE_CHECKING:
    from client.models.money import Money

_YES: Final = frozenset({"y", "yes", "true", "1", "on", "x"})
_NO: Final = frozenset({"n", "no", "false", "0", "off", ""})


@dataclass(frozen=True)
class Formats:
    """Shows values as a locale writes them, and reads them in any sensible form.

    What is read comes back as a value or raises `client.models.kinds.Refused` with a sentence.
    """

    dates: str = "en_GB"
    """Locale of dates and of the names of countries and languages."""
    numbers: str = "en_GB"
    """Locale of numbers."""
    country: str = ""
    """ISO 3166-1 alpha-2: phone numbers without a country code are numbers of this country."""
    currency: str = "EUR"
    """ISO 4217: amounts without a currency are of this one."""
    time_zone: str = ""
    """A name of the IANA time zone database; empty: the zone of this machine."""

    @classmethod
    def of(cls, service: Service, environment: Mapping[str, str]) -> "Formats":
        """Take the business's locale, overridden by the person's own environment.

        `LC_ALL`, `LC_TIME`, `LC_NUMERIC`, `LANG` and `TZ` (POSIX) count.
        The country of phone numbers stays that of the business.
        """
        own = service.language.replace("-", "_") or "en"
        if "_" not in own and service.country:
            own = f"{own}_{service.country}"
        return cls(
            dates=locales.posix_locale(environment, "LC_TIME") or own,
            numbers=locales.posix_locale(environment, "LC_NUMERIC") or own,
            country=service.country,
            currency=service.currency or cls.currency,
            time_zone=environment.get("TZ", "").lstrip(":") or service.time_zone,
        )

    def warm(self) -> None:
        """Load what the first form would wait for: worth a thread once the first screen is painted."""
        self.read_day("1 Jan 2000")
        self.number(1.5)
        self.phone("+442079460958")

    def day(self, value: date) -> str:
        """Give a date with the name of its month where the locale has it so: `12 Mar 1985`."""
        return locales.written_day(value, self.dates)

    def day_to_edit(self, value: date) -> str:
        """Give a date in numbers, quick to type over: `12/03/1985`."""
        return locales.numeric_day(value, self.dates)

    def read_day(self, text: str, *, past: bool = False, today: date | None = None) -> date:
        """Give the date that `text` names; see `tui.forms.days.read_day`."""
        return read_day(text, locales.day_words(self.dates), past=past, today=today or self.today())

    def today(self) -> date:
        """Give the date of today in the time zone."""
        return datetime.now(self.zone).date()

    def age(self, born: date, today: date | None = None) -> str:
        """Give an age in words: `41 years`; months below two years."""
        today = today or self.today()
        months = (today.year - born.year) * 12 + today.month - born.month - (today.day < born.day)
        return _count(months // 12, "year") if months >= 24 else _count(max(months, 0), "month")

    def clock(self, at: datetime) -> str:
        """Give the time of day: `09:41`, or `9:41 AM` where that is usual."""
        from babel import dates

        local = at.astimezone(self.zone)
        return locales.plain(dates.format_time(local.time(), "short", locale=locales.locale_of(self.dates)))

    def moment(self, at: datetime, now: datetime | None = None, *, weekday: bool = False) -> str:
        """Give date and time: `today 09:41`, `tomorrow 09:41`, `12 Mar 1985 09:41`, or `Tue 12 Mar …`."""
        day = at.astimezone(self.zone).date()
        days = ((now or datetime.now(UTC)).astimezone(self.zone).date() - day).days
        named = {0: "today", 1: "yesterday", -1: "tomorrow"}.get(days)
        written = f"{locales.weekday(day, self.dates)} {self.day(day)}" if weekday else self.day(day)
        return f"{named or written} {self.clock(at)}"

    def moment_to_edit(self, at: datetime) -> str:
        """Give date and time in numbers, quick to type over: `12/03/2027 14:30`."""
        local = at.astimezone(self.zone)
        return f"{self.day_to_edit(local.date())} {local:%H:%M}"

    def read_moment(self, text: str, now: datetime | None = None) -> datetime:
        """Give the instant that `text` names in the time zone; a time alone is today's, or tomorrow's."""
        local = (now or datetime.now(UTC)).astimezone(self.zone)
        return moments.read_moment(text, local, lambda day: self.read_day(day, today=local.date()))

    def ago(self, at: datetime, now: datetime | None = None) -> str:
        """Give how long ago something was: `just now`, `5 min ago`, `3 days ago`, then the date."""
        passed = (now or datetime.now(UTC)) - at
        if passed < timedelta(minutes=1):
            return "just now"
        if passed < timedelta(hours=1):
            return f"{passed // timedelta(minutes=1)} min ago"
        if passed < timedelta(days=1):
            return f"{passed // timedelta(hours=1)} h ago"
        if passed < timedelta(days=14):
            return f"{_count(passed.days, 'day')} ago"
        return self.day(at.astimezone(self.zone).date())

    @cached_property
    def zone(self) -> tzinfo | None:
        """The time zone that times are shown in; None is this machine's."""
        try:
            return ZoneInfo(self.time_zone) if self.time_zone else None
        except (ZoneInfoNotFoundError, ValueError, OSError):
            return None

    def number(self, value: float) -> str:
        """Give a number with its groups: `1 234,5`."""
        return numbers.shown_number(value, self.numbers)

    def number_to_edit(self, value: float) -> str:
        """Give a number without groups: `1234,5`."""
        return numbers.shown_number(value, self.numbers, groups=False)

    def read_number(self, text: str) -> list[Decimal]:
        """Give the numbers that `text` can mean, the likeliest first."""
        return numbers.read_number(text, self.numbers)

    def money(self, amount: str, currency: str) -> str:
        """Give an amount as the locale writes it: `€1,234.50`."""
        return amounts.shown_money(amount, currency, self.numbers)

    def money_to_edit(self, amount: str, currency: str) -> str:
        """Give an amount to type over, the currency behind it where it is not the own: `1234.50`."""
        return amounts.money_to_edit(amount, currency, self.numbers, self.currency)

    def read_money(self, text: str) -> "Money":
        """Give the money that `text` names, of the own currency where it names none."""
        return amounts.read_money(text, self.numbers, self.currency)

    def phone(self, value: str) -> str:
        """Give a stored E.164 number as people write it: national for the own country, else international."""
        return phones.shown_phone(value, self.country)

    def read_phone(self, text: str) -> str:
        """Give the E.164 form of a number typed in any way."""
        return phones.read_phone(text, self.country)

    @property
    def phone_example(self) -> str:
        """A number as it is written in the own country."""
        return phones.example_phone(self.country)

    def country_name(self, code: str) -> str:
        """Give a country's name; a code that is unknown stands for itself."""
        return locales.plain(locales.locale_of(self.dates).territories.get(code, code))

    def read_country(self, text: str) -> str:
        """Give the code of a country named by a code, its name, or an unmistakable beginning of it."""
        from babel import core

        # `UK`, `USA`, `GBR` and codes of countries that were renamed.
        known_as = core.get_global("territory_aliases").get(text.strip().upper(), ())
        if len(known_as) == 1:
            return str(known_as[0])
        codes = locales.codes_by_name("territories", self.dates)
        return locales.find_code(text, codes, "a country", "Portugal or PT")

    def language_name(self, tag: str) -> str:
        """Give a language's name, `Portuguese (Brazil)`; a tag that is unknown stands for itself."""
        from babel import Locale, UnknownLocaleError

        try:
            name = Locale.parse(tag, sep="-").get_display_name(locales.locale_of(self.dates))
        except (UnknownLocaleError, ValueError, TypeError):
            return tag
        return locales.plain(name or tag)

    def read_language(self, text: str) -> str:
        """Give the tag of a language named by its tag, its name, or an unmistakable beginning of it."""
        if "-" in text:
            return text.strip()
        codes = locales.codes_by_name("languages", self.dates)
        return locales.find_code(text, codes, "a language", "Portuguese or pt-BR")

    @staticmethod
    def yes_no(value: object) -> str:
        """Give `yes` or `no`."""
        return "yes" if value else "no"

    @staticmethod
    def read_yes_no(text: str) -> bool:
        """Give what `yes`, `y`, `on`, `1` and their opposites say."""
        word = fold(text.strip())
        if word not in _YES | _NO:
            raise Refused("not_yes_or_no", "This must be yes or no.")
        return word in _YES

    @staticmethod
    def word(value: str) -> str:
        """Give a word of an enumeration as people read it: `waitlist_only` is `Wait list only`."""
        words = Formats.words(value)
        return words[:1].upper() + words[1:]

    @staticmethod
    def words(value: str) -> str:
        """Give that word as it stands within a sentence: `wait list only`."""
        return value.replace("_", " ").replace("waitlist", "wait list")


def _count(number: int, unit: str) -> str:
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"
