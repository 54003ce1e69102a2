"""Marketing lists: a search that never finds who said no, and says how many those are."""

from typing import Any, Final

from fastapi import Response
from pydantic import create_model
from pydantic_core import to_json
from sqlalchemy import Connection

from client.models import Audience, AudienceSearch, CustomerRow
from client.models.written import new_model
from server.problems import Fault, Refusal
from server.routes.answer import Answer
from server.routes.call import Call
from server.routes.operation import Operation, Sent, Shown
from server.routes.reading import bad_cursor, fields_member
from server.rules.marketing import opted_out, reached_by, wants_marketing
from server.store.search import BadCursor, index_for
from server.store.search.audience import MOST, Bounds, FoundAudience, TooMany, find

_SEARCH: Final = new_model(
    create_model("AudienceSearch", __base__=AudienceSearch, fields=fields_member(CustomerRow.model_fields))
)


async def _audience(call: Call) -> Response:
    wanted = AudienceSearch.model_construct(**call.read(_SEARCH).__dict__)
    bounds = bounds_of(wanted.channel, wanted.willing)
    index = index_for(call.database.dialect)

    def work(connection: Connection) -> FoundAudience:
        return find(index, connection, wanted, bounds)

    try:
        return told(await call.database.read(work))
    except BadCursor as error:
        raise bad_cursor(error) from None
    except TooMany:
        sentence = f"These words fit more than {MOST:,} customers. Narrow down by filters instead."
        raise Refusal(
            409, sentence, "too_many_matches", [Fault("/q", "too_many_matches", sentence)]
        ) from None


def bounds_of(channel: str, willing: str) -> Bounds:
    """Give who is on a marketing list, whatever else it is made of."""
    return Bounds(
        refused=opted_out(channel),
        reached=reached_by(channel),
        asked=wants_marketing(channel) if willing == "granted" else "TRUE",
    )


def told(found: FoundAudience) -> Response:
    """Answer with a page and the counts that there are."""
    counts = {
        "next_cursor": found.page.next_cursor,
        "total": found.page.total,
        "left_out": found.left_out,
        "unreachable": found.unreachable,
    }
    there: dict[str, Any] = {name: count for name, count in counts.items() if count is not None}
    return Answer(200, {}, to_json({"items": found.page.items} | there)).response()


AUDIENCE: Final = Operation(
    method="POST",
    path="/v1/customers/audience",
    name="find_audience",
    tag="customers",
    summary="Find the customers to market to by a channel",
    description="The same search, without those who said no to marketing by `channel`: no role, flag or "
    "filter brings them back, and `left_out` says how many they are. `unreachable` are those of the rest "
    "without an address or a number for it. Where `q` fits more than 1,000 customers it is refused (409).",
    permission="customers:read",
    handle=_audience,
    answers={200: Shown(description="A page of the list.", model=Audience, trimmed=CustomerRow)},
    refusals=(400, 404, 409, 413, 415, 422),
    sent=Sent(model=_SEARCH, example={"channel": "email", "label": ["donor"], "willing": "granted"}),
)
