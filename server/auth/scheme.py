"""How a request proves who sends it (RFC 6750), and how the contract says so."""

from dataclasses import replace
from typing import Annotated, Any, Final

from fastapi import Depends, Request
from fastapi.security import OAuth2PasswordBearer, SecurityScopes

from server.auth.actor import SCOPES, Actor
from server.auth.sessions import actor_of
from server.problems import Refusal
from server.store.database import Database

_OAUTH2: Final = OAuth2PasswordBearer(
    tokenUrl="/v1/oauth/token",
    refreshUrl="/v1/oauth/token",
    scheme_name="oauth2",
    scopes=dict(SCOPES),
    description="An opaque access token of a few minutes, renewed by a refresh token good for one use.",
    auto_error=False,
)

SIGN_IN_OPTIONAL: Final[dict[str, Any]] = {"security": [{}, {"oauth2": []}]}
"""What an operation that uses `optional_actor` adds to the contract (`openapi_extra`)."""


async def optional_actor(request: Request) -> Actor | None:
    """Give the person behind the request, or None where no token came.

    Raises 401 for a token that is over: a client must notice, not be shown less than it expects.
    """
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        return None
    database: Database = request.app.state.database
    actor = await database.read(lambda connection: actor_of(connection, token.strip()))
    if actor is None:
        raise _unauthenticated("This sign-in has ended. Sign in again.", 'Bearer error="invalid_token"')
    # An application with nothing but sign-in has no words of its own to hold against them.
    actor = replace(actor, offered=getattr(request.app.state, "permissions", None))
    request.state.actor = actor
    return actor


async def current_actor(
    scopes: SecurityScopes,
    actor: Annotated[Actor | None, Depends(optional_actor)],
    _token: Annotated[str | None, Depends(_OAUTH2)],
) -> Actor:
    """Give the person behind the request.

    Used as `Security(current_actor, scopes=["customers:write"])`: the words are checked and become part
    of the contract. Raises 401 without a good token, 403 where the role does not grant a word.
    """
    if actor is None:
        raise _unauthenticated("Sign in first.", "Bearer")
    for permission in scopes.scopes:
        if not actor.may(permission):
            raise Refusal(403, f"Your role, {actor.role}, does not allow this ({permission}).")
    return actor


def _unauthenticated(sentence: str, challenge: str) -> Refusal:
    return Refusal(401, sentence, headers={"WWW-Authenticate": challenge})
