"""Branches, partners and locations: what customers belong to."""

from typing import Final

from client.models import Branch, Location, Partner
from server.routes.answer import REFERENCE
from server.routes.collection import Collection
from server.rules.names import NamedRules
from server.store import tables

_BY_NAME: Final = (("name_key", False), ("id", False))
_STAYS: Final = "One that customers point to stays (409)."

BRANCHES: Final = Collection(
    model=Branch,
    table=tables.branches,
    path="branches",
    singular="branch",
    about="Places of the business that customers can prefer.",
    order=_BY_NAME,
    ordered="Ordered by name.",
    rules=NamedRules[Branch](tables.branches, pointed_to_by="branch_id"),
    cache=REFERENCE,
    removal=_STAYS,
    example={"name": "Riverside", "phone": "+442079460958", "city": "London", "country": "GB"},
)

PARTNERS: Final = Collection(
    model=Partner,
    table=tables.partners,
    path="partners",
    singular="partner",
    about="Companies through which customers come.",
    order=_BY_NAME,
    ordered="Ordered by name.",
    rules=NamedRules[Partner](tables.partners, pointed_to_by="partner_id"),
    cache=REFERENCE,
    removal=_STAYS,
    example={"name": "Harbour Housing", "description": "Sends tenants"},
)

LOCATIONS: Final = Collection(
    model=Location,
    table=tables.locations,
    path="locations",
    singular="location",
    about="Service areas that customers belong to.",
    order=_BY_NAME,
    ordered="Ordered by name.",
    rules=NamedRules[Location](tables.locations, pointed_to_by="location_id"),
    cache=REFERENCE,
    removal=_STAYS,
    example={"name": "North shore", "description": "Beyond the bridge"},
)
