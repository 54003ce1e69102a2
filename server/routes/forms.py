"""Forms: their templates, and those that customers were given."""

from typing import Final

from client.models import Form, FormAnswers, FormTemplate
from server.merging.room import filled_in_stays
from server.routes.answer import REFERENCE
from server.routes.collection import EVERYTHING, EXAMPLE_ID, Action, Collection
from server.rules.forms import FormRules, TemplateRules, complete
from server.store.tables import form_templates, forms

_QUESTIONS: Final = [
    {"text": "Are you allergic to anything?", "type": "yes_no", "required": True},
    {"text": "What should we know?"},
]

FORM_TEMPLATES: Final = Collection(
    model=FormTemplate,
    table=form_templates,
    path="form-templates",
    singular="form template",
    about="Forms that customers can be given, by hand or by a rule: every new customer, those with a label, "
    "those of a branch. A rule holds from then on, and gives each customer a form once.",
    order=(("name_key", False), ("id", False)),
    ordered="Ordered by name.",
    rules=TemplateRules(),
    cache=REFERENCE,
    removal="One that a customer was given stays (409); take it out of use instead.",
    example={"name": "Health check", "questions": _QUESTIONS, "given_to": "new"},
)

FORMS: Final = Collection(
    model=Form,
    table=forms,
    path="forms",
    singular="form",
    about="Forms that a customer was given, with the questions they had then.",
    rules=FormRules(),
    of_customer=True,
    settle=filled_in_stays,
    verbs=EVERYTHING - {"patch"},
    removal="One that is filled in stays (409).",
    actions=(
        Action(
            name="complete",
            summary="Fill a form in",
            description="With the customer's answers, all at once.",
            event="completed",
            sent=FormAnswers,
            example={"answers": [{"question": 0, "answer": "no"}]},
            change=complete,
        ),
    ),
    example={"template_id": EXAMPLE_ID},
    given={"title": "Health check", "state": "assigned", "questions": _QUESTIONS, "assigned_by": "Anna Lind"},
)
