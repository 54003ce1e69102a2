"""Additional fields: their definitions, and what customers may hold in them."""

import re
from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import select, text

from client.fold import fold
from client.models import Customer, CustomField
from client.models.kinds import Choice, Day, Kind, Line, Number, Refused
from server.problems import Fault, Refusal, invalid
from server.rules.names import NamedRules
from server.rules.work import Work
from server.store.records import members
from server.store.tables import custom_fields

_NO_KEY: Final = re.compile("[^a-z0-9]+")
_CARRIED: Final = {
    "sqlite": "SELECT 1 FROM customers WHERE json_extract(custom_fields, '$.' || :key) IS NOT NULL LIMIT 1",
    "postgresql": "SELECT 1 FROM customers WHERE jsonb_exists(custom_fields, :key) LIMIT 1",
}


class CustomFieldRules(NamedRules[CustomField]):
    """Names and keys are unique; a choice has choices; what customers have an answer to stays."""

    def __init__(self) -> None:
        super().__init__(custom_fields)

    def check(
        self, work: Work, old: CustomField | None, new: CustomField, given: frozenset[str]
    ) -> CustomField:
        """Make the key of the name where none is given. Refuses a key that is taken, and empty choices."""
        new = super().check(work, old, new, given)
        if new.type == "choice" and not new.options:
            raise invalid(Fault("/options", "missing", "A choice needs at least one word to choose."))
        if len({fold(option) for option in new.options}) < len(new.options):
            raise invalid(Fault("/options", "repeated", "A word is there twice."))
        if old is not None:
            return new
        key = new.key or _key_of(new.name)
        taken = select(custom_fields.c.id).where(custom_fields.c.key == key)
        if work.connection.execute(taken).first() is not None:
            sentence = f"There is already a field with the key {key!r}."
            raise Refusal(409, sentence, "key_taken", [Fault("/key", "key_taken", sentence)])
        return new.model_copy(update={"key": key})

    def check_removal(self, work: Work, old: CustomField) -> None:
        """Refuse to remove a field that a customer has something in."""
        statement = text(_CARRIED[work.connection.dialect.name])
        if work.connection.execute(statement, {"key": old.key}).first() is not None:
            sentence = f"Customers have something in {old.name!r}. Say that it is no longer used instead."
            raise Refusal(409, sentence, "in_use")


def check_answers(work: Work, old: Customer | None, new: Customer, given: frozenset[str]) -> Customer:
    """Give a customer with checked additional fields. Raises 422 with a pointer for each that is not taken.

    What was there already is trusted; required fields must be there only where these fields are saved.
    """
    before = {} if old is None else old.custom_fields
    if "custom_fields" not in given or (old is None and not new.custom_fields):
        return new
    fields = _definitions(work)
    faults: list[Fault] = []
    answers: dict[str, Any] = {}
    for key, value in new.custom_fields.items():
        answers[key] = value
        if key in before and before[key] == value and type(before[key]) is type(value):
            continue
        try:
            answers[key] = _taken(fields, key, value)
        except Refused as refused:
            faults.append(Fault(f"/custom_fields/{key}", refused.code, refused.sentence))
    for key, field in fields.items():
        if field.required and not field.archived and answers.get(key) in (None, ""):
            faults.append(Fault(f"/custom_fields/{key}", "missing", f"{field.name} must be filled in."))
    if faults:
        raise invalid(*faults)
    answers = {key: value for key, value in answers.items() if value != ""}
    return new.model_copy(update={"custom_fields": answers})


def _definitions(work: Work) -> Mapping[str, CustomField]:
    rows = work.connection.execute(select(custom_fields).order_by(custom_fields.c.position))
    return {row.key: CustomField.model_validate(members(row)) for row in rows}


_TEXT: Final = Line(max_length=500)
_LINK: Final = re.compile(r"https?://[^\s<>\"]+", re.ASCII | re.IGNORECASE)
_MOST: Final = 1e15
"""Beyond it not every whole number can be told from the next."""


def _taken(fields: Mapping[str, CustomField], key: str, value: Any) -> Any:
    """Give a value as it is stored. Raises Refused."""
    field = fields.get(key)
    if field is None or field.archived:
        raise Refused("unknown_member", "There is no such field (any more).")
    wanted: type[Any] | tuple[type[Any], ...] = str
    if field.type == "yes_no":
        wanted = bool
    elif field.type == "number":
        wanted = (int, float)
    if not isinstance(value, wanted) or (isinstance(value, bool) and wanted is not bool):
        raise Refused("wrong_type", f"{field.name} takes {_SAID.get(field.type, 'text')}.")
    if field.type == "date":
        return _DAY.take(value).isoformat() if value else ""
    value = _kind(field).check(value)
    if field.type == "link" and value and not _LINK.fullmatch(value):
        raise Refused("not_a_link", "This is not an address on the web, such as https://example.org.")
    return value


_SAID: Final = {"yes_no": "yes or no", "number": "a number"}
_DAY: Final = Day()


def _kind(field: CustomField) -> Kind:
    if field.type == "number":
        return Number(minimum=-_MOST, maximum=_MOST)
    if field.type == "choice":
        return Choice(options=dict.fromkeys(["", *field.options], ""))
    return Kind() if field.type == "yes_no" else _TEXT


def _key_of(name: str) -> str:
    """Make a key of a name: its letters and digits in ASCII, words joined by underscores."""
    key = _NO_KEY.sub("_", fold(name)).strip("_")[:40]
    return key if key[:1].isalpha() else f"field_{key}".rstrip("_")[:40]
