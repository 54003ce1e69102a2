"""The lists that a business keeps for its customers, each in a few lines."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from client.models import (
    Branch,
    CustomField,
    FormTemplate,
    Label,
    Location,
    OfferedService,
    Partner,
    Plan,
    TaxRate,
)
from client.models.custom_field import FIELD_TYPES
from client.models.forms import ASSIGNMENTS
from client.models.subscription import INTERVALS
from tui.forms.exacts import shown_exact
from tui.forms.formats import Formats
from tui.tabs.colleagues import STAFF
from tui.tabs.records import Records
from tui.text import column
from tui.widgets.lines import Row, Span, edges

_LONGEST_NAME = 40
_KEY_WIDTH = 20
_COLOR_WIDTH = 9
_PRICE_WIDTH = 27


def _name(name: str, width: int) -> Span:
    """Give the first column, wider where there is room."""
    return Span(column(name, min(_LONGEST_NAME, width // 3 + 2)), "title")


def _label_rows(label: Label, formats: Formats, width: int) -> Sequence[Row]:
    del formats
    left = [
        _name(label.name, width),
        Span(column(label.color, _COLOR_WIDTH), "muted"),
        Span(label.description),
    ]
    return [Row(edges(left, (), width).spans, label.id)]


def _branch_rows(branch: Branch, formats: Formats, width: int) -> Sequence[Row]:
    place = ", ".join(part for part in (branch.street, branch.postal_code, branch.city) if part)
    left = [_name(branch.name, width), Span(place, "muted")]
    right = [Span(f" {formats.phone(branch.phone)}")] if branch.phone else []
    return [Row(edges(left, right, width).spans, branch.id)]


def _custom_field_rows(field: CustomField, formats: Formats, width: int) -> Sequence[Row]:
    del formats
    told = ", ".join(field.options) if field.type == "choice" else FIELD_TYPES.get(field.type, field.type)
    left = [
        _name(field.name, width),
        Span(column(field.key, _KEY_WIDTH), "muted"),
        Span(told),
    ]
    words = [("required", "accent")] if field.required else []
    words += [("no longer used", "warn")] if field.archived else []
    right = [Span(f"  {word}", role) for word, role in words]
    return [Row(edges(left, right, width).spans, field.id)]


def _named_rows(record: Partner | Location, formats: Formats, width: int) -> Sequence[Row]:
    del formats
    left = [_name(record.name, width), Span(record.description, "muted")]
    return [Row(edges(left, (), width).spans, record.id)]


def _service_rows(service: OfferedService, formats: Formats, width: int) -> Sequence[Row]:
    minutes = service.duration_minutes
    takes = f"{formats.number(minutes)} min" if minutes else ""
    left = [
        _name(service.name, width),
        Span(column(takes, _COLOR_WIDTH), "muted"),
        Span(service.description, "muted"),
    ]
    right = [] if service.active else [Span(" not offered", "warn")]
    return [Row(edges(left, right, width).spans, service.id)]


def _plan_rows(plan: Plan, formats: Formats, width: int) -> Sequence[Row]:
    every = INTERVALS.get(plan.every, plan.every).lower()
    brings = f"{formats.number(plan.credits)} x {plan.credit}" if plan.credits else plan.description
    left = [
        _name(plan.name, width),
        Span(column(f"{formats.money(plan.price.amount, plan.price.currency)} {every}", _PRICE_WIDTH)),
        Span(brings, "muted"),
    ]
    right = [] if plan.active else [Span(" not offered", "warn")]
    return [Row(edges(left, right, width).spans, plan.id)]


def _template_rows(template: FormTemplate, formats: Formats, width: int) -> Sequence[Row]:
    del formats
    count = len(template.questions)
    left = [
        _name(template.name, width),
        Span(f"{count} question{'' if count == 1 else 's'}  "),
        Span(ASSIGNMENTS.get(template.given_to, template.given_to).lower(), "muted"),
    ]
    right = [] if template.active else [Span(" not in use", "warn")]
    return [Row(edges(left, right, width).spans, template.id)]


def _tax_rate_rows(rate: TaxRate, formats: Formats, width: int) -> Sequence[Row]:
    place = ", ".join(part for part in (formats.country_name(rate.country), rate.region) if part)
    left = [
        _name(rate.name, width),
        Span(column(shown_exact(rate.percent, formats.numbers, "%"), _COLOR_WIDTH)),
        Span(f" {place}", "muted"),
        Span("  usual" if rate.is_standard else "", "good"),
    ]
    right = [] if rate.active else [Span(" not in use", "warn")]
    return [Row(edges(left, right, width).spans, rate.id)]


LABELS: Final = Records(
    one="label",
    title="Labels",
    model=Label,
    permission="labels",
    collection=lambda api, _: api.labels,
    rows=_label_rows,
    fields=("name", "color", "description"),
    order=lambda label: label.name.casefold(),
    name=lambda label: f"the label {label.name}",
    removal="It is taken off every customer that carries it.",
    empty="No labels yet.",
)

BRANCHES: Final = Records(
    one="branch",
    title="Branches",
    model=Branch,
    permission="branches",
    collection=lambda api, _: api.branches,
    rows=_branch_rows,
    fields=("name", "phone", "street", "postal_code", "city", "country"),
    order=lambda branch: branch.name.casefold(),
    name=lambda branch: f"the branch {branch.name}",
    removal="Only one that no customer prefers can be removed.",
)

CUSTOM_FIELDS: Final = Records(
    one="additional field",
    title="Additional fields",
    model=CustomField,
    permission="custom-fields",
    collection=lambda api, _: api.custom_fields,
    rows=_custom_field_rows,
    fields=("name", "key", "type", "options", "required", "position", "archived"),
    order=lambda field: (field.position, field.name.casefold()),
    name=lambda field: f"the field {field.name}",
    removal="Only one that no customer has something in can be removed; else it can be put out of use.",
    empty="No additional fields yet.",
)

PARTNERS: Final = Records(
    one="partner",
    title="Partners",
    model=Partner,
    permission="partners",
    collection=lambda api, _: api.partners,
    rows=_named_rows,
    fields=("name", "description"),
    order=lambda partner: partner.name.casefold(),
    name=lambda partner: f"the partner {partner.name}",
    removal="Only one that no customer belongs to can be removed.",
)

LOCATIONS: Final = Records(
    one="location",
    title="Locations",
    model=Location,
    permission="locations",
    collection=lambda api, _: api.locations,
    rows=_named_rows,
    fields=("name", "description"),
    order=lambda location: location.name.casefold(),
    name=lambda location: f"the location {location.name}",
    removal="Only one that no customer belongs to can be removed.",
)

SERVICES: Final = Records(
    one="service",
    title="Services",
    model=OfferedService,
    permission="services",
    collection=lambda api, _: api.services,
    rows=_service_rows,
    fields=("name", "description", "duration_minutes", "active"),
    order=lambda service: (not service.active, service.name.casefold()),
    name=lambda service: f"the service {service.name}",
    removal="Only one that nothing points to can be removed; say that it is not offered instead.",
)

PLANS: Final = Records(
    one="plan",
    title="Plans of memberships",
    model=Plan,
    permission="plans",
    collection=lambda api, _: api.plans,
    rows=_plan_rows,
    fields=(
        "name",
        "price",
        "every",
        "credits",
        "credit",
        "credit_days",
        "minimum_months",
        "cancellation_fee",
        "active",
        "description",
    ),
    order=lambda plan: (not plan.active, plan.name.casefold()),
    name=lambda plan: f"the plan {plan.name}",
    removal="Only one that no customer has or had can be removed; say that it is not offered instead.",
    empty="No plans yet.",
)

FORM_TEMPLATES: Final = Records(
    one="form template",
    title="Forms that customers are given",
    model=FormTemplate,
    permission="form-templates",
    collection=lambda api, _: api.form_templates,
    rows=_template_rows,
    fields=("name", "description", "given_to", "label_id", "branch_id", "questions", "active"),
    order=lambda template: (not template.active, template.name.casefold()),
    name=lambda template: f"the form {template.name}",
    removal="Only one that no customer was given can be removed; else it can be taken out of use.",
    empty="No forms yet.",
)

TAX_RATES: Final = Records(
    one="tax rate",
    title="Rates of sales tax",
    model=TaxRate,
    permission="tax-rates",
    collection=lambda api, _: api.tax_rates,
    rows=_tax_rate_rows,
    fields=("name", "percent", "country", "region", "is_standard", "active"),
    order=lambda rate: (not rate.active, rate.country, rate.name.casefold()),
    name=lambda rate: f"the rate {rate.name}",
    removal="Only one that no customer has can be removed; else it can be put out of use.",
    empty="No rates yet.",
)

REFERENCE_LISTS: Final[Mapping[str, Records[Any]]] = {
    "labels": LABELS,
    "custom_fields": CUSTOM_FIELDS,
    "branches": BRANCHES,
    "partners": PARTNERS,
    "locations": LOCATIONS,
    "services": SERVICES,
    "plans": PLANS,
    "form_templates": FORM_TEMPLATES,
    "tax_rates": TAX_RATES,
    "staff": STAFF,
}
"""The lists that have a screen of their own, by the name of their collection."""
