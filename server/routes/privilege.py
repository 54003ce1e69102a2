"""Making a customer staff or admin, and back: an account that belongs to the customer."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from sqlalchemy import Row, select

from client.models import Customer, PrivilegeChange, Staff
from server.accounts import set_password
from server.problems import Fault, Refusal, invalid
from server.routes import making
from server.routes.collection import Action
from server.routes.hashing import hashed
from server.routes.staff import STAFF
from server.rules.privilege import login_from
from server.rules.staff import StaffRules
from server.rules.work import Work
from server.store.records import members
from server.store.tables import staff

_ACCOUNTS: Final = replace(STAFF, rules=StaffRules(tells_customer=False))
"""The accounts, where the customer's own change tells of theirs."""


def _change(work: Work, customer: Customer, body: Any) -> Mapping[str, Any]:
    """Make, change or shut the account of a customer; `password` is the hash of one."""
    own = staff.c.customer_id == customer.id
    row: Row[Any] | None = work.connection.execute(select(staff).where(own)).first()
    account = None if row is None else Staff.model_validate(members(row))
    if body.privilege == "none":
        if account is not None and not account.disabled:
            making.change(work, _ACCOUNTS, account, {"disabled": True})
        return {"privilege": "none"}
    if not body.password and (row is None or not row.password_hash or row.disabled):
        sentence = "Give a first password along: there is no account yet that can sign in."
        raise invalid(Fault("/password", "missing", sentence))
    if account is None:
        account = making.make(work, _ACCOUNTS, _new(work, customer) | {"role": body.privilege}, owners={})
    else:
        account = making.change(work, _ACCOUNTS, account, {"role": body.privilege, "disabled": False})
    if body.password:
        set_password(work.connection, account.id, body.password, work.actor, work.now)
    return {"privilege": body.privilege}


def _new(work: Work, customer: Customer) -> dict[str, Any]:
    """Give the members of a customer's first account. Raises 409 where there is no e-mail address."""
    email = next((email.address for email in customer.emails if email.is_primary), "")
    if not email:
        raise Refusal(409, "The sign-in name is made of the e-mail address, and there is none.", "no_address")
    login = login_from(work.connection, email, customer.number)
    return {"login": login, "name": customer.display_name[:100], "email": email, "customer_id": customer.id}


PRIVILEGE: Final[Action[Customer]] = Action(
    name="set-privilege",
    summary="Make a customer staff or admin, or neither",
    description="The customer gets a staff account of their own, whose sign-in name is made of the primary "
    "e-mail address, with the `password` given along, which the person changes; `none` shuts it and ends its "
    "sessions. The last admin stays one (409).",
    event="privilege_changed",
    sent=PrivilegeChange,
    example={"privilege": "staff", "password": "tall ships at anchor"},
    permission="staff:write",
    beforehand=hashed(),
    change=_change,
)
