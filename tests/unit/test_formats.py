"""Dates, numbers, phones and names as a locale writes them and as people type them."""

from datetime import UTC, date, datetime, timedelta

import pytest
from babel.localedata import locale_identifiers
from hypothesis import given
from hypothesis import strategies as st

from client.models import Service
from client.models.kinds import Refused
from tui.forms.formats import Formats

LOCALES = st.sampled_from(sorted(locale_identifiers()))
TODAY = date(2026, 11, 21)
BRITISH = Formats(dates="en_GB", numbers="en_GB", country="GB", time_zone="Europe/London")


@given(locale=LOCALES, day=st.dates(date(1880, 1, 1), date(2199, 12, 31)))
def test_a_date_is_read_as_it_is_shown_in_every_locale(locale: str, day: date) -> None:
    formats = Formats(dates=locale)
    assert formats.read_day(formats.day(day)) == day
    assert formats.read_day(formats.day_to_edit(day)) == day
    assert formats.read_day(day.isoformat()) == day


@given(
    locale=LOCALES, number=st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(10**15), 10**15)
)
def test_a_number_is_read_as_it_is_shown_in_every_locale(locale: str, number: float) -> None:
    formats = Formats(numbers=locale)
    for shown in (formats.number(number), formats.number_to_edit(number)):
        if len(shown) < 25:
            assert float(formats.read_number(shown)[0]) == float(number)


@given(
    country=st.sampled_from(["", "GB", "US", "PT", "DE", "IT", "RU", "AR", "MX", "JP", "CN", "HU", "KZ"]),
    number=st.from_regex(r"\+(1|44|351|49|39|7|54|52|81|86|36|290)[0-9]{5,11}", fullmatch=True),
)
def test_a_phone_number_is_read_as_it_is_shown_from_every_country(country: str, number: str) -> None:
    formats = Formats(country=country)
    try:
        stored = formats.read_phone(number)
    except Refused:
        return
    assert formats.read_phone(formats.phone(stored)) == stored


@given(text=st.text(max_size=40))
def test_whatever_is_typed_is_read_or_refused_with_a_sentence(text: str) -> None:
    for read in (
        BRITISH.read_day,
        BRITISH.read_number,
        BRITISH.read_phone,
        BRITISH.read_country,
        BRITISH.read_language,
        BRITISH.read_yes_no,
    ):
        sentence = "."
        try:
            read(text)
        except Refused as refused:
            sentence = refused.sentence
        assert sentence.endswith(".")


@pytest.mark.feature("F3.1")
@pytest.mark.parametrize(
    ("locale", "typed", "day"),
    [
        ("en_GB", "12.3.85", date(1985, 3, 12)),
        ("en_GB", "3/12/85", date(1985, 12, 3)),
        ("en_US", "3/12/85", date(1985, 3, 12)),
        ("en_US", "12.3.85", date(1985, 3, 12)),
        ("en_US", "25/12/85", date(1985, 12, 25)),
        ("de_DE", "120385", date(1985, 3, 12)),
        ("en_US", "03121985", date(1985, 3, 12)),
        ("sv_SE", "19850312", date(1985, 3, 12)),
        ("sv_SE", "85-03-12", date(1985, 3, 12)),
        ("en_GB", "12 Mar 1985", date(1985, 3, 12)),
        ("en_GB", "March 12th, 1985", date(1985, 3, 12)),
        ("pt_PT", "12 de março de 1985", date(1985, 3, 12)),
        ("fr_FR", "12 mars 85", date(1985, 3, 12)),
        ("ja_JP", "1985年3月12日", date(1985, 3, 12)),
        ("ru_RU", "12 марта 1985 г.", date(1985, 3, 12)),
        ("en_GB", "２１．１１．２０２６", date(2026, 11, 21)),
        ("en_GB", "yesterday", date(2026, 11, 20)),
    ],
)
def test_dates_are_taken_in_any_sensible_form(locale: str, typed: str, day: date) -> None:
    assert Formats(dates=locale).read_day(typed, past=True, today=TODAY) == day


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("30.2.1985", "There is no such day; write it like 12/03/1985."),
        ("12.3.", "The year is missing; write it like 12/03/1985."),
        ("soon", "This is not a date, such as 12/03/1985."),
        ("1 2 3 4", "This is not a date, such as 12/03/1985."),
    ],
)
def test_what_is_no_date_is_refused_with_an_example(typed: str, sentence: str) -> None:
    with pytest.raises(Refused) as refused:
        BRITISH.read_day(typed, today=TODAY)
    assert refused.value.sentence == sentence


def test_a_two_digit_year_of_a_birthday_lies_in_the_past() -> None:
    read = BRITISH.read_day
    assert read("1.1.26", past=True, today=TODAY).year == 2026
    assert read("1.1.27", past=True, today=TODAY).year == 1927
    assert read("1.1.27", today=TODAY).year == 2027
    assert read("1.1.60", today=TODAY).year == 1960


def test_ages_are_years_and_for_small_children_months() -> None:
    assert BRITISH.age(date(1985, 11, 21), TODAY) == "41 years"
    assert BRITISH.age(date(1985, 11, 22), TODAY) == "40 years"
    assert BRITISH.age(date(2025, 10, 22), TODAY) == "12 months"
    assert BRITISH.age(date(2026, 10, 1), TODAY) == "1 month"


def test_times_are_shown_in_the_local_zone_and_the_usual_clock() -> None:
    now = datetime(2026, 7, 21, 15, 0, tzinfo=UTC)
    at = datetime(2026, 7, 21, 8, 41, tzinfo=UTC)
    american = Formats(dates="en_US", time_zone="America/New_York")
    assert BRITISH.moment(at, now) == "today 09:41"
    assert BRITISH.moment(at - timedelta(days=1), now) == "yesterday 09:41"
    assert BRITISH.moment(at - timedelta(days=9), now) == "12 Jul 2026 09:41"
    assert american.clock(at) == "4:41 AM"
    assert BRITISH.ago(at, now) == "6 h ago"
    assert BRITISH.ago(now, now) == "just now"
    assert BRITISH.ago(now - timedelta(days=1), now) == "1 day ago"
    assert BRITISH.ago(now - timedelta(days=40), now) == "11 Jun 2026"


@pytest.mark.parametrize(
    ("locale", "typed", "number"),
    [
        ("fr_FR", "1 234,50", 1234.5),
        ("fr_FR", "1234.50", 1234.5),
        ("de_DE", "1.234,5", 1234.5),
        ("de_DE", "1.234", 1234),
        ("en_GB", "1.234", 1.234),
        ("en_GB", "1,234,567", 1234567),
        ("de_CH", "1’234.5", 1234.5),
        ("hi_IN", "12,34,567.5", 1234567.5),
        ("fa_IR", "۱۲۳", 123),
        ("sv_SE", "−5", -5),
        ("en_GB", ".5", 0.5),
    ],
)
def test_numbers_are_taken_in_any_sensible_form(locale: str, typed: str, number: float) -> None:
    assert float(Formats(numbers=locale).read_number(typed)[0]) == number


@pytest.mark.parametrize("typed", ["1,2,3", "1.2.3,4", "five", "1e5", "--1", ""])
def test_what_is_no_number_is_refused(typed: str) -> None:
    with pytest.raises(Refused, match=r"not a number, such as 1,234\.5"):
        BRITISH.read_number(typed)


@pytest.mark.feature("F3.2")
@pytest.mark.parametrize(
    "typed",
    [
        "020 7946 0958",
        "+44 (0)20 7946 0958",
        "+44 20 7946-0958",
        "0044 20 79460958",
        "(020) 7946.0958",
        "tel:+44-20-7946-0958",
    ],
)
def test_phones_are_taken_as_people_write_them_and_stored_as_e164(typed: str) -> None:
    assert BRITISH.read_phone(typed) == "+442079460958"


@pytest.mark.feature("F3.2")
def test_phones_are_shown_national_at_home_and_international_elsewhere() -> None:
    assert BRITISH.phone("+442079460958") == "020 7946 0958"
    assert BRITISH.phone("+351213456789") == "+351 21 345 6789"
    assert Formats().phone("+442079460958") == "+44 20 7946 0958"
    assert BRITISH.phone("not a number") == "not a number"


@pytest.mark.parametrize(
    ("country", "stored"), [("KR", "+82823935940"), ("CX", "+6151753297"), ("AR", "+5491040619012")]
)
def test_a_form_that_would_be_read_as_another_number_is_never_shown(country: str, stored: str) -> None:
    formats = Formats(country=country)
    assert formats.read_phone(formats.phone(stored)) == stored


@pytest.mark.parametrize(
    ("country", "typed", "sentence"),
    [
        ("GB", "hello", "This is not a phone number, such as 0121 234 5678."),
        ("GB", "020", "This has too few or too many digits; write it like 0121 234 5678."),
        ("US", "555 0100", "The area code is missing; write it like (201) 555-0123."),
        ("GB", "020 7946 0958 ext 12", "The extension 12 has a field of its own."),
        ("", "020 7946 0958", "This is not a phone number, such as +44 20 7946 0958."),
    ],
)
def test_a_refused_phone_says_what_is_missing(country: str, typed: str, sentence: str) -> None:
    with pytest.raises(Refused) as refused:
        Formats(country=country).read_phone(typed)
    assert refused.value.sentence == sentence


def test_countries_and_languages_are_known_by_name_and_code() -> None:
    german = Formats(dates="de_DE")
    assert [
        BRITISH.read_country(text) for text in ("pt", "Portugal", "portu", "UK", "USA", "côte d’ivoire")
    ] == [
        "PT",
        "PT",
        "PT",
        "GB",
        "US",
        "CI",
    ]
    assert german.read_country("Österreich") == german.read_country("Austria") == "AT"
    assert german.country_name("AT") == "Österreich"
    assert BRITISH.country_name("QQ") == "QQ"
    assert [BRITISH.read_language(text) for text in ("PT", "portuguese", "pt-BR")] == ["pt", "pt", "pt-BR"]
    assert BRITISH.language_name("pt-BR") == "Portuguese (Brazil)"
    assert BRITISH.language_name("no such tag") == "no such tag"
    with pytest.raises(Refused, match="not a country"):
        BRITISH.read_country("united")


def test_the_persons_environment_overrides_the_business_but_not_its_phones() -> None:
    service = Service(language="pt", country="PT", time_zone="Europe/Lisbon")
    plain = Formats.of(service, {"LANG": "C.UTF-8"})
    assert (plain.dates, plain.numbers, plain.country) == ("pt_PT", "pt_PT", "PT")
    own = Formats.of(service, {"LANG": "en_US.UTF-8", "LC_TIME": "sv_SE.UTF-8", "TZ": "Asia/Tokyo"})
    assert (own.dates, own.numbers, own.country) == ("sv_SE", "en_US", "PT")
    assert own.time_zone == "Asia/Tokyo"
    assert Formats.of(service, {"LC_ALL": "de_DE@euro", "LC_TIME": "sv_SE"}).dates == "de_DE"


def test_a_locale_or_zone_nobody_knows_breaks_nothing() -> None:
    odd = Formats(dates="xx_YY", numbers="tlh", time_zone="Mars/Olympus")
    assert odd.day(date(1985, 3, 12)) == "Mar 12, 1985"
    assert odd.number(1234.5) == "1,234.5"
    assert odd.clock(datetime(2026, 1, 1, tzinfo=UTC))
