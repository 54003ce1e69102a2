"""Exporting customers from a list: how, with what, where to; then a bar until the file is there."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

from pydantic import Field

from client.models import ExportRequest
from client.models.base import Model
from client.models.consent import CHANNELS
from client.models.flat import COLUMNS, CUSTOM
from client.models.kinds import Choice, Line
from tui.forms.form_screen import FormScreen
from tui.forms.state import FormState
from tui.screens.audience import CHANNEL_NAMES
from tui.screens.pick import Option, PickScreen
from tui.screens.transfer import TransferScreen

if TYPE_CHECKING:
    from client.exporting import Exported
    from tui.app import KeeptabsApp

_ALL: Final = "usual"
_NO_MARKETING: Final = "no_marketing"
_AS: Final = {"csv": "CSV table", "vcard": "vCard cards", "jsonl": "JSON Lines"}
_FOR: Final = {_NO_MARKETING: "No marketing"} | {
    channel: f"Marketing by {CHANNEL_NAMES[channel]}" for channel in CHANNELS
}
_COLUMNS: Final = {_ALL: "Everything usual", "choose": "Chosen after this"}
"""All of these are short, so that forms show them and not the words for programs."""
_NEVER_MARKETED: Final = frozenset({"weight", "alerts", "extra_contact", "privilege"})


class _How(Model):
    """How customers are exported."""

    format: Annotated[str, Choice(options=_AS), Field(title="As")] = "csv"
    """A table for spreadsheets, cards for address books (vCard 4.0), or lines for programs."""
    channel: Annotated[str, Choice(options=_FOR), Field(title="For")] = _NO_MARKETING
    """Whoever said no to marketing by the channel is left out, whatever is searched for."""
    columns: Annotated[str, Choice(options=_COLUMNS), Field(title="With")] = _ALL
    """What is written of each customer."""
    folder: Annotated[str, Line(max_length=500, required=True), Field(title="Folder")]
    """A folder of this machine; it is made where it is not there. Only you can read the file."""


async def export_customers(app: "KeeptabsApp", whom: ExportRequest) -> tuple[str, str] | None:
    """Ask how, and export `whom` into a file. Gives the sentence about it and its role; None when left.

    Called in a worker of a screen.
    """
    from client.exporting import SUFFIXES, save

    desk = app.desk
    state = FormState(_How, {"folder": str(desk.downloads_to)}, desk.formats, new=True)
    names = ("format", "channel", "columns", "folder")
    if not await app.push_screen_wait(FormScreen("Export customers", state, names)):
        return None
    how: dict[str, Any] = {"format": "csv", "channel": _NO_MARKETING, "columns": _ALL} | state.value
    channel = "" if how["channel"] == _NO_MARKETING else how["channel"]
    columns: Sequence[str] = ()
    if how["columns"] != _ALL:
        columns = await _chosen(app, channel) or ()
        if not columns:
            return None
    request = whom.model_copy(update={"format": how["format"], "channel": channel, "columns": list(columns)})
    name = f"customers-{date.today()}.{SUFFIXES[request.format]}"  # noqa: DTZ011 - a day for a person
    path = Path(how["folder"]).expanduser() / name  # noqa: ASYNC240 - looks at no file
    box = TransferScreen(
        "Exporting customers",
        lambda progress: save(desk.api, request, path, progress),
        unit="customers",
        stopped="Stopped. Nothing was kept.",
    )
    told: Exported | None = await app.push_screen_wait(box)
    if told is None:
        return box.trouble, "bad"
    return _said(told, request.channel, desk.formats.number), "good"


def _said(told: "Exported", channel: str, write: Any) -> str:
    people = f"{write(told.total)} {'customer' if told.total == 1 else 'customers'}"
    left = f"; {write(told.left_out)} left out, who said no" if channel else ""
    return f"{people} in {told.path}{left}."


async def _chosen(app: "KeeptabsApp", channel: str) -> list[str] | None:
    """Have columns picked; those that the person or the export may not have are not offered."""
    hidden = _NEVER_MARKETED if channel else frozenset({"privilege"})
    options = [
        Option(name, column.title, name) for name, column in COLUMNS.items() if column.member not in hidden
    ]
    fields = await app.desk.reference("custom-fields")
    options += [Option(CUSTOM + field.key, field.name, "additional field") for field in fields]
    usual = {"number", "display_name", "phone", "email"}
    return await app.push_screen_wait(PickScreen("What to export", options, ticked=usual))
