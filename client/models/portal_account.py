"""A customer's account in the customers' portal."""

from datetime import datetime
from typing import Annotated, Final

from pydantic import Field

from client.models.base import Model, Record
from client.models.kinds import READ_ONLY, WRITE_ONLY, Code, Line
from client.models.secret import Secret

LOGIN: Final = Code(
    pattern=r"[A-Za-z0-9][A-Za-z0-9._@+\-]{1,253}",
    example="joanna@example.org",
    what="a login of letters, digits and . _ @ + -",
    max_length=254,
)


class PortalAccount(Record):
    """How a customer signs in to the portal. There is at most one for each customer."""

    login: Annotated[str, LOGIN, Field(title="Login", examples=["joanna@example.org"])]
    """Nobody else has it; capitals make no difference."""
    password: Annotated[
        str,
        Secret(),
        WRITE_ONLY,
        Field(title="Password", exclude=True, json_schema_extra={"writeOnly": True}),
    ] = ""
    """A new password; the server keeps only a hash of it. Argon2id (RFC 9106); `null` takes it away."""
    password_set_at: Annotated[datetime | None, READ_ONLY, Field(title="Password set")] = None
    """When the password was set last; left out where there is none."""
    disabled: Annotated[bool, READ_ONLY, Field(title="Closed")] = False
    """Whether the portal is closed to the customer: archived or blocked customers cannot sign in."""
    confirmation: Annotated[str, READ_ONLY, Field(title="Confirmation e-mail")] = ""
    """The state of the newest confirmation e-mail, as of messages; left out where none was sent."""
    confirmation_sent_at: Annotated[datetime | None, READ_ONLY, Field(title="Confirmation sent")] = None
    """When the newest confirmation e-mail went out."""
    confirmed_at: Annotated[datetime | None, READ_ONLY, Field(title="Confirmed")] = None
    """When the customer confirmed the account and chose a password."""
    last_sign_in_at: Annotated[datetime | None, READ_ONLY, Field(title="Last sign-in")] = None
    """When the customer signed in last."""


class PortalSignIn(Model):
    """What a customer shows to sign in to the portal."""

    login: Annotated[str, Line(max_length=254, required=True), Field(title="Login")]
    """The login, in any case."""
    password: Annotated[str, Secret(min_length=1), WRITE_ONLY, Field(title="Password")]
    """The password."""


class PortalConfirmation(Model):
    """What a customer sends to confirm the account."""

    token: Annotated[str, Line(max_length=200, required=True), Field(title="Token")]
    """Out of the link."""
    password: Annotated[str, Secret(), WRITE_ONLY, Field(title="Password")]
    """The password from now on."""
    again: Annotated[str, Secret(), WRITE_ONLY, Field(title="The same again")] = ""
    """The same, where it was typed twice."""


class PortalCustomer(Model):
    """Who signed in to the portal."""

    customer_id: str
    """The customer's id."""
    number: int
    """The customer's number."""
    display_name: str
    """The full name."""
