"""Additional fields of customers, defined by admins."""

from typing import Final

from client.models import CustomField
from server.routes.answer import REFERENCE
from server.routes.collection import Collection
from server.rules.custom_fields import CustomFieldRules
from server.store.tables import custom_fields

CUSTOM_FIELDS: Final = Collection(
    model=CustomField,
    table=custom_fields,
    path="custom-fields",
    singular="custom field",
    about="Additional fields of customers, whose values stand in `custom_fields` of a customer under the "
    "key: text, a number, a date (RFC 3339), a word of a choice, yes or no (true, false), or a link.",
    order=(("position", False), ("name_key", False), ("id", False)),
    ordered="Ordered by position, then by name.",
    rules=CustomFieldRules(),
    cache=REFERENCE,
    removal="One that customers have something in stays (409); it can be marked as no longer used.",
    example={"name": "Shoe size", "type": "number", "position": 10},
    given={"key": "shoe_size"},
)
