"""The Files tab: forms to fill in, and documents."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, Final

from pydantic import Field, create_model

from client.models import Form
from client.models.base import Model
from client.models.forms import Question
from client.models.kinds import Choice, Day, Paragraph
from tui.commands import Command
from tui.forms.form_screen import FormScreen
from tui.forms.formats import Formats
from tui.forms.part import Part
from tui.forms.state import FormState
from tui.tabs.documents import DOCUMENTS, that_fits
from tui.tabs.records import RecordAction, Records
from tui.tabs.records_page import page_of
from tui.tabs.records_part import RecordFacts, records_parts
from tui.text import fit, wrap
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


def _form_rows(form: Form, formats: Formats, width: int) -> Sequence[Row]:
    left = [Span(fit(form.title, _NAME_WIDTH), "title")]
    if form.completed_at is not None:
        left.append(Span(f"filled in {formats.day(form.completed_at.date())}", "good"))
    else:
        left.append(Span("not filled in", "warn"))
    giver = "by rule" if form.by_rule else form.assigned_by
    given = f"  given {formats.day(form.created_at.date())}"
    right = [Span(that_fits(left, width, f"{given}, {giver}", given), "muted")]
    return [Row(edges(left, right, width).spans, form.id)]


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
            Annotated[_answering(question), Field(title=question.text + " *" * question.required)],
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


def _is_open(form: Form) -> bool:
    return form.state != "completed"


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
        RecordAction(
            command=FillIn, name="complete", applies=_is_open, run=_fill_in, doing="", done="Filled in."
        ),
    ),
    opens=_parts_of_form,
)


def files(opened: "OpenCustomer", desk: "Desk") -> "Page":
    """Make the tab."""
    del opened
    from tui.services.references import references_of

    return page_of(*records_parts(desk, FORMS, DOCUMENTS), references=references_of(desk))
