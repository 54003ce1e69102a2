"""The Files tab: forms to fill in, and documents that go up, come down, and are looked at here."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

from pydantic import Field, create_model

from client.models import Document, Form
from client.models.base import Model
from client.models.files import DOCUMENT_TYPES, MEDIA_TYPES
from client.models.forms import Question
from client.models.kinds import Choice, Day, Initially, Paragraph
from tui.commands import Command
from tui.forms.form_screen import FormScreen
from tui.forms.formats import Formats
from tui.forms.part import Part
from tui.forms.state import FormState
from tui.tabs.records import RecordAction, Records
from tui.tabs.records_page import page_of
from tui.tabs.records_part import RecordFacts, records_parts
from tui.text import fit, width_of, wrap
from tui.widgets.lines import Row, Span, edges

if TYPE_CHECKING:
    from tui.forms.page import Page
    from tui.screens.records import RecordsHost
    from tui.services.desk import Desk
    from tui.services.open_customer import OpenCustomer

_NAME_WIDTH: Final = 34


class FillIn(Command):
    """Write down the answers to the marked form."""

    keys = "i"
    footer = "fill in"


class ViewDocument(Command):
    """Look at the marked document."""

    keys = "v"
    footer = "view"


class DownloadDocument(Command):
    """Download the marked document."""

    keys = "g"
    footer = "get"


def _form_rows(form: Form, formats: Formats, width: int) -> Sequence[Row]:
    left = [Span(fit(form.title, _NAME_WIDTH), "title")]
    if form.completed_at is not None:
        left.append(Span(f"filled in {formats.day(form.completed_at.date())}", "good"))
    else:
        left.append(Span("not filled in", "warn"))
    giver = "by rule" if form.by_rule else form.assigned_by
    given = f"  given {formats.day(form.created_at.date())}"
    right = [Span(_that_fits(left, width, f"{given}, {giver}", given), "muted")]
    return [Row(edges(left, right, width).spans, form.id)]


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
            left.append(Span(_that_fits(left, room, "shown to the customer", "shown"), "good"))
        right = [Span(_that_fits(left, width, f"{stored}, {document.uploaded_by}", stored), "muted")]
    return [Row(edges(left, right, width).spans, document.id)]


def _that_fits(before: Sequence[Span], width: int, *texts: str) -> str:
    """Give the first text that has room behind the spans before it, else the last."""
    room = width - sum(width_of(span.text) for span in before)
    return next((text for text in texts if width_of(text) <= room), texts[-1])


class Answers(Part):
    """Questions of a form, each with its answer below."""

    heading = "Questions"

    def __init__(self, form: Form, formats: Formats) -> None:
        self._form = form
        self._formats = formats

    def rows(self, width: int, label_width: int) -> Sequence[Row]:
        """Give the rows."""
        del label_width
        answers = {answer.question: answer.answer for answer in self._form.answers}
        rows: list[Row] = []
        for place, question in enumerate(self._form.questions):
            text = question.text + (" *" if question.required else "")
            rows += [Row((Span(f" {line}", "label"),)) for line in wrap(text, width - 2)]
            answer = answers.get(place, "")
            rows += [Row((Span(f"   {line}"),)) for line in wrap(answer or "-", width - 4)]
        return rows


def _answering(question: Question) -> Any:
    """Give what the answer to a question is, as a form's field."""
    if question.type == "choice":
        options = {"": "No answer"} | {option: option for option in question.options}
        return Annotated[str, Choice(options=options)]
    if question.type == "date":
        return Annotated[date | None, Day()]
    if question.type == "yes_no":
        return Annotated[str, Choice(options={"": "No answer", "yes": "Yes", "no": "No"})]
    return Annotated[str, Paragraph(max_length=4_000)]


async def _fill_in(host: "RecordsHost", form: Form) -> Form:
    """Ask the questions of a form, each a field, and send the answers."""
    members: dict[str, Any] = {
        f"answer_{place}": (
            Annotated[
                _answering(question), Field(title=question.text[:60] + (" *" if question.required else ""))
            ],
            None if question.type == "date" else "",
        )
        for place, question in enumerate(form.questions)
    }
    model: type[Model] = create_model("Answers", __base__=Model, **members)
    state = FormState(model, {}, host.keeptabs.desk.formats, new=True)

    async def submit() -> Any:
        answers = [
            {"question": place, "answer": str(state.value[name])}
            for place, name in enumerate(members)
            if state.value.get(name)
        ]
        forms = host.keeptabs.desk.api.forms(host.customer_id)
        return (await forms.act(form.id, "complete", {"answers": answers})).value

    filled: Form | None = await host.app.push_screen_wait(
        FormScreen(f"Fill in: {form.title}", state, tuple(members), submit=submit)
    )
    return filled or form


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
    members = {"name": path.name, **taken[0]}
    box = TransferScreen(
        f"Uploading {path.name}",
        lambda progress: documents.upload(desk.api, host.customer_id, path, members, progress),
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
    )
    content: bytes | None = await host.app.push_screen_wait(box)
    if content is None:
        host.say(box.trouble, "warn")
    else:
        await host.app.push_screen_wait(await screen_for(document, content))
    return document


def _is_open(form: Form) -> bool:
    return form.state != "completed"


def _is_stored(document: Document) -> bool:
    return document.state == "stored"


def _parts_of_form(form: Form, host: "RecordsHost") -> Sequence[Part]:
    desk = host.keeptabs.desk
    names = ("state", "completed_at", "completed_by", "assigned_by", "created_at")
    return [RecordFacts(FORMS, form, desk, names), Answers(form, desk.formats)]


FORMS: Final = Records(
    one="form",
    title="Forms",
    model=Form,
    permission="forms",
    collection=lambda api, customer_id: api.forms(customer_id),
    rows=_form_rows,
    fields=("template_id",),
    order=lambda form: (form.state == "completed", -form.created_at.timestamp()),
    name=lambda form: f"the form {form.title}",
    empty="No forms yet.",
    editable=lambda _: False,
    removable=_is_open,
    actions=(
        RecordAction(command=FillIn, name="complete", applies=_is_open, run=_fill_in, done="Filled in."),
    ),
    opens=_parts_of_form,
)

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
            command=ViewDocument, name="", applies=_is_stored, run=_view, permission="documents:read"
        ),
        RecordAction(
            command=DownloadDocument, name="", applies=_is_stored, run=_download, permission="documents:read"
        ),
    ),
)


def files(opened: "OpenCustomer", desk: "Desk") -> "Page":
    """Make the tab."""
    del opened
    from tui.services.references import references_of

    return page_of(*records_parts(desk, FORMS, DOCUMENTS), references=references_of(desk))
