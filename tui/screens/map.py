"""The map of an address, drawn from outlines that come along: it needs no network."""

import asyncio
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from textual import work
from textual.app import ComposeResult

from tui.commands.map import MAP
from tui.forms.formats import Formats
from tui.map.lengths import Lengths
from tui.map.picture import Mark, Subject, picture
from tui.map.sphere import Place
from tui.map.streets import STREETS_BELOW_KM, NoTiles, Streets, tiles_of
from tui.map.view import COUNTRY_KM, DOTS_ACROSS, TOWN_KM, View
from tui.map.world import World
from tui.screens.handing import HandsOver
from tui.services.located import Located, coordinates, locate, marks_of, nearest, nearest_town
from tui.widgets.lines import Lines, Row, Span, edges, row

if TYPE_CHECKING:
    from tui.services.tiles import TileServer

_LOOKED_AT_SECONDS: Final = 0.25
"""Tiles are fetched for a picture that stays, not for each on the way there."""
_HEAD_ROWS: Final = 2
_FOOT_ROWS: Final = 1
_STEP: Final = 0.25
"""How much of the picture an arrow key moves it."""
_HERE_KM: Final = 0.05
_AT_FIRST_KM: Final = 300.0
_BRANCH_IN_SIGHT_KM: Final = 400.0
"""A map begins with the nearest branch in it, unless that is farther away."""


class MapLines(Lines):
    """Title, picture and scale."""

    def __init__(self, located: Located, world: World, formats: Formats) -> None:
        super().__init__()
        self.located = located
        self.world = world
        self.formats = formats
        self.lengths = Lengths.of(formats.dates, formats.number)
        self.view: View | None = None
        self.marks: Sequence[Mark] = ()
        self.streets: Streets | None = None
        self.streets_from = ""
        """The host that streets come from."""
        self.begun = False
        """Whether the person has moved the map: then it stays where it is."""

    @property
    def nearest(self) -> Mark | None:
        """The branch with the shortest way to the address."""
        place = self.located.place
        return nearest(place, self.marks) if place else None

    @cached_property
    def town(self) -> Mark | None:
        """The nearest populated place."""
        place = self.located.place
        return nearest_town(place, self.world) if place else None

    def first_view(self) -> View | None:
        """Give the view that a map begins with: the address and the nearest branch."""
        if self.located.place is None:
            return None
        place, branch = self.located.place, self.nearest
        km = place.km_to(branch.place) if branch else 0.0
        km = max(_AT_FIRST_KM, 2.6 * km) if branch and km < _BRANCH_IN_SIGHT_KM else _AT_FIRST_KM
        return View.around(place, km, *self._cells)

    def build(self, width: int) -> Sequence[Row]:
        """Draw the map, or say why there is none."""
        located = self.located
        if located.place is None:
            return [
                row(Span(" " + located.title, "title")),
                Row(),
                row(" This address has no coordinates, and its town is not among those on the map."),
                row(" They are fields of the address: e on the address, then Latitude and Longitude."),
            ]
        if self.view is None or not self.begun:
            self.view = self.first_view()
        if self.view is None:
            return ()
        view = self.view = self.view.resized(*self._cells)
        scale_km = self.lengths.round_km(view.width_km / 4)
        subject = Subject(Mark(located.name, located.place), self.marks, self.nearest)
        streets = self.streets if self.streets is not None and self.streets.covers(view) else None
        drawn = picture(self.world, view, subject, self.formats.country_name, scale_km, streets)
        foot = self._foot(located.place, view, scale_km, width, streets=streets is not None)
        return [*self._head(located.place, width), *drawn, foot]

    @property
    def _cells(self) -> tuple[int, int]:
        return max(10, self.size.width), max(3, self.size.height - _HEAD_ROWS - _FOOT_ROWS)

    def _head(self, place: Place, width: int) -> Sequence[Row]:
        located, branch = self.located, self.nearest
        at = Span(f" {coordinates(place, self.formats)} ", "muted")
        words = " No branch with coordinates is known."
        if branch is not None:
            km = place.km_to(branch.place)
            wind = f" {place.wind_to(branch.place)} of here" if km > _HERE_KM else ""
            about = "about " if located.doubt else ""
            words = f" Nearest branch: {branch.name}, {about}{self.lengths.told(km)}{wind}"
        link = Span("openstreetmap.org", "accent", located.link)
        return (
            edges((Span(f" {located.title}", "title"),), (at,), width),
            edges((Span(words),), (link, Span(" ")), width),
        )

    def _foot(self, place: Place, view: View, scale_km: float, width: int, *, streets: bool) -> Row:
        cells = max(2, round(scale_km / view.km_per_dot / DOTS_ACROSS))
        scale = [Span(f" ├{'─' * (cells - 1)}┤", "label"), Span(f" {self.lengths.told_round(scale_km)}")]
        if streets:
            scale.append(Span(f"  streets: {self.streets_from}", "muted"))
        if self.located.doubt:
            return edges(scale, (Span(f" {self.located.doubt} ", "warn"),), width)
        if self.town is None:
            return edges(scale, (), width)
        km = place.km_to(self.town.place)
        wind = self.town.place.wind_to(place)
        where = f"{self.lengths.told(km)} {wind} of" if km > 1 else "in"
        return edges(scale, (Span(f" {where} the middle of {self.town.name} ", "muted"),), width)


class MapScreen(HandsOver):
    """The map of one address, in place of the profile."""

    OFFERS = MAP

    def __init__(self, address: Mapping[str, Any], formats: Formats) -> None:
        super().__init__()
        world = World.shipped()
        self._lines = MapLines(locate(address, world, formats), world, formats)
        self._tiles: TileServer | None = None

    def compose_body(self) -> ComposeResult:
        """Lay out the map."""
        yield self._lines

    def on_mount(self) -> None:
        """Ask where the branches are."""
        if self.keeptabs.desk.may("branches:read"):
            self._find_branches()
        template = self.keeptabs.config.config.map_tiles
        if template:
            # Only who has a tile server waits for what speaks to one.
            from tui.services.tiles import TileServer

            self._tiles = TileServer(template)
            self._lines.streets = Streets(self._tiles.tiles)
            self._lines.streets_from = self._tiles.host
            self.call_after_refresh(self._find_streets)

    @work(exclusive=True, group="branches")
    async def _find_branches(self) -> None:
        async with self.asking("Fetching the branches…"):
            self._lines.marks = marks_of(await self.keeptabs.desk.reference("branches"))
            self._lines.redraw()

    @work(exclusive=True, group="streets")
    async def _find_streets(self) -> None:
        """Fetch the tiles of what is shown, once it has been looked at for a moment."""
        if self._tiles is None:
            return
        if self.keeptabs.desk.meter.frugal:
            self.say("Outlines are shown instead of streets: that spares the link.")
            return
        await asyncio.sleep(_LOOKED_AT_SECONDS)
        view = self._lines.view
        if view is None or view.width_km >= STREETS_BELOW_KM:
            return
        wanted = tiles_of(view)
        try:
            await self._tiles.fetch(wanted)
        except NoTiles as failed:
            self.say(str(failed), "warn")
        else:
            self._lines.redraw()

    def can(self, name: str) -> bool:
        """Offer what needs a place only where there is one."""
        own = name in {command.name() for command in MAP} and name != "leave_map"
        return super().can(name) and not (own and self._lines.located.place is None)

    def do_leave_map(self) -> None:
        """Go back to the profile."""
        self.dismiss(None)

    def do_zoom_in(self) -> None:
        """Draw twice as large; the address stays where it is on the screen."""
        self._zoom(2.0)

    def do_zoom_out(self) -> None:
        """Draw half as large."""
        self._zoom(0.5)

    def do_show_town(self) -> None:
        """Show what is around the address."""
        self._around(TOWN_KM)

    def do_show_country(self) -> None:
        """Show the country of the address, if the address is on its mainland; else as much around it."""
        lines, place = self._lines, self._lines.located.place
        if lines.view is None or place is None:
            return
        code = lines.located.country
        country = next((known for known in lines.world.countries if known.code == code), None)
        if country is not None:
            view = View.of_country(country, lines.view.columns, lines.view.rows)
            if view.shows(place):
                self._show(view)
                return
        self._around(COUNTRY_KM)

    def do_show_world(self) -> None:
        """Show the whole world."""
        view, place = self._lines.view, self._lines.located.place
        if view is not None and place is not None:
            self._show(View.of_world(place, view.columns, view.rows))

    def do_back_to_address(self) -> None:
        """Show what the map began with."""
        self._lines.begun = False
        self._lines.redraw()
        self._find_streets()

    def do_pan_left(self) -> None:
        """Go west by a quarter of the picture."""
        self._pan(-_STEP, 0)

    def do_pan_right(self) -> None:
        """Go east by a quarter of the picture."""
        self._pan(_STEP, 0)

    def do_pan_up(self) -> None:
        """Go north by a quarter of the picture."""
        self._pan(0, -_STEP)

    def do_pan_down(self) -> None:
        """Go south by a quarter of the picture."""
        self._pan(0, _STEP)

    def do_open_web_map(self) -> None:
        """Hand the link to the browser of this machine, or else to the clipboard."""
        link = self._lines.located.link
        self.hand_over(link, link)

    def do_copy_map_link(self) -> None:
        """Send the link to the terminal's clipboard."""
        self.app.copy_to_clipboard(self._lines.located.link)

    def _zoom(self, factor: float) -> None:
        view, place = self._lines.view, self._lines.located.place
        if view is not None and place is not None:
            self._show(view.zoomed(factor, place))

    def _pan(self, right: float, down: float) -> None:
        if self._lines.view is not None:
            self._show(self._lines.view.panned(right, down))

    def _around(self, km: float) -> None:
        view, place = self._lines.view, self._lines.located.place
        if view is not None and place is not None:
            self._show(View.around(place, km, view.columns, view.rows))

    def _show(self, view: View) -> None:
        self._lines.begun = True
        self._lines.view = view
        self._lines.redraw()
        self._find_streets()
