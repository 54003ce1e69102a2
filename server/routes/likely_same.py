"""Customers who are likely the same person: found by what they share, and told apart for good."""

from itertools import combinations
from typing import Annotated, Any, Final

from fastapi import Response
from pydantic import Field
from sqlalchemy import Connection, select

from client.models import DistinctCustomers, LikelySame
from client.models.base import Model
from client.models.kinds import Line, Number
from client.models.written import new_model
from server.merging.moving import keep_apart
from server.problems import Fault, Refusal, invalid
from server.routes.answer import PEOPLE, Answer
from server.routes.call import Call, query_of
from server.routes.contract import IF_NONE_MATCH
from server.routes.idempotency import once
from server.routes.operation import Operation, Sent, Shown
from server.routes.operations import page_model
from server.routes.reading import bad_cursor, listed, read_cursor
from server.store.search import page
from server.store.search.alike import REASONS, groups
from server.store.search.cursor import BadCursor, encode
from server.store.search.raw import Raw
from server.store.tables import customers


class LikelySameQuery(Model):
    """How many groups are wanted, and from where."""

    limit: Annotated[int, Number(minimum=1, maximum=50), Field(title="Groups")] = 20
    """How many groups."""
    cursor: Annotated[str, Line(max_length=1000), Field(title="Cursor")] = ""
    """`next_cursor` of the page before."""


_QUERY: Final = new_model(LikelySameQuery)
_DISTINCT: Final = new_model(DistinctCustomers)


async def _list(call: Call) -> Response:
    wanted = query_of(call.request, _QUERY, frozenset()).model_dump()
    place = (REASONS[0], "")
    if wanted["cursor"]:
        reason, shared = read_cursor(wanted["cursor"], str, str)
        if reason not in REASONS:
            raise bad_cursor(BadCursor("This cursor belongs to another list."))
        place = (reason, shared)

    def work(connection: Connection) -> dict[str, Any]:
        raw = Raw(connection)
        found, following = groups(raw, place, wanted["limit"])
        rows = page.of_ids(raw, [one for group in found for one in group.ids])
        items = [
            {
                "reason": group.reason,
                "shared": group.shared,
                "customers": [rows[one] for one in group.ids if one in rows],
            }
            for group in found
        ]
        return (
            {"items": items} if following is None else {"items": items, "next_cursor": encode([*following])}
        )

    return listed(call, await call.database.read_apart(work), PEOPLE)


async def _keep_apart(call: Call) -> Response:
    ids = list(dict.fromkeys(call.read(_DISTINCT).model_dump()["ids"]))
    if len(ids) < 2:
        raise invalid(Fault("/ids", "too_few", "Name at least two customers."))

    def work_on(connection: Connection) -> Answer:
        known = set(connection.scalars(select(customers.c.id).where(customers.c.id.in_(ids))))
        faults = [
            Fault(f"/ids/{place}", "unknown_reference", "This is not in customers (any more).")
            for place, one in enumerate(ids)
            if one not in known
        ]
        if faults:
            raise Refusal(409, faults[0].sentence, "unknown_reference", faults)
        work = call.work(connection, {})
        for one, other in combinations(ids, 2):
            keep_apart(work, one, other)
        return Answer(204)

    return (await call.database.write(once(call, work_on))).response()


LIKELY_SAME: Final = (
    Operation(
        method="GET",
        path="/v1/customers/duplicates",
        name="list_likely_same",
        tag="customers",
        summary="Customers who are likely the same person",
        description="Groups that share an e-mail address, then those that share a number, then those of one "
        "name and postcode, without those of whom somebody said that they are not the same. A page may be "
        "short, and even empty, while `next_cursor` leads on.",
        permission="customers:read",
        handle=_list,
        answers={
            200: Shown(
                description="A page of groups.",
                model=page_model(LikelySame),
                headers=("ETag", "Cache-Control", "Link"),
            ),
            304: Shown(description="Nothing changed.", headers=("ETag", "Cache-Control")),
        },
        refusals=(404, 422),
        parameters=(IF_NONE_MATCH,),
        query=_QUERY,
    ),
    Operation(
        method="POST",
        path="/v1/customers/distinct",
        name="keep_customers_apart",
        tag="customers",
        summary="Say that customers who look alike are not the same person",
        description="Each of them is somebody else than each other one, and they are not found as likely the "
        "same any more. Takes `Idempotency-Key`, see `#/components/parameters/IdempotencyKey`.",
        permission="customers:write",
        handle=_keep_apart,
        answers={204: Shown(description="Remembered.", headers=("Idempotency-Replayed",))},
        refusals=(400, 409, 413, 415, 422),
        sent=Sent(
            model=_DISTINCT,
            example={"ids": ["0190e1c0-7f3a-7c3e-9c5b-2f6a3d1e8b47", "0190e1c0-8a11-7b02-8f6d-5b1c2a9e4d70"]},
        ),
    ),
)
