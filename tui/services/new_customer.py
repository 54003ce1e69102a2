"""A new customer in as few fields as a phone call has time for, and the JSON they become."""

import re
from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Final

from pydantic import Field

from client.errors import FieldError
from client.models import DuplicateQuery
from client.models.base import Model
from client.models.kinds import EmailAddress, Line, Phone, Reference, Refused
from tui.forms.formats import Formats
from tui.services.search import spoken


class QuickCustomer(Model):
    """What is asked for when a customer is added; the rest can be filled in on the profile."""

    name: Annotated[str, Line(max_length=200, required=True), Field(title="Full name")] = ""
    """The only thing that must be there."""
    phone: Annotated[str, Phone(), Field(title="Phone")] = ""
    """The first number; more on the profile."""
    email: Annotated[str, EmailAddress(), Field(title="E-mail")] = ""
    """The first address; more on the profile."""
    street: Annotated[str, Line(max_length=200), Field(title="Street")] = ""
    """Street and number."""
    postal_code: Annotated[str, Line(max_length=20), Field(title="Postcode")] = ""
    """Together with the name it tells customers of one name apart."""
    city: Annotated[str, Line(max_length=100), Field(title="City")] = ""
    """City or town."""
    branch_id: Annotated[str | None, Reference(collection="branches"), Field(title="Preferred branch")] = None
    """The branch that the customer prefers."""


FIELDS: Final = tuple(QuickCustomer.model_fields)
"""The fields of the form, in order."""

_OWN_FIELDS: Final = {
    "display_name": "name",
    "given_name": "name",
    "phones": "phone",
    "emails": "email",
    "branch_id": "branch_id",
    "addresses/0/line1": "street",
    "addresses/0/postal_code": "postal_code",
    "addresses": "city",
}
_NUMBER_PART: Final = re.compile(r"[+(]*\d[\d()./+\-]*")


def guessed(text: str, formats: Formats) -> dict[str, str]:
    """Give what a search text says of somebody new: an address, a whole phone number, the words of a name."""
    known: dict[str, str] = {}
    words: list[str] = []
    digits: list[str] = []
    for part in spoken(text).split():
        if "@" in part:
            known |= _read("email", EmailAddress().check, part)
        elif _NUMBER_PART.fullmatch(part):
            digits.append(part)
        else:
            words.append(part)
    if digits:
        known |= _read("phone", formats.read_phone, " ".join(digits))
    if words:
        known["name"] = " ".join(words)
        if known["name"].islower():
            known["name"] = " ".join(word[:1].upper() + word[1:] for word in words)
    return known


def _read(name: str, read: Any, text: str) -> dict[str, str]:
    try:
        return {name: read(text)}
    except Refused:
        return {}


def customer_of(values: Mapping[str, Any]) -> dict[str, Any]:
    """Give the body that makes the customer (`POST /v1/customers`)."""
    address = {
        name: values[own]
        for name, own in (("line1", "street"), ("postal_code", "postal_code"), ("city", "city"))
        if values.get(own)
    }
    members = {
        "display_name": values.get("name", ""),
        "phones": [{"number": values["phone"], "is_primary": True}] if values.get("phone") else [],
        "emails": [{"address": values["email"], "is_primary": True}] if values.get("email") else [],
        "addresses": [address | {"is_primary": True}] if address else [],
        "branch_id": values.get("branch_id"),
    }
    return {name: value for name, value in members.items() if value}


def duplicate_query(values: Mapping[str, Any]) -> DuplicateQuery | None:
    """Give what to look for among the customers there are; None where nothing is known yet."""
    query = DuplicateQuery(
        display_name=values.get("name", ""),
        emails=[values["email"]] if values.get("email") else [],
        phones=[values["phone"]] if values.get("phone") else [],
        postal_code=values.get("postal_code", ""),
    )
    told = query.emails or query.phones or (query.display_name and query.postal_code)
    return query if told else None


def at_own_fields(errors: Iterable[FieldError]) -> tuple[FieldError, ...]:
    """Give a server's refusals with pointers to the fields of this form, where there is such a field."""
    return tuple(FieldError(_own_pointer(error.pointer), error.code, error.detail) for error in errors)


def _own_pointer(pointer: str) -> str:
    path = pointer.strip("/")
    own = next((name for theirs, name in _OWN_FIELDS.items() if path.startswith(theirs)), None)
    return f"/{own}" if own else pointer
