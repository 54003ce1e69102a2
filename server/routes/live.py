"""Changes as they happen: a stream of server-sent events, and a list for those who cannot stream."""

from collections.abc import AsyncIterator, Sequence
from typing import Any, Final

from fastapi.responses import StreamingResponse
from pydantic_core import to_json
from sqlalchemy import Connection
from starlette.types import Receive, Scope, Send

from client.models import Changes, ChangesQuery, EventsQuery, Hint
from client.models.live import PLACE_PATTERN
from client.models.written import new_model
from server.auth.tokens import token_hash
from server.live.feed import Entry, after
from server.live.hub import Hub, Subscription, TooManyStreams
from server.problems import Fault, Refusal
from server.routes.answer import Answer
from server.routes.call import Call, query_of
from server.routes.operation import Operation, Shown
from server.store.positions import settled

_RETRY_MILLISECONDS: Final = 3_000
_SEPARATED: Final = frozenset({"customer_id"})
_STREAM: Final = "text/event-stream"

_EVENTS_QUERY: Final = new_model(EventsQuery)
_CHANGES_QUERY: Final = new_model(ChangesQuery)


class _EventStream(StreamingResponse):
    """A stream that is taken off the list of streams however it ends."""

    def __init__(self, hub: Hub, subscription: Subscription, content: AsyncIterator[bytes]) -> None:
        # Not stored, and so not compressed either: what is small cannot be made smaller.
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        super().__init__(content, headers=headers, media_type=_STREAM)
        self._hub = hub
        self._subscription = subscription

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._hub.leave(self._subscription)


async def _stream(call: Call) -> _EventStream:
    customers = frozenset(query_of(call.request, _EVENTS_QUERY, _SEPARATED).model_dump()["customer_id"])
    known = call.request.headers.get("Last-Event-ID", "")
    position = _position(known, "Last-Event-ID") if known else None
    hub: Hub = call.request.app.state.live
    token = call.request.headers["Authorization"].partition(" ")[2].strip()
    try:
        made = await hub.subscribe(call.actor, token_hash(token), customers)
    except TooManyStreams:
        sentence = "You have too many streams open. Close one, or ask for /v1/changes from time to time."
        raise Refusal(429, sentence, "too_many_streams", headers={"Retry-After": "60"}) from None
    heartbeat = call.request.app.state.settings.heartbeat_seconds
    return _EventStream(hub, made, _told(hub, made, position, heartbeat))


async def _told(hub: Hub, made: Subscription, position: int | None, heartbeat: float) -> AsyncIterator[bytes]:
    """Give the stream piece by piece: https://html.spec.whatwg.org/multipage/server-sent-events.html."""
    told = made.begun if position is None else position
    yield b"retry: %d\nid: %d\n\n" % (_RETRY_MILLISECONDS, told)
    if position is not None:
        async for entries in hub.missed(made, position):
            if entries:
                told = entries[-1].position
                yield b"".join(map(_event, entries))
    while not made.ended:
        entries = await made.next(heartbeat)
        if entries:
            told = entries[-1].position
            yield b"".join(map(_event, entries))
        elif not made.ended:
            # Keeps the way open; where much was left out here, a newer place saves reading it again.
            yield b"id: %d\n\n" % made.seen if made.seen > told else b":\n\n"
            told = max(told, made.seen)


def _event(entry: Entry) -> bytes:
    return b"id: %d\ndata: %s\n\n" % (entry.position, to_json(_hint(entry)))


def _hint(entry: Entry) -> dict[str, Any]:
    return Hint(customer_id=entry.customer_id, version=entry.version, kind=entry.kind).to_json()


async def _changes(call: Call) -> Any:
    wanted = query_of(call.request, _CHANGES_QUERY, _SEPARATED).model_dump()

    def work(connection: Connection) -> dict[str, Any]:
        if not wanted["since"]:
            return Changes(cursor=str(settled(connection))).to_json()
        since = _position(wanted["since"], "since")
        batch = after(connection, since, wanted["limit"], frozenset(wanted["customer_id"]))
        told: Sequence[Entry] = [entry for entry in batch.entries if entry.shown_to(call.actor)]
        result: dict[str, Any] = {"cursor": str(batch.position)}
        if told:
            result["items"] = [_hint(entry) for entry in told]
        return result | ({"more": True} if batch.more else {})

    return Answer(200, {"Cache-Control": "no-store"}, to_json(await call.database.read(work))).response()


def _position(text: str, where: str) -> int:
    """Read a cursor. Raises `Refusal`: a place that this server never gave is none."""
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        sentence = "This place is not one that the server gave. Begin without one."
        raise Refusal(404, sentence, "unknown_cursor", [Fault(where, "unknown_cursor", sentence)])
    return int(text)


_HINTS: Final = (
    "Hints hold nothing about a person: the customer's id, the version after the change, and its kind as in "
    "the history. What the person may not read is not hinted. A change is told after it is committed, and "
    "none is left out; the same one may come twice. "
)
_LAST_EVENT_ID: Final = {
    "name": "Last-Event-ID",
    "in": "header",
    "description": "The `id` of the last event that came: what was missed since is told first.",
    "schema": {"type": "string", "pattern": PLACE_PATTERN},
    "example": "4711",
}

LIVE: Final = (
    Operation(
        method="GET",
        path="/v1/events",
        name="stream_events",
        tag="events",
        summary="Follow changes as they happen",
        description=_HINTS + "Server-sent events (WHATWG) without end: each `data` is a `Hint`, each `id` a "
        "cursor for `Last-Event-ID` and for `since` of the list of changes; a comment comes where nothing "
        "happens. The stream ends with the access token, with the sign-in, and with the server. A person may "
        "have a few streams at once (429 beyond).",
        permission="events:read",
        handle=_stream,
        answers={
            200: Shown(
                description="Hints, one after the other.",
                model=Hint,
                media_type=_STREAM,
                headers=("Cache-Control",),
            )
        },
        refusals=(404, 422),
        parameters=(_LAST_EVENT_ID,),
        query=_EVENTS_QUERY,
        separated=_SEPARATED,
    ),
    Operation(
        method="GET",
        path="/v1/changes",
        name="list_changes",
        tag="events",
        summary="List changes since a place",
        description=_HINTS + "For those who cannot follow a stream: ask again with the `cursor` that came.",
        permission="events:read",
        handle=_changes,
        answers={
            200: Shown(
                description="Changes, oldest first.",
                model=Changes,
                headers=("Cache-Control",),
                example={
                    "items": [
                        {
                            "customer_id": "0190e1c0-7f3a-7c3e-9c5b-2f6a3d1e8b47",
                            "version": 4,
                            "kind": "customers.changed",
                        }
                    ],
                    "cursor": "4711",
                },
            )
        },
        refusals=(404, 422),
        query=_CHANGES_QUERY,
        separated=_SEPARATED,
    ),
)
