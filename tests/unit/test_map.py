"""The map: distances, views and pictures."""

import math
from functools import cache

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tui.forms.formats import Formats
from tui.map.lengths import Lengths
from tui.map.picture import Mark, Subject, picture
from tui.map.sphere import Place, from_mercator, mercator
from tui.map.view import DOTS_ACROSS, DOTS_DOWN, View
from tui.map.world import FILE, World
from tui.services.located import coordinates, locate, marks_of, nearest
from tui.terminal.glyphs import agreed, ascii_stand_in
from tui.text import width_of

LONDON, PARIS = Place(51.5074, -0.1278), Place(48.8566, 2.3522)
SUVA, APIA = Place(-18.1416, 178.4419), Place(-13.8333, -171.7667)


@cache
def shipped() -> World:
    return World.shipped()


@pytest.fixture
def world() -> World:
    return shipped()


def drawn(world: World, view: View, place: Place, *marks: Mark) -> list[str]:
    subject = Subject(Mark("Here", place), marks, nearest(place, marks))
    rows = picture(world, view, subject, lambda code: code, 10.0)
    return ["".join(span.text for span in row.spans) for row in rows]


@pytest.mark.feature("F3.5")
def test_distances_and_bearings_follow_the_great_circle() -> None:
    assert LONDON.km_to(PARIS) == pytest.approx(343.6, abs=0.5)
    assert LONDON.bearing_to(PARIS) == pytest.approx(148.1, abs=0.2)
    assert LONDON.wind_to(PARIS) == "south-east"
    assert PARIS.wind_to(LONDON) == "north-west"


def test_across_the_date_line_the_way_is_the_short_one() -> None:
    assert SUVA.km_to(APIA) == pytest.approx(1_150, abs=20)
    assert SUVA.wind_to(APIA) == "north-east"


def test_half_around_the_world_is_as_far_as_it_gets() -> None:
    assert Place(0, 0).km_to(Place(0, 180)) == pytest.approx(math.pi * 6371.0088)
    assert Place(90, 0).km_to(Place(-90, 77)) == pytest.approx(math.pi * 6371.0088)


@pytest.mark.parametrize(
    "coordinates",
    [
        (None, 1.0),
        (1.0, None),
        (math.nan, 1.0),
        (1.0, math.inf),
        (-math.inf, 0.0),
        (90.1, 0.0),
        (0.0, -180.5),
    ],
)
def test_what_is_not_on_the_globe_is_no_place(coordinates: tuple[float | None, float | None]) -> None:
    assert Place.of(*coordinates) is None


@given(st.floats(-85, 85), st.floats(-180, 179.999))
def test_a_place_comes_back_from_the_square(latitude: float, longitude: float) -> None:
    back = from_mercator(*mercator(Place(latitude, longitude)))
    assert back.latitude == pytest.approx(latitude, abs=1e-6)
    assert back.longitude == pytest.approx(longitude, abs=1e-6)


def test_zooming_leaves_the_address_where_it_is_on_the_screen() -> None:
    view = View.around(LONDON, 500, 80, 19).panned(0.25, 0.1)
    before = view.cell(*mercator(LONDON))
    assert view.zoomed(2, LONDON).cell(*mercator(LONDON)) == before
    assert view.zoomed(2, LONDON).width_km == pytest.approx(view.width_km / 2, rel=0.05)


def test_the_view_shows_no_less_than_streets_and_no_more_than_the_world() -> None:
    view = View.around(LONDON, 500, 80, 19)
    for _ in range(30):
        view = view.zoomed(2, LONDON)
    assert view.width_km == pytest.approx(2, rel=0.01)
    for _ in range(30):
        view = view.zoomed(0.5, LONDON)
    assert view.size == 160


def test_going_on_to_the_east_comes_back_from_the_west() -> None:
    view = View.around(SUVA, 1000, 80, 19).panned(1, 0)
    assert view.middle.longitude < -165
    assert view.shows(Place(SUVA.latitude, -173))


@settings(max_examples=150, deadline=None)
@given(
    latitude=st.floats(-90, 90),
    longitude=st.floats(-180, 180),
    km=st.floats(0.1, 60_000),
    columns=st.integers(1, 200),
    rows=st.integers(1, 60),
    moves=st.lists(st.sampled_from("+-lrud"), max_size=6),
)
@example(latitude=90, longitude=180, km=1, columns=80, rows=20, moves=["+", "u", "u"])
@example(latitude=-90, longitude=-180, km=60_000, columns=80, rows=20, moves=["-", "d"])
@example(latitude=0, longitude=180, km=300, columns=80, rows=20, moves=["r", "l", "l"])
def test_no_place_and_no_move_breaks_the_picture(
    latitude: float, longitude: float, km: float, columns: int, rows: int, moves: list[str]
) -> None:
    place = Place(latitude, longitude)
    view = View.around(place, km, columns, rows)
    for move in moves:
        if move in "+-":
            view = view.zoomed(2 if move == "+" else 0.5, place)
        else:
            view = view.panned({"l": -0.25, "r": 0.25}.get(move, 0), {"u": -0.25, "d": 0.25}.get(move, 0))
    lines = drawn(shipped(), view, place, Mark("Branch\x1b[31m", PARIS), Mark("東京支店", Place(35.7, 139.7)))
    assert len(lines) == rows
    assert {width_of(line) for line in lines} == {columns}


@pytest.mark.feature("F3.5")
def test_a_country_is_drawn_with_its_coast_its_towns_and_the_branches(world: World) -> None:
    lines = drawn(world, View.around(LONDON, 800, 80, 19), LONDON, Mark("Cabot", Place(51.45, -2.6)))
    text = "\n".join(lines)
    assert "◆ Here" in text
    assert "○" in text
    assert "Cabot" in text
    assert "Dublin" in text
    assert sum(0x2800 < ord(character) < 0x2900 for character in text) > 60


def test_the_coast_is_where_it_is_in_the_world(world: World) -> None:
    view = View.around(Place(51.13, 1.35), 60, 60, 20)
    column, row = view.cell(*mercator(Place(51.13, 1.35)))
    around = [
        line[column - 3 : column + 4] for line in drawn(world, view, Place(51.4, 0.9))[row - 2 : row + 3]
    ]
    assert any(0x2800 < ord(character) < 0x2900 for character in "".join(around)), "Dover lies at the sea"


def test_an_address_at_the_date_line_sees_both_sides_of_it(world: World) -> None:
    place = Place(-17.5, 179.99)
    text = "\n".join(drawn(world, View.around(place, 900, 80, 19), place, Mark("West", SUVA)))
    left, right = text.index("○"), text.index("◆")
    assert left % 81 < right % 81


def test_the_world_that_comes_along_is_small_and_has_towns_of_every_continent(world: World) -> None:
    assert FILE.stat().st_size < 450_000
    assert len(world.towns) > 7_000
    for name, country in (("Bristol", "GB"), ("são paulo", "BR"), ("Nairobi", "KE"), ("Sydney", "AU")):
        assert world.town_named(name, country) is not None
    assert world.town_named("", "GB") is None
    assert world.town_named("Bristol", "JP") is None


@pytest.mark.feature("F3.5")
def test_an_address_without_coordinates_is_shown_by_its_town_and_says_so(world: World) -> None:
    formats = Formats()
    known = {"line1": "1 Quay", "city": "Bristol", "country": "GB", "latitude": 51.45, "longitude": -2.59}
    exact = locate(known, world, formats)
    assert (exact.place, exact.doubt) == (Place(51.45, -2.59), "")
    assert exact.link == (
        "https://www.openstreetmap.org/?mlat=51.45000&mlon=-2.59000#map=16/51.45000/-2.59000"
    )
    town = locate({"line1": "1 Quay", "city": "bristol", "country": "gb"}, world, formats)
    assert town.place is not None
    assert town.place.km_to(Place(51.45, -2.59)) < 10
    assert town.doubt == "No coordinates: this is the middle of Bristol."
    assert "mlat" not in town.link
    country = locate({"city": "Nowhere-on-Sea", "country": "GB"}, world, formats)
    assert country.doubt == "No coordinates: only the country, United Kingdom, is known."
    assert locate({"city": "Nowhere-on-Sea"}, world, formats).place is None
    for wrong in (math.nan, "51", True, 1e308):
        assert locate({"latitude": wrong, "longitude": 1.0}, world, formats).place is None


def test_branches_without_a_place_are_left_out() -> None:
    from client.models import Branch

    known = {
        "id": "b",
        "version": 1,
        "created_at": "2026-01-01T00:00:00Z",
        "updated_at": "2026-01-01T00:00:00Z",
    }
    branches = [
        Branch.model_validate(known | {"name": "Here", "latitude": 1.0, "longitude": 2.0}),
        Branch.model_validate(known | {"name": "Nowhere"}),
    ]
    assert [mark.name for mark in marks_of(branches)] == ["Here"]
    assert nearest(LONDON, []) is None


def test_lengths_are_told_as_the_country_has_them() -> None:
    formats = Formats(numbers="en_US")
    km, miles = Lengths.of("de_DE", formats.number), Lengths.of("en_US", formats.number)
    assert [km.told(length) for length in (0.004, 0.85, 12.44, 1_234.4)] == [
        "10 m",
        "850 m",
        "12.4 km",
        "1,234 km",
    ]
    assert [miles.told(length) for length in (0.85, 12.44, 1_234.4)] == ["0.5 mi", "7.7 mi", "767 mi"]
    assert km.told_round(km.round_km(0.7)) == "500 m"
    assert km.told_round(km.round_km(99)) == "50 km"
    assert miles.told_round(miles.round_km(40)) == "20 mi"
    assert coordinates(Place(-33.86785, 151.20732), formats) == "33.8678° S, 151.2073° E"


def test_where_only_ascii_can_be_shown_a_picture_keeps_its_shape() -> None:
    stand_ins = {code: ascii_stand_in(chr(code), 1) for code in range(0x2800, 0x2900)}
    assert all(len(shown) == 1 and shown.isascii() and shown.isprintable() for shown in stand_ins.values())
    assert [stand_ins[0x2800 + dots] for dots in (0, 0x47, 0xC0, 0x12, 0xFF)] == [" ", "|", "_", "-", "#"]
    assert "?" not in stand_ins.values()
    assert not any(shown.isalnum() for shown in stand_ins.values()), "it would be read as text"
    assert agreed("⣿"), "terminals agree on how wide braille is"


def test_dots_are_square() -> None:
    assert DOTS_DOWN == 2 * DOTS_ACROSS
