"""Staff accounts, changed with their history. Every function runs inside one write or read."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from pydantic import ValidationError
from sqlalchemy import Connection, insert, select, update

from client.models import Change, Staff
from client.models.kinds import EmailAddress, Refused
from client.models.written import new_model
from server.auth.actor import Actor
from server.auth.tokens import revoke_sessions_of
from server.rules.admins import ABLE, is_last_admin
from server.store.ids import new_id
from server.store.positions import next_position
from server.store.tables import events, staff

COMMAND_LINE: Final = Actor(id="", name="keeptabs staff", role="admin", session_id="")
"""Who acts where somebody works on the database itself."""


class AccountRefused(Exception):
    """Why an account was left as it is, as a sentence for a person."""


@dataclass(frozen=True, slots=True)
class Account:
    """A staff account as lists show it."""

    id: str
    login: str
    name: str
    role: str
    disabled: bool
    can_sign_in: bool
    last_sign_in_at: datetime | None


def check_free(connection: Connection, given: dict[str, Any]) -> dict[str, Any]:
    """Give the members of a new account as they would be stored. Raises AccountRefused.

    Refused is a member of `Staff` that is not valid, and a sign-in name that is in use.
    """
    try:
        checked = new_model(Staff)(**given).model_dump()
    except ValidationError as refused:
        first = refused.errors()[0]
        field = first["loc"][0] if first["loc"] else "account"
        raise AccountRefused(f"{field}: {first['msg']}") from None
    if _find(connection, checked["login"]) is not None:
        raise AccountRefused(f"There is an account {checked['login']!r} already.")
    return checked


def add(connection: Connection, given: dict[str, Any], password_hash: str, now: datetime) -> Account:
    """Make an account from the members of `Staff`. Raises AccountRefused."""
    checked = check_free(connection, given)
    record = {"id": new_id(), "version": 1, "created_at": now, "updated_at": now, **checked}
    connection.execute(insert(staff).values(**record, password_hash=password_hash))
    shown = [Change(field=f"/{name}", new=value) for name, value in checked.items() if value]
    _remember(connection, "staff.created", record["id"], 1, shown, COMMAND_LINE, now)
    return find(connection, checked["login"])


def find(connection: Connection, login: str) -> Account:
    """Give the account `login`. Raises AccountRefused where there is none."""
    account = _find(connection, login)
    if account is None:
        raise AccountRefused(f"There is no account {login!r}.")
    return account


def listed(connection: Connection) -> list[Account]:
    """Give every account, by sign-in name."""
    return [_account(row) for row in connection.execute(select(staff).order_by(staff.c.login))]


def has_admin(connection: Connection) -> bool:
    """Say whether there is an admin who can sign in."""
    return connection.execute(select(staff.c.id).where(ABLE).limit(1)).first() is not None


def set_password(
    connection: Connection,
    staff_id: str,
    password_hash: str,
    actor: Actor,
    now: datetime,
    *,
    instead_of: str | None = None,
) -> bool:
    """Set a password and end the person's sessions, but for the one that `actor` uses.

    With `instead_of`, only where that is the stored hash still; gives whether it was done.
    """
    chosen = update(staff).where(staff.c.id == staff_id)
    if instead_of is not None:
        chosen = chosen.where(staff.c.password_hash == instead_of)
    version = connection.execute(
        chosen.values(password_hash=password_hash, version=staff.c.version + 1, updated_at=now).returning(
            staff.c.version
        )
    ).scalar()
    if version is None:
        return False
    revoke_sessions_of(connection, staff_id, now, spared=actor.session_id)
    # That it changed is history; neither the old nor the new one is.
    _remember(connection, "staff.changed", staff_id, version, [Change(field="/password")], actor, now)
    return True


def set_password_of(connection: Connection, login: str, password_hash: str, now: datetime) -> Account:
    """Set the password of the account `login` from the command line. Raises AccountRefused."""
    account = find(connection, login)
    set_password(connection, account.id, password_hash, COMMAND_LINE, now)
    return account


def set_disabled(connection: Connection, login: str, disabled: bool, now: datetime) -> Account:
    """Shut an account, which ends its sessions, or open it again. The last admin stays: AccountRefused."""
    account = find(connection, login)
    if account.disabled == disabled:
        return account
    if disabled and account.role == "admin" and is_last_admin(connection, account.id):
        raise AccountRefused(f"{login!r} is the last admin. Make another one first.")
    changed = update(staff).where(staff.c.id == account.id)
    version = connection.execute(
        changed.values(disabled=disabled, version=staff.c.version + 1, updated_at=now).returning(
            staff.c.version
        )
    ).scalar_one()
    if disabled:
        revoke_sessions_of(connection, account.id, now)
    change = Change(field="/disabled", old=not disabled, new=disabled)
    _remember(connection, "staff.changed", account.id, version, [change], COMMAND_LINE, now)
    return find(connection, login)


def set_email(connection: Connection, login: str, address: str, now: datetime) -> Account:
    """Set the address that messages of an account come from, and answers go to. Raises AccountRefused."""
    account = find(connection, login)
    try:
        email: str = EmailAddress().check(address)
    except Refused as refused:
        raise AccountRefused(refused.sentence) from None
    old = connection.execute(select(staff.c.email).where(staff.c.id == account.id)).scalar_one()
    changed = update(staff).where(staff.c.id == account.id)
    version = connection.execute(
        changed.values(email=email, version=staff.c.version + 1, updated_at=now).returning(staff.c.version)
    ).scalar_one()
    change = Change(field="/email", old=old or None, new=email)
    _remember(connection, "staff.changed", account.id, version, [change], COMMAND_LINE, now)
    return account


def _find(connection: Connection, login: str) -> Account | None:
    row = connection.execute(select(staff).where(staff.c.login == login)).first()
    return None if row is None else _account(row)


def _account(row: Any) -> Account:
    return Account(
        id=row.id,
        login=row.login,
        name=row.name,
        role=row.role,
        disabled=row.disabled,
        can_sign_in=bool(row.password_hash) and not row.disabled,
        last_sign_in_at=row.last_sign_in_at,
    )


def _remember(
    connection: Connection,
    kind: str,
    record_id: str,
    version: int,
    changes: list[Change],
    actor: Actor,
    now: datetime,
) -> None:
    connection.execute(
        insert(events).values(
            id=new_id(),
            at=now,
            actor_id=actor.id,
            actor=actor.name,
            kind=kind,
            record_id=record_id,
            version=version,
            changes=[change.to_json() for change in changes],
            visibility="admin",
            position=next_position(connection.dialect),
        )
    )
