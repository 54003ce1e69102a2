"""Reports: which customers, said in conditions, kept under a name."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Annotated, Final

from pydantic import Field

from client.models.audience import WILLING
from client.models.base import Model, Record
from client.models.consent import CHANNELS
from client.models.customer_choices import STATUSES
from client.models.customer_search import RowsWanted
from client.models.kinds import READ_ONLY, Choice, Day, Line, Number, Paragraph, Several
from client.models.money import Money, Price

ABOUT: Final = {
    "labels": "Labels",
    "status": "Status",
    "archived": "Archived customers",
    "branch": "Preferred branch",
    "partner": "Partner",
    "location": "Location",
    "marketing": "Marketing by a channel",
    "last_booking": "Last booking",
    "spent": "Spent",
    "added": "Date added",
    "field": "Additional field",
}
"""What a condition may be about."""

HOW: Final = {
    "any": "Any of these",
    "all": "All of these",
    "none": "None of these",
    "set": "Something is there",
    "not_set": "Nothing is there",
    "only": "Only these",
    "also": "Among the others",
    "granted": "Said yes",
    "not_denied": "Did not say no",
    "denied": "Said no",
    "before": "Before a day",
    "since": "On a day or later",
    "within": "Within the last days",
    "longer_ago": "Longer ago than days",
    "never": "Never",
    "at_least": "At least",
    "at_most": "At most",
    "is": "Is exactly",
    "contains": "Contains",
}
"""How a condition compares."""

_ONE_OF: Final[Mapping[str, tuple[str, ...]]] = {"any": ("values",), "none": ("values",)}
_PLACE: Final[Mapping[str, tuple[str, ...]]] = {**_ONE_OF, "set": (), "not_set": ()}
_WHEN: Final[Mapping[str, tuple[str, ...]]] = {
    "since": ("day",),
    "before": ("day",),
    "within": ("days",),
    "longer_ago": ("days",),
}
_COMPARED: Final = ("field", "text")
WAYS: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    "labels": {"any": ("values",), "all": ("values",), "none": ("values",)},
    "status": _ONE_OF,
    "archived": {"only": (), "also": ()},
    "branch": _PLACE,
    "partner": _PLACE,
    "location": _PLACE,
    "marketing": {"granted": ("channel",), "not_denied": ("channel",), "denied": ("channel",)},
    "last_booking": {**_WHEN, "never": ()},
    "spent": {"at_least": ("amount",), "at_most": ("amount",)},
    "added": _WHEN,
    "field": {"is": _COMPARED, "contains": _COMPARED, "set": ("field",), "not_set": ("field",)},
}
"""The ways to compare for each subject, and what must be said for each way."""

_MISSING: Final = {
    "values": "Say which.",
    "channel": "Say which channel.",
    "day": "Say which day.",
    "days": "Say how many days.",
    "amount": "Say how much.",
    "field": "Say which field.",
    "text": "Say what it is compared with.",
}


class Condition(Model):
    """One thing that must hold of a customer. Which members count depends on `about` and `how`."""

    about: Annotated[str, Choice(options=ABOUT), Field(title="About")]
    """labels, status, archived, branch, partner, location, marketing, last_booking, spent, added or field."""
    how: Annotated[str, Choice(options=HOW), Field(title="How")]
    """How it is compared: `any`, `all`, `none` of the values; `set`, `not_set`; `only`, `also` for archived
    customers, who are left out else; `granted`, `not_denied`, `denied`; `since`, `before` a day; `within`,
    `longer_ago` than days; `never`; `at_least`, `at_most`; `is`, `contains`."""
    values: Annotated[
        list[str], Several(max_items=50, item=Line(max_length=64, required=True)), Field(title="Which")
    ] = []
    """Ids of labels, branches, partners or locations; words of the status."""
    channel: Annotated[str, Choice(options={"": "None"} | CHANNELS), Field(title="Channel")] = ""
    """email, post, sms or push."""
    day: Annotated[date | None, Day(), Field(title="Day")] = None
    """A day where the business is."""
    days: Annotated[int, Number(minimum=0, maximum=36_500, unit="days"), Field(title="Days")] = 0
    """How many days back from today."""
    amount: Annotated[Money | None, Price(), Field(title="Amount")] = None
    """What was spent in this currency; other currencies are not counted."""
    months: Annotated[int, Number(minimum=0, maximum=1_200, unit="months"), Field(title="Within months")] = 0
    """Only what was spent this month and in so many before it less one; 0: all that ever was."""
    field: Annotated[str, Line(max_length=40), Field(title="Field")] = ""
    """The key of an additional field."""
    text: Annotated[str, Line(max_length=500), Field(title="Value")] = ""
    """What the field is compared with: text without regard to the case of A to Z; a number; a date; a word
    of a choice; `yes` or `no`."""


def faults_of(condition: Condition) -> Iterator[tuple[str, str, str]]:
    """Say what is wrong with a condition by itself: member, code and sentence of each fault."""
    ways = WAYS.get(condition.about, {})
    if condition.how not in ways:
        offered = ", ".join(ways)
        yield "how", "not_an_option", f"For {condition.about} this must be one of: {offered}."
        return
    for name in ways[condition.how]:
        if getattr(condition, name) in (None, "", 0, []):
            yield name, "missing", _MISSING[name]
    if condition.about == "status":
        for place, value in enumerate(condition.values):
            if value not in STATUSES:
                yield f"values/{place}", "not_an_option", f"This must be one of: {', '.join(STATUSES)}."


Conditions = Annotated[list[Condition], Several(max_items=20), Field(title="Conditions")]


class Report(Record):
    """Conditions under a name. What it finds is asked anew each time."""

    name: Annotated[str, Line(max_length=100, required=True), Field(title="Name")]
    """What the list of reports calls it."""
    description: Annotated[str, Paragraph(max_length=1_000), Field(title="Description")] = ""
    """What it is for."""
    shared: Annotated[bool, Field(title="Shared with colleagues")] = False
    """Whether everyone here can use it; only its owner and admins can change it."""
    owner_id: Annotated[str, READ_ONLY, Field(title="Owner")] = ""
    """Who made it."""
    owner: Annotated[str, READ_ONLY, Field(title="Owner")] = ""
    """That person's name."""
    conditions: Conditions = []
    """All of them must hold. Archived customers are left out unless one is about them."""


class ReportQuery(RowsWanted):
    """Which rows of a report are wanted."""

    channel: Annotated[str, Choice(options={"": "No marketing"} | CHANNELS), Field(title="By")] = ""
    """As a marketing list for this channel: nobody who said no to it is on it. Empty: as a plain list."""
    willing: Annotated[str, Choice(options=WILLING), Field(title="Who")] = "not_denied"
    """With `channel`: everyone who did not say no, or only those who said yes."""


class ReportPreview(ReportQuery):
    """Conditions that are not saved, and which rows of what they find are wanted."""

    conditions: Conditions = []
    """All of them must hold. Archived customers are left out unless one is about them."""
