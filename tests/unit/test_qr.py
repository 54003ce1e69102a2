"""QR codes in half blocks: the same modules as the library's, with light around them."""

import pytest
import segno

from tui.qr import half_blocks

ADDRESS = "https://desk.example.org/device?user_code=WDJB-MJHT"
LONG = "https://customers.riverside-services.example.org/keeptabs/device?user_code=WDJB-MJHT"


def modules(lines: list[str]) -> list[list[int]]:
    """Read the drawing as a camera does, where blocks are dark."""
    read: list[list[int]] = []
    for line in lines:
        read.append([int(cell in "▀█") for cell in line])
        read.append([int(cell in "▄█") for cell in line])
    return read


@pytest.mark.parametrize("text", [ADDRESS, LONG, "http://127.0.0.1:8765/device"])
@pytest.mark.parametrize("height", [21, 22, 40])
def test_a_drawing_holds_the_code_and_light_around_it(text: str, height: int) -> None:
    drawn = half_blocks(text, 50, height)
    assert drawn
    assert len(drawn) <= height
    assert len({len(line) for line in drawn}) == 1
    matrix = [list(line) for line in segno.make_qr(text, error="l").matrix]
    quiet = (len(drawn[0]) - len(matrix)) // 2
    assert 2 <= quiet <= 4
    read = modules(drawn)
    inside = [line[quiet:-quiet] for line in read[quiet : quiet + len(matrix)]]
    assert inside == matrix
    around = read[:quiet] + read[quiet + len(matrix) :] + [line[:quiet] + line[-quiet:] for line in read]
    assert not any(map(any, around))


def test_the_edge_is_four_modules_wherever_there_is_room() -> None:
    size = len(segno.make_qr(ADDRESS, error="l").matrix)
    assert len(half_blocks(ADDRESS, 80, 40)[0]) == size + 8
    assert len(half_blocks(ADDRESS, size + 5, 40)[0]) == size + 4


def test_a_code_that_does_not_fit_is_not_drawn_at_all() -> None:
    size = len(segno.make_qr(ADDRESS, error="l").matrix)
    assert half_blocks(ADDRESS, size + 3, 40) == []
    assert half_blocks(ADDRESS, 80, (size + 4) // 2) == []
    assert half_blocks(ADDRESS, 0, 0) == []


def test_the_light_drawing_is_the_dark_one_turned_over() -> None:
    dark, light = (modules(half_blocks(ADDRESS, 80, 40, light=light)) for light in (False, True))
    assert light == [[1 - module for module in line] for line in dark]
