"""Labels: tags that customers carry."""

from typing import Final

from client.models import Label
from server.routes.answer import REFERENCE
from server.routes.collection import Collection
from server.rules.labels import LabelRules
from server.store.tables import labels

LABELS: Final = Collection(
    model=Label,
    table=labels,
    path="labels",
    singular="label",
    about="Tags that customers carry. A renamed label shows at once on every customer.",
    order=(("name_key", False), ("id", False)),
    ordered="Ordered by name.",
    rules=LabelRules(),
    cache=REFERENCE,
    removal="It is taken off every customer.",
    example={"name": "donor", "color": "green", "description": "Gave last year"},
)
