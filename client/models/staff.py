"""The people who work with customers, and what each may do."""

from datetime import datetime
from typing import Annotated, Final

from pydantic import Field

from client.models.base import Record
from client.models.kinds import (
    ADMIN_ONLY,
    CREATE_ONLY,
    READ_ONLY,
    Choice,
    Code,
    EmailAddress,
    Initially,
    Line,
)

ROLES: Final = {
    "viewer": "Sees customers, changes nothing",
    "staff": "Finds, sees and changes customers",
    "admin": "Also manages staff, labels and branches, and sees admin-only fields",
}


class Staff(Record):
    """A staff account."""

    login: Annotated[
        str,
        CREATE_ONLY,
        Code(pattern=r"[a-z0-9][a-z0-9._\-]{0,62}", example="anna", what="a sign-in name", max_length=63),
        Field(title="Sign-in name"),
    ]
    """Lower-case letters, digits, `.`, `_`, `-`; unique; never changes."""
    name: Annotated[str, Line(max_length=100, required=True), Field(title="Name")]
    """The name that colleagues and the history see."""
    email: Annotated[str, EmailAddress(), Field(title="E-mail")] = ""
    """The sender of messages that this person writes."""
    role: Annotated[str, Choice(options=ROLES), Initially("staff"), Field(title="Role")]
    """viewer, staff or admin."""
    disabled: Annotated[bool, Field(title="Disabled")] = False
    """A disabled account cannot sign in; its sessions end at once."""
    last_sign_in_at: Annotated[datetime | None, READ_ONLY, Field(title="Last sign-in")] = None
    """When the person last signed in."""
    customer_id: Annotated[str | None, READ_ONLY, ADMIN_ONLY, Field(title="Customer")] = None
    """The customer who this person is too, where a customer was made staff; for admins, like `privilege`."""


class Me(Staff):
    """The signed-in person, with what the role allows."""

    permissions: list[str] = []
    """Words of the form `collection:verb`, such as `customers:write`."""
