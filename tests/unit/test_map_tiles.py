"""Street tiles: the pictures they come as, the servers they come from."""

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.pngs import png, whole
from tui.map.dots import Dots
from tui.map.png import LARGEST_SIDE, NotAPicture, read_png
from tui.map.sphere import Place
from tui.map.streets import NoTiles, Streets, standing_out, tiles_of
from tui.map.view import View
from tui.services.config import load_config
from tui.services.tile_address import wrong_with_address
from tui.services.tiles import LARGEST_TILE, TileServer

TEMPLATE = "https://tiles.example.org/{z}/{x}/{y}.png"
RED, WHITE, BLACK = (255, 0, 0), (255, 255, 255), (0, 0, 0)


@pytest.mark.parametrize("kind", range(5))
def test_every_filter_is_undone(kind: int) -> None:
    pixels = [[(x * 37 % 256, y * 91 % 256, (x * y) % 256) for x in range(9)] for y in range(7)]
    shades = [bytes((299 * r + 587 * g + 114 * b) // 1000 for r, g, b in row) for row in pixels]
    assert read_png(png(pixels, filter_kind=kind)).rows == tuple(shades)


def test_palettes_and_greys_of_few_bits_are_read() -> None:
    def packed(colour: int, depth: int, lines: Sequence[bytes], palette: bytes = b"") -> bytes:
        return whole(5, len(lines), depth, colour, b"".join(b"\0" + line for line in lines), palette)

    palette = bytes((*WHITE, *BLACK, *RED))
    assert read_png(packed(3, 8, [bytes((0, 1, 2, 0, 1))], palette)).rows == (bytes((255, 0, 76, 255, 0)),)
    assert read_png(packed(3, 2, [bytes((0b00011000, 0b01000000))], palette)).rows[0] == bytes(
        (255, 0, 76, 255, 0)
    )
    assert read_png(packed(0, 1, [bytes((0b10101000,))])).rows[0] == bytes((255, 0, 255, 0, 255))
    assert read_png(packed(4, 8, [bytes((0, 255, 0, 0, 9, 255, 0, 128, 255, 255))])).rows[0] == bytes(
        (0, 255, 9, 127, 255)
    )
    with pytest.raises(NotAPicture):
        read_png(packed(0, 16, [bytes(10)]))


def test_a_bomb_and_a_giant_are_refused() -> None:
    with pytest.raises(NotAPicture, match="larger"):
        read_png(whole(LARGEST_SIDE + 1, 1, 8, 0, b""))
    assert read_png(whole(1, 1, 8, 0, bytes(50_000_000))).rows == (b"\0",)
    with pytest.raises(NotAPicture, match="damaged"):
        read_png(whole(2, 2, 8, 0, b"\0"))


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=200), st.integers(0, 120), st.integers(0, 255))
def test_damaged_pictures_are_refused_and_nothing_worse(noise: bytes, at: int, byte: int) -> None:
    file = bytearray(png([[RED, BLACK]] * 3))
    file[at % len(file)] = byte
    for content in (noise, bytes(file), bytes(file[:at]), b"\x89PNG\r\n\x1a\n" + noise):
        with suppress(NotAPicture):
            read_png(content)


def street() -> bytes:
    return png([[BLACK if y % 32 == 4 else WHITE for _ in range(256)] for y in range(256)])


@pytest.mark.feature("F3.5")
def test_a_street_is_drawn_where_the_tile_has_it() -> None:
    view = View.around(Place(51.45, -2.59), 4, 80, 19)
    dark = standing_out(read_png(street()))
    streets = Streets(dict.fromkeys(tiles_of(view), dark))
    assert streets.covers(view)
    assert not streets.covers(view.zoomed(0.01, view.middle))
    dots = Dots(view.columns, view.rows)
    streets.draw(dots, view)
    drawn = [row for row in range(view.rows) if all(dots.pattern(column, row) for column in range(80))]
    assert drawn, "a line from edge to edge"
    assert len(drawn) <= 5
    assert len(tiles_of(view)) <= 6


def test_tiles_are_asked_for_round_the_world_and_not_beyond_the_poles() -> None:
    for place in (Place(0, 180), Place(89, 0), Place(-89, -180)):
        for zoom, column, row in tiles_of(View.around(place, 20, 120, 38)):
            assert 0 <= column < 1 << zoom
            assert 0 <= row < 1 << zoom


def answering(status: int = 200, content: bytes = b"", asked: list[str] | None = None) -> TileServer:
    def answer(request: httpx.Request) -> httpx.Response:
        if asked is not None:
            asked.append(str(request.url))
        return httpx.Response(status, content=content)

    return TileServer(TEMPLATE, httpx.MockTransport(answer))


async def test_a_tile_is_fetched_once_by_its_address() -> None:
    asked: list[str] = []
    server = answering(content=street(), asked=asked)
    await server.fetch([(3, 4, 2), (3, 4, 2), (3, 5, 2)])
    await server.fetch([(3, 4, 2)])
    assert sorted(asked) == [f"https://tiles.example.org/3/{x}/2.png" for x in (4, 5)]


@pytest.mark.parametrize(
    ("server", "sentence"),
    [
        (answering(403), "The tile server tiles.example.org refuses (403): outlines are shown."),
        (answering(302), "The tile server tiles.example.org refuses (302): outlines are shown."),
        (answering(200, b"<html>"), "What tiles.example.org sends are no map tiles: outlines are shown."),
        (
            answering(200, bytes(LARGEST_TILE + 1)),
            "What tiles.example.org sends is too large for a tile: outlines are shown.",
        ),
    ],
)
async def test_a_server_that_does_not_send_tiles_is_told_of(server: TileServer, sentence: str) -> None:
    with pytest.raises(NoTiles) as failed:
        await server.fetch([(1, 0, 0)])
    assert str(failed.value) == sentence
    assert not server.tiles


@pytest.mark.parametrize(
    ("template", "good"),
    [
        (TEMPLATE, True),
        ("http://127.0.0.1:8080/{z}/{x}/{y}.png", True),
        ("http://tiles.example.org/{z}/{x}/{y}.png", False),
        ("https://tiles.example.org/{z}/{x}.png", False),
        ("https://{x}.example.org/{z}/{x}/{y}.png", False),
        ("https://me:secret@example.org/{z}/{x}/{y}", False),
        ("ftp://example.org/{z}/{x}/{y}", False),
        ("https://[/{z}/{x}/{y}", False),
        ("https://example.org:99999/{z}/{x}/{y}", False),
    ],
)
def test_only_what_keeps_places_private_is_taken_for_a_tile_server(template: str, good: bool) -> None:
    assert (wrong_with_address(template) == "") == good


def test_a_wrong_tile_server_in_the_configuration_is_told_and_left_out(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text('map_tiles = "http://tiles.example.org/{z}/{x}/{y}.png"', "utf-8")
    loaded = load_config([file])
    assert loaded.config.map_tiles == ""
    assert loaded.problems == (
        f"{file}: map_tiles: Tiles come by https:// alone, for what is asked tells where customers live.",
    )
    file.write_text(f'map_tiles = "{TEMPLATE}"', "utf-8")
    assert load_config([file]).config.map_tiles == TEMPLATE
