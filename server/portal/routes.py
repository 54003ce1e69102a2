"""What customers do in the portal: confirm their account by the link they were sent, and sign in."""

import logging
import re
from datetime import UTC, datetime
from typing import Final

from fastapi import FastAPI, Request, Response

from client.models import PortalConfirmation, PortalCustomer, PortalSignIn
from client.models.written import new_model
from server.auth.documented import NOT_STORED
from server.auth.forms import GrantRefused, read_form
from server.auth.grants import address_of, checked
from server.auth.limits import SignInLimits
from server.auth.passwords import Passwords
from server.auth.service import SignIn
from server.auth.tokens import Lifetimes
from server.config import ServerSettings
from server.portal import confirming
from server.portal.page import form_page, plain_page
from server.problems import Fault, Refusal, invalid
from server.routes.call import Call
from server.routes.operation import Operation, Sent, Shown
from server.rules.portal import refuse_weak
from server.store.clock import now
from server.store.database import Database

_log: Final = logging.getLogger("keeptabs.portal")

_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{20,64}", re.ASCII)
_OVER: Final = "This link has been used already, or it is over. Ask us for a new one."
_CLOSED: Final = "The portal is closed to you. Please speak to us."
_WRONG: Final = "The login or the password is wrong."
_CHOOSE: Final = (
    "Choose a password of at least ten characters; a few words in a row are easy to keep in mind."
)


def add_portal(app: FastAPI, settings: ServerSettings, database: Database) -> None:
    """Give an application what the portal works with. Customers never fill the queue of staff who sign in."""
    app.state.portal = SignIn(
        database=database,
        lifetimes=Lifetimes.of(settings),
        passwords=Passwords(settings),
        limits=SignInLimits() if settings.sign_in_limits else None,
        public_url=settings.public_url,
    )


async def _show(call: Call) -> Response:
    token, database = call.request.query_params.get("token", ""), _portal(call.request).database
    account = None
    if _TOKEN.fullmatch(token):
        account = await database.read(lambda found: confirming.by_link(found, token, datetime.now(UTC)))
    if account is None:
        return plain_page(_OVER)
    return form_page(token, f"Your login is {account.login}. {_CHOOSE}")


async def _confirm(call: Call) -> Response:
    request, token = call.request, ""
    as_page = "text/html" in request.headers.get("Accept", "")
    try:
        form = await _form(request)
        token = form.get("token", "")
        await _confirmed(_portal(request), token, form.get("password", ""), form.get("again"))
    except Refusal as refused:
        if not as_page:
            raise
        if refused.status == 422 and _TOKEN.fullmatch(token):
            return form_page(token, refused.sentence, refused.status)
        return plain_page(refused.sentence, refused.status)
    if as_page:
        return plain_page("Your account is confirmed. You can sign in now.")
    return Response(status_code=204, headers=NOT_STORED)


async def _form(request: Request) -> dict[str, str]:
    try:
        return await read_form(request)
    except GrantRefused as refused:
        raise Refusal(400, refused.sentence, "malformed_form") from None


async def _confirmed(portal: SignIn, token: str, password: str, again: str | None) -> None:
    account = None
    if _TOKEN.fullmatch(token):
        # Before anything is hashed: making the server work takes a real link.
        account = await portal.database.read(
            lambda found: confirming.by_link(found, token, datetime.now(UTC))
        )
    if account is None:
        raise Refusal(409, _OVER, "link_over")
    if account.closed:
        raise Refusal(403, _CLOSED, "portal_closed")
    if again is not None and again != password:
        raise invalid(Fault("/again", "not_the_same", "The two passwords are not the same. Type both again."))
    refuse_weak(password, account.login)
    hashed = await portal.passwords.hash(password)
    done = await portal.database.write(
        lambda connection: confirming.confirm(connection, account, token, hashed, now())
    )
    if not done:
        raise Refusal(409, _OVER, "link_over")
    _log.info("account confirmed customer=%s", account.customer_id)


async def _sign_in(call: Call) -> Response:
    portal = _portal(call.request)
    shown = PortalSignIn.model_construct(**call.read(_SIGN_IN).__dict__)
    address = address_of(call.request)
    account = await portal.database.read(lambda connection: confirming.by_login(connection, shown.login))
    stored = account.password_hash if account is not None else ""
    verdict = await checked(portal, shown.login.lower()[:64], address, stored, shown.password)
    if account is None or not verdict.right:
        _log.warning("portal sign-in refused address=%s", address)
        raise Refusal(403, _WRONG, "wrong_login")
    # Only who knows the password hears that the portal is closed.
    entered = not account.closed and await portal.database.write(
        lambda connection: confirming.signed_in(connection, account, verdict, now())
    )
    if not entered:
        raise Refusal(403, _CLOSED, "portal_closed")
    customer = PortalCustomer(
        customer_id=account.customer_id, number=account.number, display_name=account.display_name
    )
    return Response(customer.model_dump_json(), headers=NOT_STORED, media_type="application/json")


_SIGN_IN: Final = new_model(PortalSignIn)

_TOKEN_PARAMETER: Final = {
    "name": "token",
    "in": "query",
    "description": "Out of the link.",
    "schema": {"type": "string"},
    "example": "4dGx0bGUgc2hpcHMgYXQgYW5jaG9y",
}

PORTAL: Final = (
    Operation(
        method="GET",
        path="/v1/portal/confirm",
        name="show_confirmation",
        tag="portal",
        summary="The page behind the link in a confirmation e-mail",
        description="A form on which a customer chooses a password, or a sentence that says why there is "
        "none. Looking at it uses nothing up.",
        permission="",
        open=True,
        handle=_show,
        answers={200: Shown(description="The page.", media_type="text/html", headers=("Cache-Control",))},
        parameters=(_TOKEN_PARAMETER,),
    ),
    Operation(
        method="POST",
        path="/v1/portal/confirm",
        name="confirm_portal_account",
        tag="portal",
        summary="Confirm an account and choose a password",
        description="Uses the link up. A used or late one is refused (409, `link_over`), and so are blocked "
        "and archived customers (403, `portal_closed`). Who accepts `text/html` gets pages, refusals too.",
        permission="",
        open=True,
        handle=_confirm,
        answers={
            200: Shown(description="Confirmed, as a page.", media_type="text/html"),
            204: Shown(description="Confirmed.", headers=("Cache-Control",)),
        },
        refusals=(400, 403, 409, 413, 422),
        sent=Sent(
            model=new_model(PortalConfirmation),
            example={"token": _TOKEN_PARAMETER["example"], "password": "four quiet ships at sea"},
            media_type="application/x-www-form-urlencoded",
        ),
    ),
    Operation(
        method="POST",
        path="/v1/portal/sign-in",
        name="sign_in_to_portal",
        tag="portal",
        summary="Check a customer's login and password",
        description="For the software of a portal: says which customer this is. Blocked and archived "
        "customers are refused (403, `portal_closed`), a wrong login or password too (403, `wrong_login`); "
        "failures are slowed down with 429, as for staff.",
        permission="",
        open=True,
        handle=_sign_in,
        answers={200: Shown(description="The customer.", model=PortalCustomer, headers=("Cache-Control",))},
        refusals=(400, 403, 413, 415, 422),
        sent=Sent(
            model=_SIGN_IN, example={"login": "joanna@example.org", "password": "four quiet ships at sea"}
        ),
    ),
)
"""What can be done in the portal, before any sign-in."""


def _portal(request: Request) -> SignIn:
    found: SignIn = request.app.state.portal
    return found
