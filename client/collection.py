"""What every collection of the Customer API can do, written once."""

from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Generic, cast
from urllib.parse import quote

from pydantic import BaseModel, ValidationError
from typing_extensions import TypeVar

from client import errors
from client.answers import Reply
from client.merge import apply_patch, covers
from client.models.base import Page
from client.transport import Transport

MOST_PAGES: Final = 20_000
"""A list with more pages than this is a server that goes round in circles."""

_MERGE_PATCH: Final = "application/merge-patch+json"

T = TypeVar("T", bound=BaseModel)
Row = TypeVar("Row", bound=BaseModel, default=T)
V = TypeVar("V", default=Any)
Parsed = TypeVar("Parsed", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Answer(Generic[V]):
    """A value with what came beside it."""

    value: V
    status: int = 200
    """HTTP status."""
    etag: str = ""
    """The entity tag, for asking later whether anything changed."""
    version: int = 0
    """The record's version; 0 where the value has none."""
    request_id: str = ""
    """Names the request in the server's log."""
    fulfilled: str = ""
    """Which wishes of the request were fulfilled (RFC 7240)."""


class Collection(Generic[T, Row]):
    """Records of one kind under one path. Every method raises CustomerApiError and nothing else."""

    def __init__(
        self,
        transport: Transport,
        path: str,
        model: type[T],
        row: type[Row] | None = None,
        *,
        filters: Mapping[str, Any] | None = None,
    ) -> None:
        """Take `row` where lists show another model than `get`, and `filters` that hold for every list."""
        self._transport = transport
        self._path = path
        self._model = model
        self._row = row or cast("type[Row]", model)
        self._filters = dict(filters or {})

    @property
    def address(self) -> str:
        """The path of the collection."""
        return self._path

    @property
    def model(self) -> type[T]:
        """What its records are."""
        return self._model

    async def list(
        self, *, cursor: str = "", limit: int | None = None, fields: Iterable[str] = (), **filters: Any
    ) -> Answer[Page[Row]]:
        """Give one page, the first or the one after `cursor`. Filters that are None or empty are not sent."""
        asked = self._filters | filters | {"limit": limit, "cursor": cursor, "fields": ",".join(fields)}
        reply = await self._transport.request("GET", self._path, params=_given(asked))
        return answered(reply, self._page())

    async def pages(self, *, limit: int | None = None, **filters: Any) -> AsyncIterator[Page[Row]]:
        """Give page after page until the last."""
        cursor = ""
        for _ in range(MOST_PAGES):
            page = (await self.list(cursor=cursor, limit=limit, **filters)).value
            yield page
            if not page.next_cursor:
                return
            cursor = page.next_cursor
        raise errors.NotTheApi("The server's list does not end.")

    async def each(self, *, limit: int | None = None, **filters: Any) -> AsyncIterator[Row]:
        """Give every record, page after page."""
        async for page in self.pages(limit=limit, **filters):
            for row in page.items:
                yield row

    async def get(self, record_id: str, *, fields: Iterable[str] = ()) -> Answer[T]:
        """Give one record."""
        params = _given({"fields": ",".join(fields)})
        return answered(
            await self._transport.request("GET", self.path(record_id), params=params), self._model
        )

    async def get_if_changed(self, record_id: str, etag: str) -> Answer[T] | None:
        """Give one record, or None where it is still the one that `etag` came with."""
        reply = await self._transport.request("GET", self.path(record_id), headers={"If-None-Match": etag})
        return None if reply.status == 304 else answered(reply, self._model)

    async def create(self, values: Mapping[str, Any] | BaseModel, *, idempotency_key: str = "") -> Answer[T]:
        """Make a record. Pass the same `idempotency_key` again to be sure that it is made only once."""
        reply = await self._transport.request(
            "POST", self._path, body=_json(values), idempotency_key=idempotency_key
        )
        return answered(reply, self._model)

    async def update(
        self,
        record_id: str,
        patch: Mapping[str, Any],
        *,
        version: int,
        idempotency_key: str = "",
        wish: str = "",
        base: Mapping[str, Any] | None = None,
    ) -> Answer[T]:
        """Change a record by a merge patch (RFC 7396) and give it as it is then.

        Where `base` is the whole record at that version, as JSON, only what became other than was sent
        travels back. Pass the same `idempotency_key` again to be sure that a change is made only once.
        `wish` is what the server may do besides (RFC 7240), such as `notify=customer`; `fulfilled` says
        whether it did.
        Raises Stale, with the record as it is now, where `version` is no longer the newest.
        """
        wishes = [*(["difference"] if base is not None else []), *([wish] if wish else [])]
        headers = {"Prefer": ",".join(wishes)} if wishes else {}
        reply = await self._patched(record_id, patch, version, headers, idempotency_key)
        if isinstance(reply, Answer):
            return reply
        if base is not None and reply.headers.get("content-type", "").startswith(_MERGE_PATCH):
            whole = apply_patch(apply_patch(base, patch), reply.body)
            reply = replace(reply, body=whole)
        if isinstance(reply.body, dict):
            self._transport.saved(self.path(record_id), reply.body)
        return answered(reply, self._model)

    async def save(
        self, record_id: str, patch: Mapping[str, Any], *, version: int, idempotency_key: str = ""
    ) -> Answer[int]:
        """Do the same with as few bytes as can be, and give the new version (RFC 7240)."""
        headers = {"Prefer": "return=minimal"}
        reply = await self._patched(record_id, patch, version, headers, idempotency_key)
        if isinstance(reply, Answer):
            return Answer(reply.version, reply.status, reply.etag, reply.version, reply.request_id)
        new_version = version_of(reply) or answered(reply, self._model).version
        return Answer(new_version, reply.status, reply.etag, new_version, reply.request_id)

    async def delete(self, record_id: str, *, version: int | None = None) -> None:
        """Remove a record; where `version` is given, only if it is still the newest."""
        headers = {} if version is None else {"If-Match": f'"{version}"'}
        try:
            await self._transport.request("DELETE", self.path(record_id), headers=headers)
        except errors.NotFound as gone:
            if not gone.repeated:
                raise
        except errors.Stale as stale:
            raise self._with_current(stale) from None

    async def act(
        self,
        record_id: str,
        name: str,
        body: Mapping[str, Any] | BaseModel | None = None,
        *,
        version: int | None = None,
        idempotency_key: str = "",
    ) -> Answer[T]:
        """Do what the contract calls `name` to a record and give the record as it is then."""
        try:
            reply = await self._transport.request(
                "POST",
                below(self._path, record_id, name),
                body=None if body is None else _json(body),
                headers={} if version is None else {"If-Match": f'"{version}"'},
                idempotency_key=idempotency_key,
            )
        except errors.Stale as stale:
            raise self._with_current(stale) from None
        return answered(reply, self._model)

    def path(self, record_id: str) -> str:
        """Give the path of one record."""
        return below(self._path, record_id)

    async def _patched(
        self,
        record_id: str,
        patch: Mapping[str, Any],
        version: int,
        headers: Mapping[str, str],
        idempotency_key: str,
    ) -> Reply | Answer[T]:
        try:
            return await self._transport.request(
                "PATCH",
                self.path(record_id),
                body=patch,
                media_type=_MERGE_PATCH,
                headers={"If-Match": f'"{version}"', **headers},
                idempotency_key=idempotency_key,
            )
        except errors.Stale as stale:
            stale = self._with_current(stale)
            if stale.repeated and stale.current_json is not None and self._carries(stale.current_json, patch):
                # A server that takes no key with a patch saved the first sending; only its answer was lost.
                return _answer(stale.current, stale.status, "", stale.request_id)
            raise stale from None

    def _carries(self, current: dict[str, Any], patch: Mapping[str, Any]) -> bool:
        """Say whether a record already is as `patch` would make it, defaults left out as the server does."""
        try:
            wanted = self._model.model_validate(apply_patch(current, patch))
        except ValidationError:
            return False
        want, have = (_json(record) for record in (wanted, self._model.model_validate(current)))
        return all(covers(want.get(name), have.get(name)) for name in patch)

    def _with_current(self, stale: errors.Stale) -> errors.Stale:
        if stale.current_json is not None:
            stale.current = parsed_as(self._model, stale.current_json)
        return stale

    def _page(self) -> type[Page[Row]]:
        of: Callable[[Any], Any] = Page.__class_getitem__
        return cast("type[Page[Row]]", of(self._row))


def answered(reply: Reply, model: type[Parsed]) -> Answer[Parsed]:
    """Give a reply's body as a model. Raises NotTheApi where it has another shape."""
    value = parsed_as(model, reply.body)
    fulfilled = reply.headers.get("preference-applied", "")[:200]
    return _answer(value, reply.status, reply.etag, reply.request_id, fulfilled)


def parsed_as(model: type[Parsed], value: Any) -> Parsed:
    """Give JSON as a model. Raises NotTheApi where it has another shape."""
    try:
        return model.model_validate(value)
    except (ValidationError, RecursionError):
        # What did not fit is data of people or a token: it must not stand in a traceback.
        raise errors.NotTheApi("The server's answer has an unknown shape.", code="shape") from None


def below(path: str, *steps: str) -> str:
    """Give a path with further steps, none of which can lead out of it. Raises NotFound."""
    if any(step in ("", ".", "..") for step in steps):
        raise errors.NotFound
    return "/".join([path, *(quote(step, safe="") for step in steps)])


def version_of(reply: Reply) -> int:
    """Give the version that a reply's entity tag names, 0 where it names none."""
    digits = reply.etag.removeprefix("W/").strip('"').partition("-")[0]
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 19 else 0


def _answer(value: Any, status: int, etag: str, request_id: str, fulfilled: str = "") -> Answer[Any]:
    version = getattr(value, "version", 0)
    return Answer(value, status, etag, version if isinstance(version, int) else 0, request_id, fulfilled)


def _json(values: Mapping[str, Any] | BaseModel) -> Any:
    if isinstance(values, BaseModel):
        return values.model_dump(mode="json", exclude_defaults=True)
    return values


def _given(params: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in params.items() if value not in (None, "", [], ())}
