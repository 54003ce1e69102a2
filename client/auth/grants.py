"""What a person or a session can show to get tokens (RFC 6749, section 1.3): one declaration each."""

from collections.abc import Mapping
from dataclasses import dataclass

from client.errors import CustomerApiError, SignedOut, WrongPassword


@dataclass(frozen=True, slots=True)
class Grant:
    """One request for tokens."""

    grant_type: str
    """Its name in the protocol and in what a server says it takes."""
    fields: Mapping[str, str]
    """The rest of the form."""
    refused: type[CustomerApiError]
    """What it means when the server does not take it."""
    repeatable: bool = False
    """Whether it gives the same tokens when it is sent again at once."""

    def __repr__(self) -> str:
        return f"Grant({self.grant_type!r})"


def password(login: str, password: str) -> Grant:
    """Give the grant of a person with a sign-in name and a password (RFC 6749, section 4.3)."""
    return Grant("password", {"username": login, "password": password}, WrongPassword)


def refresh(refresh_token: str) -> Grant:
    """Give the grant of a session that goes on (RFC 6749, section 6).

    A server gives the same successor again for a short while, in case its answer was lost (RFC 9700).
    """
    return Grant("refresh_token", {"refresh_token": refresh_token}, SignedOut, repeatable=True)
