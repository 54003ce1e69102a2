"""A small desk on the project's driver: a search box, a list, a dialog; a file tells what it was told."""

import os
import sys
import time
from pathlib import Path
from typing import ClassVar

from textual.app import App, ComposeResult
from textual.binding import BindingType
from textual.screen import ModalScreen
from textual.widgets import Input, Label, Static

from tui.options import OpenOptions
from tui.terminal import opening
from tui.terminal.driver import driver_for
from tui.terminal.faults import OrderlyFaults

JOURNAL = Path(os.environ["KEEPTABS_TEST_JOURNAL"])

CSS = """
Input { border: none; height: 1; padding: 0; }
Input > .input--cursor { text-style: none; background: $surface; color: $foreground; }
Ask { align: center middle; background: transparent; }
Ask > Input { width: 30; border: solid green; height: 3; }
"""


def note(sentence: str) -> None:
    with JOURNAL.open("a") as journal:
        journal.write(sentence + "\n")


class Ask(ModalScreen[str | None]):
    BINDINGS: ClassVar[list[BindingType]] = [("escape", "dismiss(None)", "Close")]

    def compose(self) -> ComposeResult:
        yield Input(id="answer")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.dismiss(event.value)


class Desk(OrderlyFaults, App[int]):
    CSS = CSS
    BINDINGS: ClassVar[list[BindingType]] = [
        ("f2", "ask", "Ask"),
        ("f8", "leave", "Leave"),
        ("f4", "fail", "Fail"),
    ]
    ENABLE_COMMAND_PALETTE = False
    animation_level = "none"

    def compose(self) -> ComposeResult:
        yield Label("Desk")
        yield Input(id="search")
        for number in range(12):
            yield Static(f"row {number}", id=f"row-{number}")

    def on_mount(self) -> None:
        for field in self.query(Input):
            field.cursor_blink = False

    def on_input_submitted(self, event: Input.Submitted) -> None:
        note(f"search {event.value if len(event.value) < 100 else len(event.value)}")

    def on_input_changed(self, event: Input.Changed) -> None:
        for number in range(12):
            self.query_one(f"#row-{number}", Static).update(f"row {number} {event.value[-20:]}")

    async def action_ask(self) -> None:
        self.push_screen(Ask(), lambda answer: note(f"answer {answer}"))

    def action_leave(self) -> None:
        self.exit(0)

    def action_fail(self) -> None:
        raise RuntimeError("on purpose")

    def before_exit(self) -> None:
        note(f"draft {self.query_one('#search', Input).value}")


def open_app(options: OpenOptions) -> int:
    time.sleep(float(os.environ.get("KEEPTABS_TEST_DELAY", "0")))
    app = Desk(driver_class=driver_for(options))
    app.run(mouse=False)
    app.raise_fault()
    return app.return_code or 0


if __name__ == "__main__":
    sys.modules["tui.app"] = sys.modules[__name__]
    sys.exit(opening.open_on_terminal(OpenOptions(driver="stock" if "stock" in sys.argv else "keeptabs")))
