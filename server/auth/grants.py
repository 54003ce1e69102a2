"""What a client can show to get tokens (RFC 6749, section 1.3): one function a grant type."""

import logging
import math
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Final

from fastapi import Request
from sqlalchemy import Connection, select, update

from server.auth import device_flow
from server.auth.forms import GrantRefused, needed
from server.auth.passwords import LONGEST, Verdict
from server.auth.service import SignIn
from server.auth.sessions import is_known
from server.auth.tokens import Ended, Issued, open_session, refresh, token_hash
from server.problems import Refusal
from server.store.tables import staff

_LOGIN: Final = re.compile(r"[a-z0-9][a-z0-9._-]{0,62}")
_log = logging.getLogger("keeptabs.sign_in")


@dataclass(frozen=True, slots=True)
class Account:
    """What sign-in reads of a staff record."""

    id: str
    name: str
    password_hash: str
    disabled: bool


async def by_password(sign_in: SignIn, form: Mapping[str, str], request: Request) -> Issued:
    """Sign in with name and password: for the server's own client (RFC 6749, section 4.3)."""
    for _ in range(2):
        account, verdict = await proven(sign_in, form, request)
        opening = partial(_open, sign_in=sign_in, account=account, verdict=verdict, device=device_of(request))
        issued = await sign_in.database.write(opening)
        if issued is not None:
            _log.info("signed in address=%s staff=%s", address_of(request), account.id)
            return issued
    raise GrantRefused("invalid_grant", _WRONG)


async def proven(sign_in: SignIn, form: Mapping[str, str], request: Request) -> tuple[Account, Verdict]:
    """Give the account whose name and password a form shows. Raises GrantRefused, and 429."""
    login, password = login_of(form), needed(form, "password")
    if len(password) > LONGEST:
        raise GrantRefused("invalid_grant", _WRONG)
    address = address_of(request)
    account = await sign_in.database.read(lambda connection: _account(connection, login))
    verdict = await checked(sign_in, login, address, account.password_hash if account else "", password)
    if account is None or not verdict.right:
        _log.warning("sign-in refused address=%s staff=%s", address, account.id if account else "-")
        raise GrantRefused("invalid_grant", _WRONG)
    if account.disabled:
        _log.warning("sign-in of a disabled account refused address=%s staff=%s", address, account.id)
        raise GrantRefused("invalid_grant", "This account is disabled. An admin can enable it again.")
    return account, verdict


async def by_refresh_token(sign_in: SignIn, form: Mapping[str, str], request: Request) -> Issued:
    """Renew a session (RFC 6749, section 6)."""
    presented = needed(form, "refresh_token")
    # A stranger's token is refused by a read: making the server write takes a real one.
    if not await sign_in.database.read(lambda connection: is_known(connection, presented)):
        raise GrantRefused("invalid_grant", _OVER)
    outcome = await sign_in.database.write(
        lambda connection: refresh(connection, presented, sign_in.lifetimes, datetime.now(UTC))
    )
    if isinstance(outcome, Ended):
        if outcome.reused:
            _log.warning(
                "a used refresh token came again, its session is ended address=%s", address_of(request)
            )
        raise GrantRefused("invalid_grant", _OVER)
    return outcome


async def by_device_code(sign_in: SignIn, form: Mapping[str, str], request: Request) -> Issued:
    """Sign in what a person approves on another device (RFC 8628, sections 3.4 and 3.5)."""
    code, client_id = needed(form, "device_code"), needed(form, "client_id")
    # As with refresh tokens, a stranger's code is refused by a read, and so is one that still waits.
    standing, staff_id = await sign_in.database.read(
        lambda connection: device_flow.standing(connection, code, client_id, datetime.now(UTC))
    )
    if standing == "pending" and sign_in.devices:
        early = sign_in.devices.pace.take(token_hash(code).hex()) > 0
        raise GrantRefused(*(_TOO_EARLY if early else _PENDING))
    if standing != "approved":
        raise GrantRefused(*_NOT_APPROVED.get(standing, _NO_CODE))
    agent, address = device_of(request), address_of(request)
    outcome = await sign_in.database.write(
        lambda connection: device_flow.redeem(connection, code, agent, sign_in.lifetimes, datetime.now(UTC))
    )
    if isinstance(outcome, Ended):
        if outcome.reused:
            _log.warning("a used device code came again, its session is ended address=%s", address)
        raise GrantRefused(*_NO_CODE)
    _log.info("signed in by another device address=%s staff=%s", address, staff_id)
    return outcome


_PENDING: Final = ("authorization_pending", "Nobody has approved this sign-in yet.")
_TOO_EARLY: Final = ("slow_down", "These are too many questions. Wait five seconds longer before each.")
_NO_CODE: Final = ("invalid_grant", "This code is not good, or not any more. Begin again.")
_NOT_APPROVED: Final = {
    "refused": ("access_denied", "This sign-in was refused."),
    "over": ("expired_token", "Nobody approved this sign-in in time. Begin again."),
}

Grant = Callable[[SignIn, Mapping[str, str], Request], Awaitable[Issued]]

GRANTS: Final[Mapping[str, Grant]] = {
    "password": by_password,
    "refresh_token": by_refresh_token,
    device_flow.GRANT_TYPE: by_device_code,
}
"""By the `grant_type` that asks for it."""


def grants_of(sign_in: SignIn) -> Mapping[str, Grant]:
    """Give the grants that a server takes."""
    left_out = () if sign_in.devices else (device_flow.GRANT_TYPE,)
    return {name: grant for name, grant in GRANTS.items() if name not in left_out}


async def unsupported(sign_in: SignIn, _form: Mapping[str, str], _request: Request) -> Issued:
    """Refuse every other grant type."""
    raise GrantRefused("unsupported_grant_type", f"This server takes: {', '.join(grants_of(sign_in))}.")


_WRONG: Final = "The sign-in name or the password is wrong."
_OVER: Final = "This sign-in has ended. Sign in again."


async def checked(sign_in: SignIn, login: str, address: str, stored: str, password: str) -> Verdict:
    """Check a password within the limits. Raises 429 where it is too early for another attempt.

    Strangers who try many passwords fill their own queue, not that of people who were here before.
    """
    wait = sign_in.limits.take(login, address) if sign_in.limits else 0
    if wait:
        seconds = math.ceil(wait)
        sentence = f"Too many sign-ins failed. Try again in {seconds} seconds."
        raise Refusal(429, sentence, headers={"Retry-After": str(seconds)})
    known = sign_in.limits is not None and sign_in.limits.knows(login, address)
    verdict = await sign_in.passwords.check(stored, password, known=known)
    if verdict.right and sign_in.limits:
        sign_in.limits.succeeded(login, address)
    return verdict


def login_of(form: Mapping[str, str]) -> str:
    """Give the sign-in name of a form, cut to what is surely too long: failures are remembered by it."""
    return needed(form, "username").strip().lower()[:64]


def device_of(request: Request) -> str:
    """Give what the program that asks says of itself."""
    return "".join(filter(str.isprintable, request.headers.get("User-Agent", "")))


def address_of(request: Request) -> str:
    """Give the address that a request comes from; a trusted proxy has been taken at its word by now."""
    return request.client.host if request.client else ""


def _account(connection: Connection, login: str) -> Account | None:
    if not _LOGIN.fullmatch(login):
        return None
    wanted = select(staff.c.id, staff.c.name, staff.c.password_hash, staff.c.disabled).where(
        staff.c.login == login
    )
    found = connection.execute(wanted).first()
    return None if found is None else Account(*found)


def _open(
    connection: Connection, *, sign_in: SignIn, account: Account, verdict: Verdict, device: str
) -> Issued | None:
    now = datetime.now(UTC)
    # Only with the hash that was checked: a new password that came in between counts at once.
    role = connection.execute(
        update(staff)
        .where(staff.c.id == account.id, staff.c.password_hash == account.password_hash, ~staff.c.disabled)
        .values(last_sign_in_at=now, password_hash=verdict.rehashed or account.password_hash)
        .returning(staff.c.role)
    ).scalar()
    return (
        None if role is None else open_session(connection, account.id, role, device, sign_in.lifetimes, now)
    )
