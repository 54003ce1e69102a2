"""Amounts of bytes: read as people type them, shown short, never rounded where they are typed over."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client.models import Allowance, BonusGrant
from client.models.kinds import Refused
from client.models.volume import MOST
from tui.forms.fields import fields_of
from tui.forms.formats import Formats
from tui.forms.values import read, shown
from tui.forms.volumes import read_volume, shown_volume, volume_to_edit

GB = 10**9


@pytest.mark.feature("F7.3")
@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("200", 200 * GB),
        ("200 GB", 200 * GB),
        ("1,5 tb", 1_500 * GB),
        ("500MB", GB // 2),
        ("0,5 g", GB // 2),
        ("12 B", 12),
    ],
)
def test_amounts_are_read_in_any_unit_and_without_one_as_gigabytes(text: str, size: int) -> None:
    assert read_volume(text, "de") == size


@pytest.mark.parametrize("text", ["much", "3 GiB", "0,5 B", "GB"])
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        read_volume(text, "de")


@given(st.integers(0, MOST), st.sampled_from(["en_GB", "de_DE", "fr_FR", "hi_IN"]))
def test_what_is_typed_over_keeps_every_byte(size: int, locale: str) -> None:
    assert read_volume(volume_to_edit(size, locale), locale) == size


def test_amounts_are_shown_in_the_unit_that_fits() -> None:
    sizes = (0, 999, 48_300_000_000, 48_349_000_000, 999_900_000_000, MOST)
    assert [shown_volume(size, "en") for size in sizes] == [
        "0 B",
        "999 B",
        "48.3 GB",
        "48.3 GB",
        "1000 GB",
        "1000 TB",
    ]


def test_a_form_refuses_more_than_there_can_be_and_a_bonus_of_nothing() -> None:
    cap, amount = fields_of(Allowance)["manual_cap"], fields_of(BonusGrant)["amount"]
    formats = Formats()
    assert shown(cap, read(cap, "250", formats), formats, {}) == "250 GB"
    assert read(cap, "", formats) is None
    for field, text in ((cap, "1001 TB"), (amount, "0")):
        with pytest.raises(Refused):
            read(field, text, formats)
