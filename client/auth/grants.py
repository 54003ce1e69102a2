"""What a person or a session can show to get tokens (RFC 6749, section 1.3): one declaration each."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from client.errors import CodeOver, CustomerApiError, NotApproved, SignedOut, WrongPassword

DEVICE_CODE: Final = "urn:ietf:params:oauth:grant-type:device_code"
CLIENT_ID: Final = "keeptabs"
"""What this application calls itself where a server wants to know."""


@dataclass(frozen=True, slots=True)
class Grant:
    """One request for tokens."""

    grant_type: str
    """Its name in the protocol and in what a server says it takes."""
    fields: Mapping[str, str]
    """The rest of the form."""
    refusals: Mapping[str, type[CustomerApiError]]
    """What the server's words for not taking it mean (RFC 6749, section 5.2)."""
    repeatable: bool = False
    """Whether it gives the same tokens when it is sent again at once."""

    def __repr__(self) -> str:
        return f"Grant({self.grant_type!r})"


def password(login: str, password: str) -> Grant:
    """Give the grant of a person with a sign-in name and a password (RFC 6749, section 4.3)."""
    return Grant("password", {"username": login, "password": password}, {"invalid_grant": WrongPassword})


def refresh(refresh_token: str) -> Grant:
    """Give the grant of a session that goes on (RFC 6749, section 6).

    A server gives the same successor again for a short while, in case its answer was lost (RFC 9700).
    """
    refused = {"invalid_grant": SignedOut}
    return Grant("refresh_token", {"refresh_token": refresh_token}, refused, repeatable=True)


def device_code(device_code: str) -> Grant:
    """Give the grant of a sign-in that is approved on another device (RFC 8628, section 3.4).

    Until then the server says `authorization_pending`. Like a refresh token, it gives the same tokens again
    for a short while.
    """
    refusals = {"invalid_grant": CodeOver, "expired_token": CodeOver, "access_denied": NotApproved}
    fields = {"device_code": device_code, "client_id": CLIENT_ID}
    return Grant(DEVICE_CODE, fields, refusals, repeatable=True)
