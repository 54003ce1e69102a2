"""Amounts and moments as people type and read them."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client.models.kinds import Refused
from client.models.money import Money, Price, digits_of, money_of_minor, total
from tui.forms.formats import Formats

LONDON = Formats(dates="en_GB", numbers="en_GB", country="GB", currency="GBP", time_zone="Europe/London")
LISBON = Formats(dates="pt_PT", numbers="pt_PT", country="PT", currency="EUR", time_zone="Europe/Lisbon")
NOW = datetime(2026, 11, 21, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "amount", "currency"),
    [
        ("12.50", "12.50", "GBP"),
        ("€12", "12", "EUR"),
        ("1 234,50 CHF", "1234.50", "CHF"),
        ("1,234", "1234", "GBP"),
        ("12.345 kwd", "12.345", "KWD"),
    ],
)
def test_money_is_read_as_people_write_it(typed: str, amount: str, currency: str) -> None:
    assert LONDON.read_money(typed) == Money(amount=amount, currency=currency)


def test_a_point_that_cannot_part_cents_parts_thousands() -> None:
    assert LISBON.read_money("1.234") == Money(amount="1234", currency="EUR")
    assert LISBON.read_money("1.234,5") == Money(amount="1234.5", currency="EUR")


def test_money_has_the_digits_of_its_currency_and_no_more() -> None:
    assert Price().check(Money(amount="12.5", currency="EUR")).amount == "12.50"
    assert Price().check(Money(amount="12", currency="JPY")).amount == "12"
    with pytest.raises(Refused, match="JPY has no digits behind the point"):
        Price().check(Money(amount="12.5", currency="JPY"))
    with pytest.raises(Refused, match="less than nothing"):
        Price().check(Money(amount="-1", currency="EUR"))


@given(st.integers(-(10**13), 10**13), st.sampled_from(["EUR", "JPY", "KWD", "CLF"]))
def test_smallest_units_and_money_are_the_same(minor: int, currency: str) -> None:
    money = money_of_minor(minor, currency)
    assert money.minor == minor
    assert -money.exact.as_tuple().exponent == digits_of(currency)  # type: ignore[operator]


def test_a_total_is_exact_and_of_one_currency() -> None:
    parts = [Money(amount="0.10", currency="EUR")] * 3 + [Money(amount="5", currency="USD")]
    assert total(parts, "EUR") == Money(amount="0.30", currency="EUR")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("12/3/2027 14:30", datetime(2027, 3, 12, 14, 30, tzinfo=UTC)),
        ("12 Mar 2027 2:30 pm", datetime(2027, 3, 12, 14, 30, tzinfo=UTC)),
        ("12.3.27 9.30", datetime(2027, 3, 12, 9, 30, tzinfo=UTC)),
        ("tomorrow 9", datetime(2026, 11, 22, 9, tzinfo=UTC)),
        ("2pm", datetime(2026, 11, 21, 14, tzinfo=UTC)),
        ("9:15", datetime(2026, 11, 22, 9, 15, tzinfo=UTC)),
        ("1/7/2027 12am", datetime(2027, 6, 30, 23, tzinfo=UTC)),
    ],
)
def test_a_moment_is_read_in_the_zone_of_the_office(typed: str, meant: datetime) -> None:
    assert LONDON.read_moment(typed, NOW) == meant


@pytest.mark.parametrize("typed", ["12 March 2027", "12/3/2027", "13pm", "tomorrow", "25:00", ""])
def test_a_moment_needs_a_day_and_a_time(typed: str) -> None:
    with pytest.raises(Refused):
        LONDON.read_moment(typed, NOW)


@given(st.integers(0, 40_000_000))
def test_what_is_shown_to_type_over_is_read_back(minutes: int) -> None:
    at = datetime(2001, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    for formats in (LONDON, LISBON):
        read = formats.read_moment(formats.moment_to_edit(at), NOW)
        # An hour that the clock shows twice in autumn is the first of the two.
        assert read - at in (timedelta(0), timedelta(hours=-1))
