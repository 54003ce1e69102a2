"""Making a customer staff or admin, and back."""

from typing import Annotated

from pydantic import Field

from client.models.base import Model
from client.models.customer_choices import PRIVILEGES
from client.models.kinds import WRITE_ONLY, Choice
from client.models.secret import Secret


class PrivilegeChange(Model):
    """What a customer may be beside that, and how the person signs in."""

    privilege: Annotated[str, Choice(options=PRIVILEGES), Field(title="Privilege")]
    """none, staff or admin."""
    password: Annotated[str | None, WRITE_ONLY, Secret(), Field(title="Password")] = None
    """A first password, which the person changes; needed where there is no account yet that can sign in."""
