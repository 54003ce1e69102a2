"""The one record of its kind that something has, such as a customer's portal account."""

from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from typing import Any, Final, Generic, TypeVar

from pydantic import BaseModel

from client import errors
from client.collection import Answer, Collection
from client.transport import Transport

T = TypeVar("T", bound=BaseModel)

NONE_YET: Final = 0
"""The version of a record that is not there: an update that starts from it makes the record."""


class Single(Generic[T]):
    """A record under a path of its own. Every method raises CustomerApiError and nothing else."""

    def __init__(self, transport: Transport, owner: str, name: str, model: type[T]) -> None:
        """Take the path of what has the record, and the record's name below it."""
        self._collection: Collection[T] = Collection(transport, owner, model)
        self._name = name

    async def get(self) -> Answer[T] | None:
        """Give the record, or None where there is none yet."""
        try:
            return await self._collection.get(self._name)
        except errors.NotFound:
            return None

    async def update(
        self, patch: Mapping[str, Any], *, version: int = NONE_YET, idempotency_key: str = ""
    ) -> Answer[T]:
        """Change the record by a merge patch (RFC 7396), or make it, and give it as it is then.

        Raises Stale, with the record as it is now, where `version` is no longer the newest.
        """
        return await self._collection.update(
            self._name, patch, version=version, idempotency_key=idempotency_key
        )

    async def delete(self, *, version: int | None = None) -> None:
        """Remove the record; where `version` is given, only if it is still the newest."""
        await self._collection.delete(self._name, version=version)

    async def act(
        self,
        name: str,
        body: Mapping[str, Any] | BaseModel | None = None,
        *,
        version: int | None = None,
        idempotency_key: str = "",
    ) -> Answer[T]:
        """Do what the contract calls `name` to the record and give the record as it is then."""
        return await self._collection.act(
            self._name, name, body, version=version, idempotency_key=idempotency_key
        )


class OnlyOne(Collection[T]):
    """A single record as a list of one at most, for whatever shows and writes lists; ids say nothing."""

    def __init__(self, transport: Transport, owner: str, name: str, model: type[T]) -> None:
        """Take the path of what has the record, and the record's name below it."""
        super().__init__(transport, owner, model)
        self._name = name

    def path(self, record_id: str) -> str:
        """Give the path of the record."""
        del record_id
        return super().path(self._name)

    async def each(self, *, limit: int | None = None, **filters: Any) -> AsyncIterator[T]:
        """Give the record, where there is one."""
        del limit, filters
        with suppress(errors.NotFound):
            yield (await self.get(self._name)).value

    async def create(self, values: Mapping[str, Any] | BaseModel, *, idempotency_key: str = "") -> Answer[T]:
        """Make the record, where there is none yet."""
        patch = values.model_dump(mode="json") if isinstance(values, BaseModel) else values
        return await self.update(self._name, patch, version=NONE_YET, idempotency_key=idempotency_key)

    async def act(
        self,
        record_id: str,
        name: str,
        body: Mapping[str, Any] | BaseModel | None = None,
        *,
        version: int | None = None,
        idempotency_key: str = "",
    ) -> Answer[T]:
        """Do what the contract calls `name` to the record and give the record as it is then."""
        del record_id
        return await super().act(self._name, name, body, version=version, idempotency_key=idempotency_key)
