"""How a refusal travels: `application/problem+json` (RFC 9457)."""

from typing import Annotated, Any

from pydantic import Field

from client.models.base import Model


class FieldProblem(Model):
    """One member of the request that was not taken."""

    pointer: Annotated[str, Field(examples=["/emails/0/address"])]
    """JSON Pointer into the request body (RFC 6901), or the name of a header or parameter."""
    code: str
    """A word for programs."""
    detail: str
    """A sentence for a person, to stand at the field."""


class Problem(Model):
    """Why a request was refused."""

    type: str = "about:blank"
    """A URI that names the kind of problem."""
    title: str
    """The kind of problem in a few words."""
    status: int
    """The HTTP status."""
    detail: str = ""
    """A sentence for a person: what failed and what to do."""
    code: str
    """A word for programs."""
    errors: list[FieldProblem] = []
    """Field by field, where fields are at fault."""
    request_id: str = ""
    """Names the request in the server's log."""
    customer_id: str = ""
    """With 410 and the code `merged`: the customer whose record has taken the place of this one."""
    current: dict[str, Any] | None = None
    """With 412: the record as it is now, so that a merge needs no second trip."""
