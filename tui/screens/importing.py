"""Importing customers: which file, what each column is, what was found, and then all of it or nothing."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Final

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content

from client import importing
from client.errors import CustomerApiError
from client.tables import Table, read_table
from tui.commands import Command
from tui.forms.commands import SubmitForm
from tui.screens.box import BoxScreen
from tui.screens.browse import browse
from tui.screens.pick import Option, PickScreen
from tui.screens.transfer import TransferScreen
from tui.services.importing import TAKEN, Converter, guesses
from tui.text import column as column_of
from tui.text import cut
from tui.widgets.footer import StatusLine
from tui.widgets.lines import LineList, Row, Span

if TYPE_CHECKING:
    from client.models import Import
    from tui.app import KeeptabsApp

_KINDS: Final = frozenset({"csv", "txt", "tsv"})
_MOST_ROWS: Final = 14
_SAMPLES: Final = 3
_LEFT_OUT: Final = "left out"
Told = tuple[str, str]
"""A sentence and its role."""


class Leave(Command):
    """Import nothing."""

    keys = "escape"
    in_palette = False


class GoOn(SubmitForm):
    """Check the file with these columns."""

    keys = "f2,ctrl+s"


class LeaveColumnOut(Command):
    """Leave the marked column out."""

    keys = "x,delete"


class _Columns(LineList):
    def __init__(self, table: Table, columns: Sequence[str], names: Mapping[str, str]) -> None:
        super().__init__()
        self.table = table
        self.columns = list(columns)
        self.names = names

    def build(self, width: int) -> Sequence[Row]:
        wide = max(12, (width - 4) // 3)
        return [self._row(place, head, wide, width) for place, head in enumerate(self.table.heads)]

    def _row(self, place: int, head: str, wide: int, width: int) -> Row:
        column = self.columns[place]
        cells = [row[place] for row in self.table.first if len(row) > place and row[place]]
        sample = cut(" · ".join(dict.fromkeys(cells[:_SAMPLES])), max(0, width - 2 * wide - 6))
        title = self.names.get(column, column) if column else _LEFT_OUT
        return Row(
            (
                Span(column_of(head or f"column {place + 1}", wide + 1), "label"),
                Span("→ ", "muted"),
                Span(column_of(title, wide + 1), "text" if column else "muted"),
                Span(sample, "muted"),
            ),
            place,
        )


class MappingScreen(BoxScreen[list[str] | None]):
    """A box with every column of a table, what it is, and its first cells. Gives what each is, or None."""

    OFFERS: ClassVar[tuple[type[Command], ...]] = (GoOn, LeaveColumnOut, Leave)
    AUTO_FOCUS = "_Columns"

    DEFAULT_CSS = "MappingScreen StatusLine { height: 1; }"

    def __init__(self, table: Table, columns: Sequence[str], names: Mapping[str, str]) -> None:
        """Take the names of what a column can be, by column."""
        super().__init__()
        self._columns = _Columns(table, columns, names)

    def compose(self) -> ComposeResult:
        """Lay out the columns in a box."""
        box = Vertical(self._columns, StatusLine(), classes="box")
        box.border_title = Content("What is what?")
        box.border_subtitle = Content("Enter change · x leave out · F2 check · Esc close")
        yield box

    def on_mount(self) -> None:
        """Give the columns as much room as there is."""
        self._columns.styles.height = min(_MOST_ROWS, len(self._columns.columns))

    def do_leave(self) -> None:
        """Close."""
        self.dismiss(None)

    def do_go_on(self) -> None:
        """Give what each column is, unless nothing is known of any."""
        if any(self._columns.columns):
            self.dismiss(list(self._columns.columns))
        else:
            self.query_one(StatusLine).say("Say what at least one column is.", "warn")

    def do_leave_column_out(self) -> None:
        """Leave the marked column out."""
        self._take("")

    @on(LineList.Chosen)
    def _choose(self, event: LineList.Chosen) -> None:
        event.stop()
        names = self._columns.names
        taken = set(self._columns.columns)
        options = [Option("", "Leave it out")]
        options += [Option(name, names[name], "taken" if name in taken else "") for name in names]
        marked = self._columns.columns[self._place]
        head = self._columns.table.heads[self._place]

        def take(chosen: list[str] | None) -> None:
            if chosen is not None:
                self._take(chosen[0])

        self.app.push_screen(PickScreen(f"What is {head}?", options, marked=marked), take)

    def _take(self, column: str) -> None:
        # What is taken here was another column's before: no two can be the same.
        columns = self._columns.columns
        self._columns.columns = ["" if column and known == column else known for known in columns]
        self._columns.columns[self._place] = column
        self._columns.redraw()

    @property
    def _place(self) -> int:
        return int(str(self._columns.key or 0))


async def import_customers(app: "KeeptabsApp") -> Told | None:
    """Ask for a file, its columns and what shall happen, and import. Gives what to say; None when left.

    Called in a worker of a screen.
    """
    desk = app.desk
    path = await browse(app, "Import which file?", desk.uploads_from, _KINDS)
    if path is None:
        return None
    try:
        table = await asyncio.to_thread(read_table, path)
        fields = {field.key: field for field in await desk.reference("custom-fields")}
    except CustomerApiError as error:
        return error.sentence, "bad"
    own = {key: field.name for key, field in fields.items()}
    names = {**TAKEN, **{f"custom_fields.{key}": name for key, name in own.items()}}
    columns = await app.push_screen_wait(MappingScreen(table, guesses(table, own), names))
    if columns is None:
        return None
    converter = Converter(columns, desk.formats, {key: field.type for key, field in fields.items()})
    one = await _checked(app, table, converter, path.name)
    if not isinstance(one, tuple):
        return await _decided(app, one)
    return one


async def _checked(app: "KeeptabsApp", table: Table, converter: Converter, name: str) -> "Import | Told":
    """Send a table and have it checked; or say why that was not possible."""
    api = app.desk.api

    async def work(progress: Any) -> "Import":
        members = {"name": name[:150], "columns": list(converter.columns), "sha256": table.sha256}
        one = await importing.begin(api, members)
        whole = await asyncio.to_thread(lambda: sum(1 for _ in table.rows()))
        await importing.send(api, one, converter.rows(table), whole, progress)
        return await importing.check(api, one.id, progress)

    box = TransferScreen(
        f"Checking {name}",
        work,
        unit="rows",
        stopped="Stopped; nothing was imported. Doing it again goes on from there.",
    )
    found: Import | None = await app.push_screen_wait(box)
    return (box.trouble, "bad") if found is None else found


async def _decided(app: "KeeptabsApp", one: "Import") -> Told | None:
    """Show what was found, and do what is decided."""
    if one.state == "done":
        return "This file has been imported already.", "warn"
    while True:
        taken = await app.push_screen_wait(PickScreen(_summary(one, app), _choices(one)))
        if not taken or taken[0] == "leave":
            return "Nothing was imported.", "muted"
        if taken[0] in ("fault", "existing", "repeated"):
            await _show_findings(app, one, taken[0])
            continue
        return await _run(app, one, taken[0])


def _summary(one: "Import", app: "KeeptabsApp") -> str:
    write, report = app.desk.formats.number, one.report
    fit = report.checked - report.empty - report.faulty
    fit_words = f"{write(fit)} {'row is' if fit == 1 else 'rows are'} fit"
    return f"{fit_words}, {write(report.faulty)} {'is' if report.faulty == 1 else 'are'} not"


def _choices(one: "Import") -> list[Option[str]]:
    report = one.report
    but = f"without {report.faulty:,} faulty" if report.faulty else ""
    there = report.existing or report.repeated
    options = [Option("skip", "Import" + (", leave out who is there" if there else ""), but)]
    if there:
        options += [
            Option("update", "Import, and bring who is there up to date", but),
            Option("add", "Import, and add who is there once more", but, "warn"),
        ]
    shown = (
        ("fault", report.faulty, "Show what is wrong"),
        ("existing", report.existing, "Show who is likely there"),
        ("repeated", report.repeated, "Show which rows come twice"),
    )
    options += [Option(about, title, _counted(count), "warn") for about, count, title in shown if count]
    return [*options, Option("leave", "Import nothing")]


def _counted(count: int) -> str:
    return f"{count:,} row{'' if count == 1 else 's'}"


async def _show_findings(app: "KeeptabsApp", one: "Import", about: str) -> None:
    """Show rows page by page, in a list that narrows down as one types."""
    after = 0
    while True:
        try:
            found = await importing.findings(app.desk.api, one.id, about, after)
        except CustomerApiError as error:
            await app.push_screen_wait(PickScreen("Findings", [Option(0, error.sentence, role="bad")]))
            return
        options: list[Option[int]] = [
            Option(
                place,
                f"Row {finding.row}  {TAKEN.get(finding.column, finding.column)}".rstrip(),
                finding.sentence,
            )
            for place, finding in enumerate(found.items, 1)
        ]
        if found.next_row is not None:
            options.append(Option(0, "More…"))
        taken = await app.push_screen_wait(PickScreen("Rows of the file", options))
        if taken != [0] or found.next_row is None:
            return
        after = found.next_row


async def _run(app: "KeeptabsApp", one: "Import", duplicates: str) -> Told:
    faulty = "leave_out" if one.report.faulty else "refuse"
    box = TransferScreen(
        "Importing: all of it, or nothing",
        lambda progress: importing.run(app.desk.api, one, duplicates, faulty, progress),
        unit="rows",
        stopped="It goes on at the server, all of it or nothing; look at the list in a while.",
    )
    done: Import | None = await app.push_screen_wait(box)
    if done is None:
        return box.trouble, "bad"
    write, report = app.desk.formats.number, done.report
    said = f"{write(report.added)} added, {write(report.updated)} changed, {write(report.left_out)} left out."
    return said, "good"
