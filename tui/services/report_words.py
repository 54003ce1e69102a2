"""Conditions of reports in plain words. Pure: names and formats come in, text goes out."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from client.models import Condition
from tui.forms.formats import Formats

Names = Callable[[str], str]
"""From an id or a key to what people call it, "" where that is not known."""

LISTS: Final[Mapping[str, str]] = {
    "labels": "labels",
    "branch": "branches",
    "partner": "partners",
    "location": "locations",
    "field": "custom-fields",
}
"""The reference list that the values of a subject come from."""

_GONE: Final = "one that is gone"
_CHANNELS: Final = {"email": "e-mail", "post": "post", "sms": "SMS", "push": "push"}
_LABELS: Final = {
    "any": "any of the labels {}",
    "all": "all of the labels {}",
    "none": "none of the labels {}",
}
_ARCHIVED: Final = {"only": "only archived customers", "also": "archived customers too"}
_MARKETING: Final = {
    "granted": "said yes to marketing by {}",
    "not_denied": "did not say no to marketing by {}",
    "denied": "said no to marketing by {}",
}
_WHEN: Final = {
    "since": "on {} or later",
    "before": "before {}",
    "within": "within the last {}",
    "longer_ago": "longer than {} ago",
    "never": "never",
}
_SPENT: Final = {"at_least": "spent at least {}", "at_most": "spent at most {}"}
_FIELD: Final = {
    "is": "{} is {}",
    "contains": "{} contains {}",
    "set": "{} is filled in",
    "not_set": "{} is empty",
}


def in_words(condition: Condition, names: Names, formats: Formats) -> str:
    """Say a condition, such as "any of the labels vip, donor"."""
    say = _SAID.get(condition.about)
    known = say(condition, names, formats) if say is not None else ""
    return known or f"{condition.about} {condition.how}"


def joined(conditions: Sequence[Condition], names: Names, formats: Formats) -> str:
    """Say all conditions on one line."""
    return " · ".join(in_words(condition, names, formats) for condition in conditions)


def _values(condition: Condition, names: Names) -> str:
    return ", ".join(names(value) or _GONE for value in condition.values)


def _labels(condition: Condition, names: Names, formats: Formats) -> str:
    del formats
    return _LABELS.get(condition.how, "").format(_values(condition, names))


def _status(condition: Condition, names: Names, formats: Formats) -> str:
    del names, formats
    without = "not " if condition.how == "none" else ""
    return f"status is {without}{' or '.join(condition.values)}"


def _place(condition: Condition, names: Names, formats: Formats) -> str:
    del formats
    if condition.how in ("set", "not_set"):
        return f"{'a' if condition.how == 'set' else 'no'} {condition.about}"
    without = "not " if condition.how == "none" else ""
    return f"{condition.about} is {without}{_values(condition, names).replace(', ', ' or ')}"


def _archived(condition: Condition, names: Names, formats: Formats) -> str:
    del names, formats
    return _ARCHIVED.get(condition.how, "")


def _marketing(condition: Condition, names: Names, formats: Formats) -> str:
    del names, formats
    channel = _CHANNELS.get(condition.channel, condition.channel)
    return _MARKETING.get(condition.how, "").format(channel)


def _when(condition: Condition, names: Names, formats: Formats) -> str:
    del names
    said = "last booking" if condition.about == "last_booking" else "added"
    if condition.how == "never":
        return "no booking that is over"
    days = f"{formats.number(condition.days)} day{'' if condition.days == 1 else 's'}"
    when = formats.day(condition.day) if condition.day is not None else days
    return f"{said} {_WHEN.get(condition.how, condition.how).format(when)}"


def _spent(condition: Condition, names: Names, formats: Formats) -> str:
    del names
    money = condition.amount
    amount = formats.money(money.amount, money.currency) if money is not None else "?"
    said = _SPENT.get(condition.how, "").format(amount)
    if condition.months == 1:
        return f"{said} this month"
    return (
        f"{said} within {formats.number(condition.months)} months" if condition.months else f"{said} in all"
    )


def _field(condition: Condition, names: Names, formats: Formats) -> str:
    del formats
    name = names(condition.field) or _GONE
    return _FIELD.get(condition.how, "").format(name, condition.text)


_SAID: Final[Mapping[str, Callable[[Condition, Names, Formats], str]]] = {
    "labels": _labels,
    "status": _status,
    "archived": _archived,
    "branch": _place,
    "partner": _place,
    "location": _place,
    "marketing": _marketing,
    "last_booking": _when,
    "added": _when,
    "spent": _spent,
    "field": _field,
}
