"""From a person to a session and back: sign in, open the API as that person, sign out."""

import time
from collections.abc import Callable
from dataclasses import replace

from client import errors
from client.api import CustomerApi
from client.auth.authority import SessionAuthority, alone
from client.auth.endpoints import Endpoints, ask_for_tokens, discover, revoke
from client.auth.grants import Grant
from client.models import Tokens
from client.session.names import session_name
from client.session.store import Session, SessionStore
from client.transport import LinkSettings, Transport


async def sign_in(
    transport: Transport,
    store: SessionStore,
    login: str,
    grant: Grant,
    *,
    name: str = "",
    now: Callable[[], float] = time.time,
) -> Session:
    """Sign a person in, keep the session under `name`, and make it the current one.

    Raises WrongPassword, TooMany, Unsupported, and CustomerApiError.
    """
    endpoints = await discover(transport)
    if grant.grant_type not in endpoints.grant_types:
        raise errors.Unsupported("This server does not let people sign in that way.")
    tokens = await ask_for_tokens(transport, endpoints.token, grant)
    session = opened_session(transport.server, login, endpoints, tokens, now())
    return await kept(store, replace(session, name=name or session.name))


def opened_session(server: str, login: str, endpoints: Endpoints, tokens: Tokens, now: float) -> Session:
    """Give the session of a person who got tokens at `now`, under its usual name."""
    session = Session(
        name=session_name(server, login),
        server=server,
        login=login,
        token_path=endpoints.token,
        revocation_path=endpoints.revocation,
    )
    return session.with_tokens(tokens.access_token, tokens.refresh_token, tokens.expires_in, now)


async def kept(store: SessionStore, session: Session) -> Session:
    """Keep a new session and make it the current one. Raises NotKept and NotPrivate."""
    async with alone(store, session.name):
        store.save(session)
    store.choose(session.name)
    return session


def open_api(
    store: SessionStore, session: Session, settings: LinkSettings, transport: Transport | None = None
) -> CustomerApi:
    """Give the API as the person of a session, to be kept alive through `store`. Nothing is sent yet.

    `transport` may be one that does more than others.
    """
    transport = transport or Transport(settings)
    transport.authority = SessionAuthority(transport, store, session)
    return CustomerApi(transport)


async def sign_out(transport: Transport, store: SessionStore, name: str) -> bool:
    """End a session here, and on its server if that can be reached; say whether the server was told."""
    async with alone(store, name):
        session = store.load(name)
        store.remove(name)
    if session is None or not session.refresh_token:
        return True
    try:
        await revoke(transport, session.revocation_path, session.refresh_token)
    except errors.CustomerApiError:
        return False
    return True
