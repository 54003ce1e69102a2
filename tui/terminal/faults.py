"""A fault of the application itself: drafts first, then an end with a sentence, the particulars in a file."""

import traceback
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from textual.app import App

if TYPE_CHECKING:
    _Mixed = App[Any]
else:
    # Textual follows only the first DOMNode among the bases of a class.
    _Mixed = object


class OrderlyFaults(_Mixed):
    """Ends the application on an unhandled exception without showing it to the person.

    `raise_fault` raises it again once the terminal is restored.
    """

    def before_exit(self) -> None:
        """Write drafts. Applications override this."""

    def raise_fault(self) -> None:
        """Raise what ended the application, if it was a fault."""
        if self._exception is not None:
            raise self._exception

    def _fatal_error(self) -> None:
        with suppress(Exception):
            self.before_exit()
        self._close_messages_no_wait()


def report(fault: Exception) -> str:
    """Write the particulars to a private file and give its path; empty where that cannot be done."""
    from client.session.private_files import PrivateFolder
    from client.session.store import state_folder

    particulars = "".join(traceback.format_exception(fault))
    try:
        folder = PrivateFolder(state_folder())
        folder.write("fault.txt", particulars.encode(errors="replace"))
    except Exception:  # noqa: BLE001 - what cannot be written must not hide that there was a fault
        return ""
    return str(folder.path / "fault.txt")
