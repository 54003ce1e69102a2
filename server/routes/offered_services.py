"""Services that can be booked, and those that a customer does not want."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, select

from client.models import DislikedService, OfferedService
from server.merging.room import once_each
from server.routes.answer import REFERENCE
from server.routes.collection import EXAMPLE_ID, Collection
from server.rules.dislikes import DislikeRules, ServiceRules
from server.store.tables import disliked_services, services

SERVICES: Final = Collection(
    model=OfferedService,
    table=services,
    path="services",
    singular="offered service",
    about="What customers can book. One that is no longer offered is not `active`.",
    order=(("name_key", False), ("id", False)),
    ordered="Ordered by name.",
    rules=ServiceRules(),
    cache=REFERENCE,
    removal="One that anything points to stays (409); take `active` from it instead.",
    example={"name": "Deep clean", "description": "Every room, behind everything", "duration_minutes": 180},
)


def _service_name(dialect: str) -> Sequence[ColumnElement[Any]]:  # noqa: ARG001 - the same on both
    named = select(services.c.name).where(services.c.id == disliked_services.c.service_id)
    return (named.scalar_subquery().label("service"),)


DISLIKED_SERVICES: Final = Collection(
    model=DislikedService,
    table=disliked_services,
    path="disliked-services",
    singular="disliked service",
    about="Services that a customer does not want: a booking of one is refused (409), whoever makes it. "
    "Each service is there once at most (409).",
    rules=DislikeRules(),
    of_customer=True,
    settle=once_each(lambda disliked: disliked.service_id),
    unversioned=True,
    extra_columns=_service_name,
    example={"service_id": EXAMPLE_ID, "comment": "The oil gives her a rash; hot stones are fine."},
    given={"service": "Aromatherapy"},
)
