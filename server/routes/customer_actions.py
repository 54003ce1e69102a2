"""What is done to a customer's standing: put aside and taken back, blocked and let in again."""

from collections.abc import Mapping
from typing import Any, Final

from client.models import Customer
from server.routes.collection import Action
from server.rules.work import Work


def _archive(work: Work, customer: Customer) -> Mapping[str, Any]:
    return {} if customer.archived_at is not None else {"archived_at": work.now}


def _unarchive(work: Work, customer: Customer) -> Mapping[str, Any]:  # noqa: ARG001 - all actions are alike
    return {"archived_at": None}


def _block(work: Work, customer: Customer) -> Mapping[str, Any]:  # noqa: ARG001
    return {"status": "blocked"}


def _unblock(work: Work, customer: Customer) -> Mapping[str, Any]:  # noqa: ARG001
    if customer.status != "blocked":
        return {}
    return {"status": "active", "status_reason": ""}


STANDING: Final[tuple[Action[Customer], ...]] = (
    Action(
        name="archive",
        summary="Put a customer aside",
        description="Sign-in to the portal is disabled, nothing is lost.",
        event="archived",
        change=_archive,
    ),
    Action(
        name="unarchive",
        summary="Take a customer back from the archive",
        description="The customer is in lists again.",
        event="unarchived",
        change=_unarchive,
    ),
    Action(
        name="block",
        summary="Block a customer",
        description="The status becomes `blocked`, and with it the access.",
        event="blocked",
        change=_block,
    ),
    Action(
        name="unblock",
        summary="End the block of a customer",
        description="The status becomes `active` and the access `allowed`.",
        event="unblocked",
        change=_unblock,
    ),
)
