"""What every model of the contract shares."""

from datetime import datetime
from typing import Annotated, Any, Generic, TypeVar

from pydantic import ConfigDict, Field

from client.models.describing import Described
from client.models.kind import READ_ONLY

T = TypeVar("T")


class Model(Described):
    """Base of all that travels. Members a reader does not know are ignored, so that a server may add some.

    What checks and reads a model is built when it is first used; a server builds all of them at its start.
    """

    model_config = ConfigDict(extra="ignore", frozen=True, defer_build=True)

    def to_json(self) -> dict[str, Any]:
        """Give the JSON object as it travels: members equal to their default are left out."""
        return self.model_dump(mode="json", exclude_defaults=True)


class Record(Model):
    """Something the server keeps under an id, with a version that grows by one with every change."""

    id: Annotated[str, READ_ONLY, Field(title="Id")]
    """Opaque identifier, a UUID version 7 (RFC 9562). SCIM: `id`."""
    version: Annotated[int, READ_ONLY, Field(title="Version", ge=1)]
    """Grows by one with every change; the strong ETag is this number in quotes. SCIM: `meta.version`."""
    created_at: Annotated[datetime, READ_ONLY, Field(title="Added")]
    """When the record was made, RFC 3339 in UTC."""
    updated_at: Annotated[datetime, READ_ONLY, Field(title="Changed")]
    """When the record was last changed, RFC 3339 in UTC."""


class Page(Model, Generic[T]):
    """One page of a list."""

    items: list[T]
    """The records of this page, in order."""
    next_cursor: str | None = None
    """Pass it back as `cursor` for the next page; left out on the last page. Opaque."""
    total: int | None = None
    """How many records match in all. Left out on later pages, and where counting them would cost too much."""
