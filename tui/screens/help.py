"""Help: the keys of the screen in front, from the commands themselves."""

from collections.abc import Sequence
from typing import Any, ClassVar, Final

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.screen import Screen

from tui.commands import Command, available_commands
from tui.screens.box import BoxScreen
from tui.text import fit, width_of, wrap
from tui.widgets.footer import key_name, keys_of
from tui.widgets.lines import LineList, Row, Span

_KEYS_COLUMN: Final = 14
"""Cells in which the keys of most commands are told; those that need more push their title on."""

_FEWEST_ROWS: Final = 6
"""Keys that are shown at once in the smallest window too."""


class LeaveHelp(Command):
    """Close the help."""

    keys = "escape,question_mark,f1,q,enter"
    in_palette = False


def _keys_in_words(command: type[Command], keys: Sequence[str]) -> str:
    """Give the keys of a command shortly: a command of many keys, such as the tabs, by the first and last."""
    names = [key_name(key) for key in keys]
    return f"{names[0]} … {names[-1]}" if command.takes_key and len(names) > 2 else " or ".join(names)


class _Keys(LineList):
    def __init__(self, commands: Sequence[type[Command]]) -> None:
        super().__init__()
        self.commands = commands

    def build(self, width: int) -> Sequence[Row]:
        shown = [
            (_keys_in_words(command, keys_of(self.app, command)), command.title())
            for command in self.commands
            if keys_of(self.app, command)
        ]
        column = min(_KEYS_COLUMN, max((width_of(keys) for keys, _ in shown), default=0))
        rows = []
        for keys, title in shown:
            taken = max(column, width_of(keys)) + 2
            first, *more = wrap(title, max(1, width - taken - 2))
            rows.append(Row((Span(fit(keys, taken), "key"), Span(first))))
            rows += [Row((Span(" " * (column + 2)), Span(line))) for line in more]
        return rows


class HelpScreen(BoxScreen[None]):
    """A box with the keys that work on the screen behind it."""

    OFFERS: ClassVar[tuple[type[Command], ...]] = (LeaveHelp,)
    AUTO_FOCUS = "_Keys"

    def __init__(self, commands: Sequence[type[Command]]) -> None:
        super().__init__()
        self._commands = commands

    @classmethod
    def of(cls, screen: Screen[Any]) -> "HelpScreen":
        """Make the help for a screen as it is now."""
        return cls([command for command, _ in available_commands(screen)])

    def compose(self) -> ComposeResult:
        """Lay out the keys in a box."""
        keys = _Keys(self._commands)
        # Every row costs its bytes twice, when it comes and when what it covers is back.
        rows = max(_FEWEST_ROWS, self.app.size.height // 3)
        keys.styles.height = min(rows, sum(bool(command.keys) for command in self._commands))
        box = Vertical(keys, classes="box")
        box.border_title = Content("Keys that work here")
        box.border_subtitle = Content("↑↓ scroll · Esc close")
        yield box

    def do_leave_help(self) -> None:
        """Close."""
        self.dismiss(None)
