"""The token endpoint family (RFC 6749, RFC 7009, RFC 8414) and one's own password."""

from datetime import UTC, datetime
from typing import Annotated, Final

from fastapi import APIRouter, FastAPI, Request, Response, Security
from fastapi.responses import JSONResponse
from sqlalchemy import select

from client.models import AuthorizationServer, PasswordChange, PasswordProof, Tokens
from server.accounts import set_password
from server.auth import device_flow
from server.auth.actor import SCOPES, Actor
from server.auth.device_routes import AUTHORIZATION, device_router
from server.auth.documented import (
    CHANGED,
    DISCOVERED,
    NOT_STORED,
    PROVEN,
    REVOCATION_FORM,
    REVOKED,
    TOKEN_FORM,
    TOKENS,
)
from server.auth.forms import GrantRefused, needed, read_form
from server.auth.grants import address_of, checked, grants_of, unsupported
from server.auth.passwords import LONGEST, weakness
from server.auth.scheme import current_actor
from server.auth.service import SignIn
from server.auth.sessions import is_known
from server.auth.tokens import revoke
from server.config import ServerSettings
from server.problems import Fault, Refusal, invalid
from server.store.database import Database
from server.store.tables import staff

router: Final = APIRouter(tags=["sign-in"])


def add_sign_in(app: FastAPI, settings: ServerSettings, database: Database) -> None:
    """Give an application its sign-in: the parts it works with, and these routes."""
    SignIn.install(app, settings, database)
    # One by one, so that the application knows the methods of each address.
    app.router.routes.extend(router.routes)
    if settings.device_sign_in:
        app.router.routes.extend(device_router.routes)


@router.post(
    "/v1/oauth/token",
    operation_id="get_tokens",
    summary="Sign in, or renew a session",
    responses=TOKENS,
    response_model=Tokens,
    openapi_extra=TOKEN_FORM,
)
async def get_tokens(request: Request) -> Response:
    """Give an access token of a few minutes and a refresh token that is good for one use (RFC 6749).

    A refresh token that comes again within 30 seconds gives the same pair again, for a client whose
    answer was lost; later it ends the session (RFC 9700). So does a device code that was approved (RFC
    8628). Failed sign-ins are slowed down with 429.
    """
    try:
        form = await read_form(request)
        sign_in = SignIn.of(request)
        grant = grants_of(sign_in).get(needed(form, "grant_type"), unsupported)
        issued = await grant(sign_in, form, request)
    except GrantRefused as refused:
        return refused.response()
    given = Tokens(
        access_token=issued.access_token,
        expires_in=issued.expires_in,
        refresh_token=issued.refresh_token,
        scope=issued.role,
    )
    return JSONResponse(given.model_dump(), headers=NOT_STORED)


@router.post(
    "/v1/oauth/revoke",
    operation_id="revoke_token",
    summary="Sign out",
    responses=REVOKED,
    response_class=Response,
    openapi_extra=REVOCATION_FORM,
)
async def revoke_token(request: Request) -> Response:
    """End the session that a token belongs to (RFC 7009). A token that nobody knows is no error.

    A device code is taken too: the sign-in waits no longer.
    """
    try:
        form = await read_form(request)
        token = needed(form, "token")
    except GrantRefused as refused:
        return refused.response()
    database, now = SignIn.of(request).database, datetime.now(UTC)
    if await database.read(lambda connection: is_known(connection, token)):
        await database.write(lambda connection: revoke(connection, token, now))
    elif await database.read(lambda connection: device_flow.is_waiting(connection, token)):
        await database.write(lambda connection: device_flow.withdraw(connection, token, now))
    return Response(headers=NOT_STORED)


@router.get(
    "/.well-known/oauth-authorization-server",
    operation_id="discover_sign_in",
    summary="How to sign in",
    responses=DISCOVERED,
    response_model=AuthorizationServer,
)
async def discover_sign_in(request: Request) -> Response:
    """Name the endpoints and what they take (RFC 8414)."""
    sign_in = SignIn.of(request)
    issuer = sign_in.issuer(request)
    known = AuthorizationServer(
        issuer=issuer,
        token_endpoint=f"{issuer}/v1/oauth/token",
        revocation_endpoint=f"{issuer}/v1/oauth/revoke",
        device_authorization_endpoint=f"{issuer}{AUTHORIZATION}" if sign_in.devices else "",
        grant_types_supported=list(grants_of(sign_in)),
        scopes_supported=list(SCOPES),
    )
    left_out = set() if sign_in.devices else {"device_authorization_endpoint"}
    described = known.model_dump(exclude=left_out)
    return JSONResponse(described, headers={"Cache-Control": "private, max-age=3600"})


@router.post(
    "/v1/me/password",
    operation_id="change_own_password",
    summary="Change one's own password",
    status_code=204,
    responses=CHANGED,
    response_class=Response,
)
async def change_own_password(
    change: PasswordChange, request: Request, actor: Annotated[Actor, Security(current_actor)]
) -> Response:
    """Set a new password and end one's other sessions. Sent again after a lost answer, it succeeds again."""
    sign_in = SignIn.of(request)
    wanted = select(staff.c.login, staff.c.password_hash).where(staff.c.id == actor.id)
    login, stored = await sign_in.database.read(lambda connection: connection.execute(wanted).one())
    if not (await checked(sign_in, login, address_of(request), stored, change.current)).right:
        if (await sign_in.passwords.check(stored, change.new, known=True)).right:
            return Response(status_code=204, headers=NOT_STORED)
        raise invalid(Fault("/current", "wrong_password", "This is not the password until now."))
    sentence = weakness(change.new, login)
    if sentence is not None:
        raise invalid(Fault("/new", "weak_password", sentence))
    fresh = await sign_in.passwords.hash(change.new)
    now = datetime.now(UTC)
    done = await sign_in.database.write(
        lambda connection: set_password(connection, actor.id, fresh, actor, now, instead_of=stored)
    )
    if not done:
        raise invalid(Fault("/current", "wrong_password", "The password was changed a moment ago."))
    return Response(status_code=204, headers=NOT_STORED)


@router.post(
    "/v1/me/password/check",
    operation_id="check_own_password",
    summary="Show one's own password again",
    status_code=204,
    responses=PROVEN,
    response_class=Response,
)
async def check_own_password(
    proof: PasswordProof, request: Request, actor: Annotated[Actor, Security(current_actor)]
) -> Response:
    """Say whether this is the password of whoever is signed in, for a screen that was locked.

    No session begins and none ends. Wrong ones count as failed sign-ins do, and are slowed down with 429.
    Somebody who signs in some other way has none: 409 with the code `no_password`.
    """
    sign_in = SignIn.of(request)
    wanted = select(staff.c.login, staff.c.password_hash).where(staff.c.id == actor.id)
    login, stored = await sign_in.database.read(lambda connection: connection.execute(wanted).one())
    if not stored:
        raise Refusal(409, "There is no password of yours here.", code="no_password")
    # Too long for a password, it is not worth the hashing; it counts all the same.
    shown = proof.password if len(proof.password) <= LONGEST else ""
    if not (await checked(sign_in, login, address_of(request), stored, shown)).right:
        raise invalid(Fault("/password", "wrong_password", "The password is wrong."))
    return Response(status_code=204, headers=NOT_STORED)
