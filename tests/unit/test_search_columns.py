"""The columns of the list: which have room, and that every line is aligned whatever a name is made of."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client.models import CustomerRow
from tui.services.matching import Needles
from tui.text import one_line, width_of
from tui.widgets.customer_columns import GAP, Look, cells, flags, headings, layout
from tui.widgets.lines import Span


def text_of(spans: list[Span]) -> str:
    return "".join(span.text for span in spans)


def line(row: CustomerRow, width: int = 78, look: Look | None = None) -> str:
    return text_of(cells(row, layout(width), look or Look()))


def cell(row: CustomerRow, name: str, width: int = 78, look: Look | None = None) -> str:
    at = 0
    for column, cells_wide in layout(width):
        if column.name == name:
            whole = line(row, width, look)
            return whole[at : at + cells_wide].rstrip()
        at += cells_wide + GAP
    raise AssertionError(name)


@pytest.mark.feature("F1.1")
@pytest.mark.parametrize(
    ("width", "expected"),
    [
        (38, "name phone"),
        (45, "number name phone"),
        (56, "number name phone status"),
        (78, "number name phone city status labels"),
        (98, "number name phone city status labels"),
        (118, "number name phone email city status labels"),
        (158, "number name phone email city status labels"),
    ],
)
def test_columns_come_as_there_is_room(width: int, expected: str) -> None:
    shown = layout(width)
    assert " ".join(column.name for column, _ in shown) == expected
    assert sum(cells_wide for _, cells_wide in shown) + GAP * (len(shown) - 1) <= width


@pytest.mark.parametrize("width", [10, 20, 38, 60, 78, 100, 118, 200])
def test_headings_stand_over_their_columns(width: int) -> None:
    assert (
        width_of(text_of(headings(layout(width), "-name")))
        == width_of(line(CustomerRow(id="1"), width)) + GAP
    )


anything = st.text(max_size=40)


@given(anything, anything, st.lists(anything, max_size=4), anything, st.sampled_from([20, 38, 78, 118]))
def test_every_line_is_as_wide_as_the_next_whatever_the_names(
    name: str, city: str, labels: list[str], typed: str, width: int
) -> None:
    row = CustomerRow(id="1", number=1042, display_name=name, city=city, labels=labels, email=city)
    shown = cells(row, layout(width), Look(Needles.of(typed), frozenset({"1"})))
    plain = cells(CustomerRow(id="2"), layout(width), Look())
    assert sum(width_of(one_line(span.text)) for span in shown) == width_of(text_of(plain))


def test_wide_and_combining_names_keep_the_columns_in_place() -> None:
    for name in ("王小明 (Wang Xiaoming)", "יוסי כהן", "Zoe\u0308 A\u030angstro\u0308m", "👩‍👩‍👧 family"):
        row = CustomerRow(id="1", number=7, display_name=name, phone="+15550107731", status="active")
        before_phone = line(row).partition("+15550107731")[0]
        assert width_of(before_phone) == 28


@pytest.mark.feature("F1.1")
def test_flags_are_words_and_the_gravest_is_first() -> None:
    def words(**more: object) -> list[str]:
        return [flag.text for flag in flags(CustomerRow.model_validate({"id": "1", **more}))]

    assert words(status="active") == ["Active"]
    assert words(status="blocked", access="blocked") == ["Blocked !"]
    assert words(status="active", access="waitlist_only") == ["Wait list", "Active"]
    assert words(status="blocked", archived=True) == ["Archived", "Blocked !"]
    assert words(status="on_hold") == ["on_hold"], "a status unknown here is shown as it stands"


def test_a_warning_is_seen_also_where_the_status_has_no_room() -> None:
    row = CustomerRow(id="1", display_name="A very long name that is cut somewhere", status="blocked")
    assert cell(row, "name", 38).endswith("… !")


@pytest.mark.feature("F1.5")
def test_the_star_of_a_pinned_customer_is_seen_behind_a_long_name() -> None:
    row = CustomerRow(id="1", display_name="A very long name that is cut somewhere")
    assert cell(row, "name", look=Look(pinned=frozenset({"1"}))).endswith("… ★")


def test_labels_that_do_not_fit_are_counted() -> None:
    row = CustomerRow(id="1", labels=["vip", "donor", "residential"])
    assert cell(row, "labels") == "vip +2"
    assert cell(CustomerRow(id="1", labels=["residential", "donor"]), "labels") == "donor +1"
    assert cell(row, "labels", 158) == "vip, donor, residential"
    assert cell(row, "labels", look=Look(Needles.of("don"))) == "donor +2"
    assert cell(CustomerRow(id="1", labels=["residential", "gatekeeper"]), "labels") == "resi… +1"


def test_no_digit_of_a_customer_number_is_cut() -> None:
    row = CustomerRow(id="1", number=1234567, display_name="Joanna")
    for width in (78, 118):
        assert text_of(cells(row, layout(width, 7), Look(digits=7))).startswith("1234567 ")
        assert text_of(headings(layout(width, 7), "")).index("Name") >= 9


def test_no_digit_of_a_phone_number_is_cut() -> None:
    row = CustomerRow(id="1", phone="+5511912345678")
    look = Look(phone=lambda _: "+55 (11) 91234-5678")
    assert cell(row, "phone", look=look) == "+5511912345678"
    assert cell(row, "phone", 158, look) == "+55 (11) 91234-5678"


@pytest.mark.feature("F1.2")
def test_what_was_typed_is_highlighted_in_every_column() -> None:
    row = CustomerRow(
        id="1",
        number=1042,
        display_name="Joanna Müller",
        phone="+442079460958",
        email="jo@example.org",
        city="Oslo",
        labels=["vip", "donor"],
    )
    look = Look(Needles.of("mull 0958 example osl don"), phone=lambda _: "020 7946 0958")
    shown = [span.text for span in cells(row, layout(158), look) if span.role == "match"]
    assert shown == ["Müll", "0958", "example", "Osl", "don"]


def test_the_sorted_column_has_an_arrow() -> None:
    assert "City ↑" in text_of(headings(layout(78), "city"))
    assert "No.↓" in text_of(headings(layout(78), "-number"))
    assert "↑" not in text_of(headings(layout(78), "recent"))
