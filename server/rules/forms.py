"""Forms: to whom they are given, and that what was filled in stays."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from sqlalchemy import exists, or_, select

from client.models import Customer, Form, FormAnswers, FormTemplate, Question
from server.problems import Fault, Refusal, invalid
from server.rules.names import NamedRules
from server.rules.references import refuse_unknown, unknown_references
from server.rules.work import Rules, Work
from server.store.tables import branches, customer_labels, form_templates, forms, labels

_POINTED_TO: Final = {"labels": labels, "branches": branches}
_TARGETS: Final = {"label": "label_id", "branch": "branch_id"}
"""By whom a template is given to, the member that says which."""


class TemplateRules(NamedRules[FormTemplate]):
    """A rule says to whom, questions of choice have options, and what was given stays."""

    def __init__(self) -> None:
        super().__init__(form_templates)

    def check(
        self, work: Work, old: FormTemplate | None, new: FormTemplate, given: frozenset[str]
    ) -> FormTemplate:
        """Refuse with 422 a rule without its label or branch, and a choice without options."""
        new = super().check(work, old, new, given)
        refuse_unknown(unknown_references(work, new, old, _POINTED_TO))
        member = _TARGETS.get(new.given_to, "")
        if member and getattr(new, member) is None:
            raise invalid(Fault(f"/{member}", "missing", f"Say which {new.given_to}."))
        for place, question in enumerate(new.questions):
            if question.type == "choice" and len(question.options) < 2:
                sentence = "Give at least two options to choose from."
                raise invalid(Fault(f"/questions/{place}/options", "too_few", sentence))
        return new

    def check_removal(self, work: Work, old: FormTemplate) -> None:
        """Refuse with 409 to remove one that a customer was given."""
        statement = select(forms.c.id).where(forms.c.template_id == old.id).limit(1)
        if work.connection.scalar(statement) is not None:
            sentence = "Customers were given this form. Take it out of use instead."
            raise Refusal(409, sentence, "in_use")


class FormRules(Rules[Form]):
    """The rules of forms that customers were given."""

    def fill(self, work: Work, values: dict[str, Any], parent_id: str) -> None:
        """Take over title and questions. Raises 409 where there is no such template, or none in use."""
        del parent_id
        row = work.connection.execute(
            select(form_templates).where(form_templates.c.id == values["template_id"])
        ).first()
        if row is None:
            sentence = "This is not in form-templates (any more)."
            refuse_unknown([Fault("/template_id", "unknown_reference", sentence)])
            return
        if not row.active:
            sentence = f"{row.name!r} is no longer in use."
            raise Refusal(409, sentence, "not_in_use", [Fault("/template_id", "not_in_use", sentence)])
        values |= {"state": "assigned", "title": row.name, "questions": row.questions}
        values["assigned_by"] = work.actor.name

    def check_removal(self, work: Work, old: Form) -> None:
        """Refuse with 409 to remove a form that is filled in."""
        if old.state == "completed":
            raise Refusal(409, "A form that is filled in cannot be removed.", "completed")


def complete(work: Work, form: Form, given: FormAnswers) -> Mapping[str, Any]:
    """Fill a form in. Raises 409 where that was done, 422 where an answer is missing or makes no sense."""
    if form.state == "completed":
        raise Refusal(409, "This form is filled in already.", "completed")
    answers = {answer.question: answer.answer.strip() for answer in given.answers}
    faults = [
        Fault("/answers", code, f"{question.text}: {sentence}")
        for place, question in enumerate(form.questions)
        for code, sentence in [_wrong(question, answers.get(place, ""))]
        if code
    ]
    if len(answers) < len(given.answers) or any(place >= len(form.questions) for place in answers):
        faults.append(
            Fault("/answers", "unknown_question", "Each answer must be to one question of the form.")
        )
    if faults:
        raise invalid(*faults)
    kept = [{"question": place, "answer": text} for place, text in sorted(answers.items()) if text]
    return {
        "state": "completed",
        "answers": kept,
        "completed_at": work.now,
        "completed_by": work.actor.name,
    }


def _wrong(question: Question, answer: str) -> tuple[str, str]:
    """Say what is wrong with an answer: a code and a sentence, both empty where nothing is."""
    if not answer:
        return ("missing", "this must be answered.") if question.required else ("", "")
    if question.type == "yes_no" and answer not in ("yes", "no"):
        return "not_an_option", "this is yes or no."
    if question.type == "choice" and answer not in question.options:
        return "not_an_option", f"this must be one of: {', '.join(question.options)}."
    if question.type == "date":
        try:
            date.fromisoformat(answer if len(answer) == 10 else "")
        except ValueError:
            return "not_a_date", "this must be a date, such as 1990-12-31."
    return "", ""


def give_by_rule(work: Work, old: Customer | None, new: Customer) -> None:
    """Give a customer the forms that rules now say: to new ones, by label, by branch; each only once."""
    gained = set(new.labels) - set(old.labels if old is not None else ())
    moved = new.branch_id is not None and (old is None or old.branch_id != new.branch_id)
    if old is not None and not gained and not moved:
        return
    from server.routes.forms import FORMS
    from server.routes.making import make

    columns = form_templates.c
    reasons = [columns.given_to == "new"] if old is None else []
    if moved:
        reasons.append((columns.given_to == "branch") & (columns.branch_id == new.branch_id))
    if gained:
        carried = select(customer_labels.c.label_id).where(customer_labels.c.customer_id == new.id)
        reasons.append((columns.given_to == "label") & columns.label_id.in_(carried))
    if not reasons:
        return
    had = exists().where(forms.c.template_id == columns.id, forms.c.customer_id == new.id)
    statement = select(columns.id).where(columns.active, or_(*reasons), ~had).order_by(columns.name_key)
    for template_id in work.connection.scalars(statement).all():
        make(work, FORMS, {"template_id": template_id, "by_rule": True}, owners={"customer_id": new.id})
