"""What the server offers: one declaration for each collection, and the mechanism they share."""

from typing import Any, Final

from server.routes.collection import Collection
from server.routes.customers import CUSTOMERS
from server.routes.events import EVENTS
from server.routes.labels import LABELS
from server.routes.notes import NOTES
from server.routes.offered_services import DISLIKED_SERVICES, SERVICES
from server.routes.places import BRANCHES, LOCATIONS, PARTNERS
from server.routes.staff import STAFF

COLLECTIONS: Final[tuple[Collection[Any], ...]] = (
    CUSTOMERS,
    NOTES,
    EVENTS,
    LABELS,
    BRANCHES,
    PARTNERS,
    LOCATIONS,
    STAFF,
    SERVICES,
    DISLIKED_SERVICES,
)
