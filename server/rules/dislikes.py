"""Disliked services: each is there once, and nobody books one."""

from typing import Any

from sqlalchemy import select

from client.models import DislikedService, OfferedService
from server.problems import Fault, Refusal
from server.rules.names import NamedRules
from server.rules.references import refuse_unknown, unknown_references
from server.rules.work import Rules, Work
from server.store.tables import disliked_services, services


class ServiceRules(NamedRules[OfferedService]):
    """Names of services are unique; one that anything points to stays."""

    def __init__(self) -> None:
        super().__init__(services)


class DislikeRules(Rules[DislikedService]):
    """The rules of disliked services."""

    def fill(self, work: Work, values: dict[str, Any], parent_id: str) -> None:
        """Name the service, and refuse one that is there already, with 409."""
        chosen = values["service_id"]
        values["service"] = (
            work.connection.scalar(select(services.c.name).where(services.c.id == chosen)) or ""
        )
        if _disliked(work, parent_id, chosen) is not None:
            sentence = f"{values['service']} is disliked already; change the comment on it."
            fault = Fault("/service_id", "already_disliked", sentence)
            raise Refusal(409, sentence, "already_disliked", [fault])

    def check(
        self, work: Work, old: DislikedService | None, new: DislikedService, given: frozenset[str]
    ) -> DislikedService:
        """Refuse a service that is not there, with 409."""
        refuse_unknown(unknown_references(work, new, old, {"services": services}))
        return new


def refuse_disliked(work: Work, customer_id: str, service_id: str, pointer: str = "/service_id") -> None:
    """Raise `Refusal` with 409 where this customer dislikes this service: it is not to be booked."""
    comment = _disliked(work, customer_id, service_id)
    if comment is None:
        return
    name = work.connection.scalar(select(services.c.name).where(services.c.id == service_id)) or "This"
    reason = f' ("{" ".join(comment.split())[:120]}")' if comment else ""
    sentence = f"{name} is a service that this customer does not like{reason}: it is not booked."
    raise Refusal(409, sentence, "disliked_service", [Fault(pointer, "disliked_service", sentence)])


def _disliked(work: Work, customer_id: str, service_id: str) -> str | None:
    """Give the comment on a disliked service; None where it is not disliked."""
    row = work.connection.execute(
        select(disliked_services.c.comment).where(
            disliked_services.c.customer_id == customer_id, disliked_services.c.service_id == service_id
        )
    ).first()
    return None if row is None else str(row.comment)
