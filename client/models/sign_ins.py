"""Sign-ins of colleagues, and passwords that an admin sets for them."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from client.models.base import Model, Record
from client.models.kinds import READ_ONLY, WRITE_ONLY
from client.models.secret import Secret


class SignIn(Record):
    """One sign-in on one device that is still good."""

    device: Annotated[str, READ_ONLY, Field(title="Device")] = ""
    """What the program said of itself."""
    last_used_at: Annotated[datetime | None, READ_ONLY, Field(title="Last used")] = None
    """When it was last renewed, RFC 3339 in UTC."""
    is_this: Annotated[bool, READ_ONLY, Field(title="This one")] = False
    """Whether it is the one that asks."""


class StaffPassword(Model):
    """A password for a colleague, who changes it."""

    password: Annotated[str, WRITE_ONLY, Secret(), Field(title="Password")]
    """At least ten characters."""
