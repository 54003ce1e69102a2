"""A text box that keeps the focus while the arrows move the marker of a list below it."""

from typing import ClassVar

from textual.screen import Screen
from textual.widgets import Input

from tui.commands import Command, CommandHost
from tui.commands.moving import JumpFromBox, Next, PageBack, PageForward, Previous
from tui.widgets.lines import LineList


class DrivesList(CommandHost):
    """A screen whose up, down and page keys go to its list while the text box keeps the focus."""

    OFFERS: ClassVar[tuple[type[Command], ...]] = (Previous, Next, PageBack, PageForward, JumpFromBox)

    @property
    def driven(self) -> LineList:
        """The list that the keys move."""
        raise AttributeError

    def do_jump_from_box(self) -> None:
        """Show a letter at each row; the next key goes to the list, and the text box has the focus again."""
        self.driven.focus()
        self.driven.do_jump_to()

    def on_line_list_jumped(self, event: LineList.Jumped) -> None:
        """Give the focus back to the text box."""
        event.stop()
        if isinstance(self, Screen):
            self.query_one(Input).focus()

    def do_previous(self) -> None:
        """Move the marker up."""
        self.driven.do_previous()

    def do_next(self) -> None:
        """Move the marker down."""
        self.driven.do_next()

    def do_page_back(self) -> None:
        """Move the marker a screenful up."""
        self.driven.do_page_back()

    def do_page_forward(self) -> None:
        """Move the marker a screenful down."""
        self.driven.do_page_forward()
