"""The picture of a map: outlines, names and marks as rows of styled text."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from tui.map.dots import EMPTY, STREETS, Dots
from tui.map.labels import Labels
from tui.map.sphere import Place, mercator
from tui.map.view import DOTS_ACROSS, DOTS_DOWN, View
from tui.map.world import KINDS, World
from tui.text import width_of
from tui.widgets.rows import Row, Span

ADDRESS: Final = "◆"
BRANCH: Final = "○"
TOWN: Final = "·"

_ROLES: Final = {0: "accent", 1: "accent", 2: "muted", 3: "muted", 4: "match", 5: "muted", STREETS: "muted"}
"""What each layer looks like; those of `KINDS` come first."""
_THINNED: Final = {"coast": 1, "border": 2, "lake": 1, "region": 3}
"""Of a line only each so manyth dot is set: borders and coasts differ without colours too."""
_WAY: Final = 4
_GRID: Final = 5
_COUNTRIES_FROM_KM: Final = 600.0
_TOWNS_BELOW_KM: Final = 9_000.0
_BRANCH_NAMES_BELOW_KM: Final = 4_000.0
_GRID_BELOW_KM: Final = 200.0
_CELLS_A_NAME: Final = 90


@dataclass(frozen=True, slots=True)
class Mark:
    """A place with a name to show on the map."""

    name: str
    place: Place


@dataclass(frozen=True, slots=True)
class Subject:
    """What a map is of."""

    address: Mark
    branches: Sequence[Mark] = ()
    nearest: Mark | None = None


class Backdrop(Protocol):
    """A picture of streets to draw in place of outlines."""

    def draw(self, dots: Dots, view: View) -> None:
        """Put the dots of the streets."""


def picture(
    world: World,
    view: View,
    subject: Subject,
    country_name: Callable[[str], str],
    grid_km: float = 0.0,
    backdrop: Backdrop | None = None,
) -> list[Row]:
    """Draw the map. `grid_km` is how far the lines are apart that lie over the picture of a town."""
    dots = Dots(view.columns, view.rows)
    if backdrop is not None:
        backdrop.draw(dots, view)
    else:
        _outlines(dots, world, view)
        if grid_km and view.width_km < _GRID_BELOW_KM:
            _grid(dots, view, subject.address.place, grid_km)
    if subject.nearest is not None:
        _way(dots, view, subject.address.place, subject.nearest.place)
    labels = Labels(view.columns, view.rows)
    _marks(labels, view, subject)
    _names(labels, world, view, country_name, towns=backdrop is None)
    return [_row(dots, labels, row) for row in range(view.rows)]


def _outlines(dots: Dots, world: World, view: View) -> None:
    degrees = view.degrees_per_dot
    detail = 0 if degrees > 0.6 else 1 if degrees > 0.06 else 2
    for kind, pieces in world.lines(detail).items():
        # States are known as they look in a picture of their country: nearer they would be wrong.
        if kind == "region" and not 0.02 < degrees < 0.25:
            continue
        dots.pieces(pieces, view, KINDS.index(kind), _THINNED[kind])


def _grid(dots: Dots, view: View, place: Place, km: float) -> None:
    """Dot lines that are `km` apart and meet at the place."""
    step = km / view.km_per_dot
    if step < 8:
        return
    x, y = view.dot(*mercator(place))
    for across in _multiples(x, step, dots.across):
        for down in range(dots.down):
            if down % 4 == 0:
                dots.put(across, down, _GRID)
    for down in _multiples(y, step, dots.down):
        for across in range(dots.across):
            if across % 4 == 0:
                dots.put(across, down, _GRID)


def _multiples(start: float, step: float, end: int) -> Iterator[int]:
    at = start % step
    while at < end:
        yield int(at)
        at += step


def _way(dots: Dots, view: View, start: Place, end: Place) -> None:
    """Dot the straight way from one place to another."""
    ax, ay = view.dot(*mercator(start))
    bx, by = view.dot(*mercator(end))
    # Both are shown the nearer way round from the middle; across the far side of the world there is no way.
    if abs(ax - bx) < view.size / 2:
        dots.line(ax, ay, bx, by, _WAY, 3)


def _marks(labels: Labels, view: View, subject: Subject) -> None:
    address = view.cell(*mercator(subject.address.place))
    labels.sign(ADDRESS, *address, "match")
    nearest = subject.nearest
    shown = [nearest] if nearest is not None else []
    shown += [mark for mark in subject.branches if mark != nearest]
    signs = [(mark, view.cell(*mercator(mark.place))) for mark in shown]
    standing = [(mark, cell) for mark, cell in signs if labels.sign(BRANCH, *cell, "good")]
    labels.beside(subject.address.name, *address, "match")
    for mark, cell in standing:
        if view.width_km < _BRANCH_NAMES_BELOW_KM or mark == nearest:
            labels.beside(mark.name, *cell, "good")


def _names(
    labels: Labels, world: World, view: View, country_name: Callable[[str], str], *, towns: bool
) -> None:
    room = max(4, view.columns * view.rows // _CELLS_A_NAME)
    if view.width_km > _COUNTRIES_FROM_KM:
        # A web map has 256 dots for the world at zoom level 0, and twice as many at each further one.
        level = view.size / 256
        for country in world.countries:
            if room > 2 and 2 ** (country.rank - 1.7) < level * 2:
                room -= labels.across(country_name(country.code), *view.cell(country.x, country.y), "label")
    if not towns or view.width_km > _TOWNS_BELOW_KM:
        return
    half_x = view.columns * DOTS_ACROSS / 2 / view.size
    half_y = view.rows * DOTS_DOWN / 2 / view.size
    for town in world.towns:
        if abs((town.x - view.x + 0.5) % 1.0 - 0.5) > half_x or abs(town.y - view.y) > half_y:
            continue
        cell = view.cell(town.x, town.y)
        if labels.sign(TOWN, *cell, "text"):
            room -= labels.beside(town.name, *cell, "text")
            if room <= 0:
                return


def _row(dots: Dots, labels: Labels, row: int) -> Row:
    spans: list[Span] = []
    column = 0
    for label in labels.row(row):
        spans += _dotted(dots, row, column, label.column)
        spans.append(Span(label.text, label.role))
        column = label.column + width_of(label.text)
    return Row((*spans, *_dotted(dots, row, column, dots.columns)))


def _dotted(dots: Dots, row: int, start: int, end: int) -> Iterator[Span]:
    """Give the cells between two columns, those of one role as one span."""
    text, role = "", "text"
    for column in range(start, end):
        pattern = dots.pattern(column, row)
        layer = dots.layer(column, row)
        shown = role if layer == EMPTY else _ROLES[layer]
        if shown != role and text:
            yield Span(text, role)
            text = ""
        text += chr(0x2800 + pattern) if pattern else " "
        role = shown
    if text:
        yield Span(text, role)
