"""The additional fields that the business has defined."""

from typing import Any, Final

from server.sample.parts import SampleList
from server.store.tables import custom_fields

_FIELDS: Final[tuple[dict[str, Any], ...]] = (
    {"name": "Door code", "key": "door_code", "type": "text"},
    {"name": "Allergies", "key": "allergies", "type": "text"},
    {
        "name": "Pets",
        "key": "pets",
        "type": "choice",
        "options": ["none", "a dog", "cats", "birds", "several"],
    },
    {"name": "Square metres", "key": "square_metres", "type": "number"},
    {"name": "Key handed over", "key": "key_handed_over", "type": "date"},
    {"name": "Allowed to photograph", "key": "may_photograph", "type": "yes_no"},
    {"name": "House rules", "key": "house_rules", "type": "link"},
    {"name": "Fax label", "key": "fax_label", "type": "text", "archived": True},
)

CUSTOM_FIELDS: Final = SampleList(
    custom_fields,
    lambda: [{"options": [], "position": 10 * place, **field} for place, field in enumerate(_FIELDS, 1)],
)
