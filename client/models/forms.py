"""Forms that customers fill in: templates with their questions, and the forms that a customer was given."""

from datetime import datetime
from typing import Annotated, Final

from pydantic import Field

from client.models.base import Model, Record
from client.models.kinds import CREATE_ONLY, READ_ONLY, Choice, Initially, Line, Paragraph, Reference, Several

QUESTION_TYPES: Final = {
    "text": "Text",
    "yes_no": "Yes or no",
    "date": "Date",
    "choice": "One of several",
}
ASSIGNMENTS: Final = {
    "": "By hand only",
    "new": "Every new customer",
    "label": "Those with a label",
    "branch": "Those of a branch",
}
"""When a form is given to a customer by itself."""
FORM_STATES: Final = {"assigned": "Not filled in yet", "completed": "Filled in"}


class Question(Model):
    """One question of a form."""

    text: Annotated[str, Line(max_length=200, required=True), Field(title="Question")]
    """As the customer reads it."""
    type: Annotated[str, Choice(options=QUESTION_TYPES), Initially("text"), Field(title="Answer")] = "text"
    """What the answer is."""
    required: Annotated[bool, Field(title="Required")] = False
    """Whether the form is not complete without it."""
    options: Annotated[
        list[str], Several(max_items=20, item=Line(max_length=100, required=True)), Field(title="Options")
    ] = []
    """The answers to choose from, where the type is `choice`."""


class FormTemplate(Record):
    """A form that customers can be given. FHIR: `Questionnaire`."""

    name: Annotated[str, Line(max_length=100, required=True), Field(title="Name", examples=["Health check"])]
    """No two are called alike; capitals make no difference."""
    description: Annotated[str, Paragraph(max_length=2_000), Field(title="About")] = ""
    """What it is for."""
    questions: Annotated[list[Question], Several(max_items=50), Field(title="Questions")] = []
    """In the order in which they are asked."""
    given_to: Annotated[str, Choice(options=ASSIGNMENTS), Field(title="Given to")] = ""
    """To whom it is given by itself; each customer gets it once."""
    label_id: Annotated[str | None, Reference(collection="labels"), Field(title="Label")] = None
    """The label, where `given_to` is `label`."""
    branch_id: Annotated[str | None, Reference(collection="branches"), Field(title="Branch")] = None
    """The branch, where `given_to` is `branch`."""
    active: Annotated[bool, Field(title="In use")] = True
    """Whether it can still be given to customers."""


class FormAnswer(Model):
    """The answer to one question."""

    question: Annotated[int, Field(title="Question", ge=0, le=49)]
    """The place of the question in the form, from 0."""
    answer: Annotated[str, Paragraph(max_length=4_000), Field(title="Answer")] = ""
    """As text; `yes` or `no`, a date as RFC 3339 full-date, one of the options."""


class FormAnswers(Model):
    """What is sent to complete a form."""

    answers: Annotated[list[FormAnswer], Several(max_items=50), Field(title="Answers")] = []
    """At most one for each question."""


class Form(Record):
    """A form that a customer was given. It keeps the questions it had then. FHIR: `QuestionnaireResponse`."""

    template_id: Annotated[str, CREATE_ONLY, Reference(collection="form-templates"), Field(title="Form")]
    """The template."""
    title: Annotated[str, READ_ONLY, Field(title="Form")] = ""
    """The name that the template had when the form was given."""
    state: Annotated[str, READ_ONLY, Choice(options=FORM_STATES), Field(title="State")]
    """assigned or completed."""
    by_rule: Annotated[bool, READ_ONLY, Field(title="By rule")] = False
    """Whether the template's rule gave it, not a person."""
    assigned_by: Annotated[str, READ_ONLY, Field(title="Given by")] = ""
    """Who gave it."""
    completed_at: Annotated[datetime | None, READ_ONLY, Field(title="Filled in")] = None
    """When it was filled in, RFC 3339 in UTC."""
    completed_by: Annotated[str, READ_ONLY, Field(title="Written down by")] = ""
    """The staff member who wrote the answers down; empty where the customer did."""
    questions: Annotated[list[Question], READ_ONLY, Field(title="Questions")] = []
    """The questions."""
    answers: Annotated[list[FormAnswer], READ_ONLY, Field(title="Answers")] = []
    """The answers, once it is completed."""
