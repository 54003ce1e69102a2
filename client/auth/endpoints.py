"""The token endpoint family of a server: discovery (RFC 8414), tokens (RFC 6749), revocation (RFC 7009)."""

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from client import errors
from client.auth.grants import DEVICE_CODE, Grant
from client.collection import parsed_as
from client.models import AuthorizationServer, Tokens
from client.transport import Transport

_DISCOVERY: Final = "/.well-known/oauth-authorization-server"
_TOKEN: Final = re.compile(r"[\x21-\x7e]{1,4096}")
_LONGEST_SECONDS: Final = 7 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Endpoints:
    """Where a server gives and takes back tokens: paths on the server that the person named."""

    token: str = "/v1/oauth/token"  # noqa: S105 - a path, no secret
    revocation: str = "/v1/oauth/revoke"
    grant_types: tuple[str, ...] = ("password", "refresh_token")
    device: str = ""
    """Where a sign-in on another device begins (RFC 8628); empty where the server offers none."""

    @property
    def by_device(self) -> bool:
        """Whether people may sign in from another device."""
        return bool(self.device) and DEVICE_CODE in self.grant_types


async def discover(transport: Transport) -> Endpoints:
    """Ask a server for its endpoints; one that does not say has the usual ones.

    Raises NotTheApi where it names another host: passwords go to the server that the person named only.
    """
    try:
        reply = await transport.request("GET", _DISCOVERY, signed_in=False)
    except errors.NotFound:
        return Endpoints()
    known = parsed_as(AuthorizationServer, reply.body)
    return Endpoints(
        _path(transport.server, known.token_endpoint),
        _path(transport.server, known.revocation_endpoint),
        tuple(known.grant_types_supported),
        _device_path(transport.server, known.device_authorization_endpoint),
    )


async def ask_for_tokens(transport: Transport, path: str, grant: Grant) -> Tokens:
    """Give tokens for a grant. Raises what the grant says where it is not taken, and CustomerApiError."""
    form = {"grant_type": grant.grant_type, **grant.fields}
    try:
        reply = await transport.request("POST", path, form=form, signed_in=False, repeatable=grant.repeatable)
    except errors.Invalid as refused:
        meaning = grant.refusals.get(refused.code)
        if meaning is None:
            raise
        # A server knows why it turned a person away; why a session ended is the same to everyone.
        detail = refused.failed if meaning is errors.WrongPassword else ""
        raise meaning(detail, status=refused.status, code=refused.code) from None
    tokens = parsed_as(Tokens, reply.body)
    usable = all(map(_TOKEN.fullmatch, (tokens.access_token, tokens.refresh_token)))
    if not usable or tokens.token_type.lower() != "bearer":
        raise errors.NotTheApi("The server gives tokens that this application cannot use.")
    return tokens.model_copy(update={"expires_in": min(max(tokens.expires_in, 0), _LONGEST_SECONDS)})


async def revoke(transport: Transport, path: str, token: str) -> None:
    """End the session that a token belongs to."""
    form = {"token": token, "token_type_hint": "refresh_token"}
    await transport.request("POST", path, form=form, signed_in=False, repeatable=True)


def _path(server: str, endpoint: str) -> str:
    home, there = urlsplit(server), urlsplit(endpoint)
    if there.netloc.lower() != home.netloc or not there.path.startswith(home.path + "/"):
        raise errors.NotTheApi(
            "The server wants the sign-in to go to another address.", remedy="Ask whoever runs it."
        )
    return there.path.removeprefix(home.path)


def _device_path(server: str, endpoint: str) -> str:
    """Give the path of a part that a server may lack; at another address it is not used."""
    try:
        return _path(server, endpoint) if endpoint else ""
    except errors.NotTheApi:
        return ""
