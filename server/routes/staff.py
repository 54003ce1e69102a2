"""Staff accounts. Passwords are not set here: see the sign-in operations."""

from typing import Final

from client.models import Staff
from server.routes.collection import EVERYTHING, Collection
from server.rules.staff import StaffRules
from server.store.tables import staff

STAFF: Final = Collection(
    model=Staff,
    table=staff,
    path="staff",
    singular="staff member",
    about="The people who work with customers. There is always an admin. An account is disabled, never "
    "removed, so that the history keeps its people; disabling it ends its sessions at once.",
    order=(("login", False),),
    ordered="Ordered by sign-in name.",
    rules=StaffRules(),
    unversioned=True,  # the last sign-in
    verbs=EVERYTHING - {"delete"},
    example={"login": "anna", "name": "Anna Lind", "role": "staff", "email": "anna@example.org"},
)
