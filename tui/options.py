"""What the application is opened with: decided before Textual is imported, then handed down."""

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from client.early_connection import EarlyConnection
    from tui.terminal.early import EarlyStart
    from tui.terminal.preflight import Terminal


@dataclass(frozen=True, slots=True)
class OpenOptions:
    """Everything `tui.app.open_app` needs to know; members that are None are for the configuration to say."""

    server: str | None = None
    """Base URL of the server."""
    user: str | None = None
    """Name of the account."""
    profile: str = ""
    """The profile of the configuration to use; empty: the one that the files name."""
    theme: str | None = None
    read_only: bool = False
    """Nothing may be written."""
    call: str = ""
    """A telephone number: whoever has it is shown first."""
    lock_hint: str = ""
    """What a locked screen tells below the line for the password, such as that of a demo."""
    driver: Literal["keeptabs", "stock"] = "keeptabs"
    """Which driver talks to the terminal."""
    terminal: "Terminal | None" = None
    """What the preflight found out about the terminal: size, colours, UTF-8."""
    opened: "EarlyConnection | None" = field(default=None, repr=False)
    """A connection to the server, opened while the application is loaded."""
    early: "EarlyStart | None" = field(default=None, repr=False)
    """What was done to the terminal before Textual was there; the driver takes it over."""

    def with_server(self, server: str, user: str | None = None) -> "OpenOptions":
        """Give the same options for another server and account."""
        return replace(self, server=server, user=user)
