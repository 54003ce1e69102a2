"""The device authorization endpoint (RFC 8628), and the pages on which a person decides.

The pages use no cookie, so there is nothing that another site could ride on: who decides shows a ticket
that only the page after the right password holds.
"""

import logging
import math
import re
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from functools import wraps
from typing import Final

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse

from client.models import DeviceAuthorization
from server.auth import device_flow
from server.auth.device_pages import code_page, decision_page, last_page
from server.auth.documented import (
    CLIENT_ID,
    CODE_FORM,
    CODE_SHOWN,
    CODE_TYPED,
    DECIDED,
    DECISION_FORM,
    DEVICE_BEGUN,
    DEVICE_FORM,
    NOT_STORED,
    USER_CODE,
)
from server.auth.forms import GrantRefused, needed, read_form
from server.auth.grants import address_of, device_of, login_of, proven
from server.auth.service import Devices, SignIn
from server.middleware.buckets import network
from server.problems import Refusal

AUTHORIZATION: Final = "/v1/oauth/device"
PAGE: Final = "/device"
_CLIENT_ID: Final = re.compile(CLIENT_ID)

device_router: Final = APIRouter(tags=["sign-in"])
_log: Final = logging.getLogger("keeptabs.sign_in")


@device_router.post(
    AUTHORIZATION,
    operation_id="begin_device_sign_in",
    summary="Begin to sign a terminal in from another device",
    responses=DEVICE_BEGUN,
    response_model=DeviceAuthorization,
    openapi_extra=DEVICE_FORM,
)
async def begin_device_sign_in(request: Request) -> Response:
    """Give a code for the person and one for the terminal, which then asks the token endpoint (RFC 8628).

    Both are good for ten minutes and one sign-in. Who begins too many is slowed down with 429.
    """
    sign_in, address = SignIn.of(request), address_of(request)
    devices = _devices(sign_in)
    try:
        client_id = _client_id(await read_form(request))
    except GrantRefused as refused:
        return refused.response()
    wait = math.ceil(devices.limits.take(address)) if devices.limits else 0
    if wait:
        sentence = f"Too many sign-ins were begun. Try again in {wait} seconds."
        raise Refusal(429, sentence, headers={"Retry-After": str(wait)})
    device_code, user_code = await sign_in.database.write(
        lambda connection: device_flow.begin(
            connection, client_id, device_of(request), address, datetime.now(UTC), devices.good_for
        )
    )
    _log.info("sign-in by another device begun address=%s", address)
    page = f"{sign_in.issuer(request)}{PAGE}"
    begun = DeviceAuthorization(
        device_code=device_code,
        user_code=user_code,
        verification_uri=page,
        verification_uri_complete=f"{page}?user_code={user_code}",
        expires_in=int(devices.good_for.total_seconds()),
        interval=devices.interval,
    )
    return JSONResponse(begun.model_dump(), headers=NOT_STORED)


Handler = Callable[[Request], Awaitable[Response]]


def _own_pages_only(handle: Handler) -> Handler:
    """Refuse a form that another site sends: browsers say where it comes from (Fetch Metadata)."""

    @wraps(handle)
    async def guarded(request: Request) -> Response:
        if request.headers.get("Sec-Fetch-Site", "none") not in ("same-origin", "none"):
            return last_page("This form was sent by another site, so nothing was done.", 403)
        return await handle(request)

    return guarded


@device_router.get(
    PAGE,
    operation_id="show_device_page",
    summary="The page that takes the code of a terminal",
    responses=CODE_SHOWN,
    response_class=HTMLResponse,
    openapi_extra=USER_CODE,
)
async def show_device_page(request: Request) -> Response:
    """Show a form for the code, a sign-in name and a password. Looking at it uses nothing up."""
    user_code = device_flow.typed_code(request.query_params.get("user_code", ""))
    return code_page(action="device/request", user_code=user_code)


@device_router.post(
    f"{PAGE}/request",
    operation_id="show_device_request",
    summary="Show who asks to be signed in",
    responses=CODE_TYPED,
    response_class=HTMLResponse,
    openapi_extra=CODE_FORM,
)
@_own_pages_only
async def show_device_request(request: Request) -> Response:
    """Show which terminal asks, from where and since when, to who knows the code and a password.

    Only the right password hears whether a code is good, and wrong codes count as failed sign-ins.
    """
    sign_in = SignIn.of(request)
    form: dict[str, str] = {}
    try:
        form = await read_form(request)
        user_code = device_flow.typed_code(needed(form, "user_code"))
        account, _ = await proven(sign_in, form, request)
    except GrantRefused as refused:
        status = 403 if refused.error == "invalid_grant" else 400
        return _again(form, refused.sentence, status)
    except Refusal as refused:
        return _again(form, refused.sentence, refused.status, refused.headers)
    now, here = datetime.now(UTC), address_of(request)
    asking = await sign_in.database.write(
        lambda connection: device_flow.look(connection, user_code, account.id, account.password_hash, now)
    )
    if asking is None:
        if sign_in.limits:
            sign_in.limits.take(login_of(form), here)
        _log.warning("a wrong device code address=%s staff=%s", here, account.id)
        return _again(form, _NO_CODE, 404)
    same_network = network(here) == network(asking.address)
    return decision_page(asking, account.name, here, now - asking.began_at, same_network=same_network)


@device_router.post(
    f"{PAGE}/decision",
    operation_id="decide_device_request",
    summary="Approve or refuse to sign a terminal in",
    responses=DECIDED,
    response_class=HTMLResponse,
    openapi_extra=DECISION_FORM,
)
@_own_pages_only
async def decide_device_request(request: Request) -> Response:
    """Take the decision of who was shown the request: once, and with the ticket of that page."""
    database, now = SignIn.of(request).database, datetime.now(UTC)
    try:
        form = await read_form(request)
        ticket, decision = needed(form, "ticket"), needed(form, "decision")
    except GrantRefused as refused:
        return last_page(refused.sentence, 400)
    approved = decision == "approve"
    if decision not in ("approve", "refuse") or (approved and form.get("mine") != "yes"):
        return last_page("Nothing was decided. Go back, tick that the sign-in is yours, or refuse.", 422)
    staff_id = await database.read(lambda connection: device_flow.decider(connection, ticket, now))
    decided = staff_id is not None and await database.write(
        lambda connection: device_flow.decide(connection, ticket, approved=approved, now=now)
    )
    if not decided:
        return last_page(_OVER, 409)
    word = "approved" if approved else "refused"
    _log.info("sign-in by another device %s address=%s staff=%s", word, address_of(request), staff_id)
    return last_page(_APPROVED if approved else _REFUSED)


_NO_CODE: Final = "No terminal waits with this code, or not any more. Type it as the terminal shows it now."
_OVER: Final = "This was decided already, or it is over. The terminal can show a new code."
_APPROVED: Final = "Approved. The terminal goes on by itself in a few seconds. You can close this page."
_REFUSED: Final = (
    "Refused. Nobody was signed in. If you did not begin this, tell whoever runs the server: "
    "somebody has tried to work in your name."
)


def _again(
    form: Mapping[str, str], sentence: str, status: int, headers: Mapping[str, str] | None = None
) -> Response:
    """Give the first page with what was typed, but for the password."""
    typed, username = form.get("user_code", ""), form.get("username", "")
    user_code = device_flow.typed_code(typed) or typed[:20]
    return code_page(sentence, status, user_code=user_code, username=username[:64], headers=headers)


def _client_id(form: dict[str, str]) -> str:
    client_id = needed(form, "client_id")
    # It is shown to who decides: a word, and no sentence that could talk anybody into something.
    if not _CLIENT_ID.fullmatch(client_id):
        raise GrantRefused("invalid_request", f"The parameter client_id must match {CLIENT_ID}.")
    return client_id


def _devices(sign_in: SignIn) -> Devices:
    if sign_in.devices is None:
        raise LookupError("These routes are for servers that offer it.")
    return sign_in.devices
