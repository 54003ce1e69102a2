"""The smallest Textual application with a search box and a list, on Textual's own driver."""

from textual.app import App, ComposeResult
from textual.screen import ModalScreen
from textual.widgets import DataTable, Footer, Input, Static

from benchmarks.peers.bare_names import rows


class Dialog(ModalScreen[None]):
    BINDINGS = [("escape", "dismiss", "Close")]  # noqa: RUF012 - as Textual's own examples have it
    CSS = "Dialog { align: center middle; } Static { width: 40; height: 8; border: solid green; }"

    def compose(self) -> ComposeResult:
        yield Static("Are you sure?")


class Bare(App[None]):
    BINDINGS = [("f2", "ask", "Ask"), ("f8", "quit", "Leave")]  # noqa: RUF012 - as above

    def compose(self) -> ComposeResult:
        yield Input(placeholder="find")
        yield DataTable(cursor_type="row")
        yield Footer()

    def on_mount(self) -> None:
        table = self.query_one(DataTable)
        table.add_columns("No.", "Name", "Phone", "Status")
        table.add_rows(rows(0, 40))

    def action_ask(self) -> None:
        self.push_screen(Dialog())


if __name__ == "__main__":
    Bare().run()
