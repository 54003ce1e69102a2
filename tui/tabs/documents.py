"""Documents on the Files tab: they go up, come down, and are looked at here."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

from pydantic import Field

from client.models import Document
from client.models.base import Model
from client.models.files import DOCUMENT_TYPES, MEDIA_TYPES
from client.models.kinds import Choice, Initially
from tui.commands import Command
from tui.forms.form_screen import FormScreen
from tui.forms.formats import Formats
from tui.forms.state import FormState
from tui.tabs.records import RecordAction, Records
from tui.text import fit, width_of
from tui.widgets.lines import Row, Span, edges

if TYPE_CHECKING:
    from tui.screens.records import RecordsHost

_NAME_WIDTH: Final = 34
_GOES_ON: Final = "What has gone up is kept; choosing the same file again goes on from there."


class ViewDocument(Command):
    """Look at the marked document."""

    keys = "v"
    footer = "view"


class DownloadDocument(Command):
    """Download the marked document."""

    keys = "g"
    footer = "get"


def _document_rows(document: Document, formats: Formats, width: int) -> Sequence[Row]:
    left = [Span(fit(document.name, _NAME_WIDTH), "title")]
    if document.state == "receiving":
        share = 100 * document.received // document.size
        left.append(Span(f"upload stopped at {share} %: a goes on", "warn"))
        right = []
    else:
        left.append(Span(f"{DOCUMENT_TYPES.get(document.type, document.type)}  "))
        size = formats.number(max(1, document.size // 1024))
        when = document.stored_at or document.created_at
        stored = f"  {size} kB  {formats.day(when.date())}"
        if document.show_to_customer:
            room = width - width_of(stored)
            left.append(Span(that_fits(left, room, "shown to the customer", "shown"), "good"))
        right = [Span(that_fits(left, width, f"{stored}, {document.uploaded_by}", stored), "muted")]
    return [Row(edges(left, right, width).spans, document.id)]


def that_fits(before: Sequence[Span], width: int, *texts: str) -> str:
    """Give the first text that has room behind the spans before it, else the last."""
    room = width - sum(width_of(span.text) for span in before)
    return next((text for text in texts if width_of(text) <= room), texts[-1])


class Upload(Model):
    """What is said of a file before it is sent."""

    type: Annotated[str, Choice(options=DOCUMENT_TYPES), Initially("other"), Field(title="Type")] = "other"
    """What it is."""
    show_to_customer: Annotated[bool, Field(title="Show to customer")] = False
    """Whether the customer may read it in the portal."""


async def _upload(host: "RecordsHost") -> Document | None:
    """Choose a file of this machine, say what it is, and send it."""
    from client import documents
    from tui.screens.browse import browse
    from tui.screens.transfer import TransferScreen

    desk = host.keeptabs.desk
    path = await browse(host.app, "Which file?", desk.uploads_from, MEDIA_TYPES)
    if path is None:
        return None
    desk.uploads_from = path.parent
    state = FormState(Upload, {}, desk.formats, new=True)
    taken = await host.app.push_screen_wait(
        FormScreen(f"Upload {path.name}", state, tuple(Upload.model_fields), verb="upload")
    )
    if not taken:
        return None
    members = {"name": path.name, **Upload(**taken[0]).model_dump()}
    box = TransferScreen(
        f"Uploading {path.name}",
        lambda progress: documents.upload(desk.api, host.customer_id, path, members, progress),
        stopped=f"Stopped. {_GOES_ON}",
        cut=f"The link was cut. {_GOES_ON}",
    )
    document: Document | None = await host.app.push_screen_wait(box)
    if document is None:
        host.say(box.trouble, "warn")
    return document


async def _download(host: "RecordsHost", document: Document) -> Document:
    """Save a document in the folder for downloads."""
    from client import documents
    from tui.screens.transfer import TransferScreen

    desk = host.keeptabs.desk
    box = TransferScreen(
        f"Downloading {document.name}",
        lambda progress: documents.download(
            desk.api, host.customer_id, document, desk.downloads_to, progress
        ),
        cut="The link was cut. What has come is kept; doing it again goes on from there.",
    )
    path: Path | None = await host.app.push_screen_wait(box)
    if path is None:
        host.say(box.trouble, "warn")
    else:
        host.say(f"Saved as {path}, for you only.", "good")
    return document


async def _view(host: "RecordsHost", document: Document) -> Document:
    """Show a document here where that can be done."""
    from client import documents
    from tui.screens.document import screen_for
    from tui.screens.transfer import TransferScreen
    from tui.services.reading_files import READABLE

    if document.media_type not in READABLE:
        host.say("The terminal cannot show this kind of file. g downloads it.", "warn")
        return document
    desk = host.keeptabs.desk
    box = TransferScreen(
        f"Fetching {document.name}",
        lambda progress: documents.fetch(desk.api, host.customer_id, document, progress),
        stopped="Stopped.",
    )
    content: bytes | None = await host.app.push_screen_wait(box)
    if content is None:
        host.say(box.trouble, "warn")
    else:
        await host.app.push_screen_wait(await screen_for(document, content))
    return document


def _is_stored(document: Document) -> bool:
    return document.state == "stored"


DOCUMENTS: Final = Records(
    one="document",
    title="Documents",
    model=Document,
    permission="documents",
    collection=lambda api, customer_id: api.documents(customer_id),
    rows=_document_rows,
    fields=("name", "type", "show_to_customer"),
    name=lambda document: document.name,
    removal="The file itself is gone then, for everybody.",
    empty="No documents yet.",
    adds=_upload,
    enters=ViewDocument,
    actions=(
        RecordAction(
            command=ViewDocument,
            name="",
            applies=_is_stored,
            run=_view,
            doing="",
            permission="documents:read",
        ),
        RecordAction(
            command=DownloadDocument,
            name="",
            applies=_is_stored,
            run=_download,
            doing="",
            permission="documents:read",
        ),
    ),
)
