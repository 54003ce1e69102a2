"""What the contract says about sign-in that FastAPI cannot read from the functions."""

from typing import Any, Final

from client.models import TokenRefusal
from server.auth.passwords import LONGEST
from server.problems import TITLES

Responses = dict[int | str, dict[str, Any]]

NOT_STORED: Final = {"Cache-Control": "no-store"}
"""Sent with everything that holds a token or says something about one (RFC 6749, section 5.1)."""


def problems(*statuses: int) -> Responses:
    """Refer to the problems that an operation may answer with, as `server.openapi` names them."""
    names = {status: "".join(map(str.capitalize, TITLES[status][0].split("_"))) for status in statuses}
    return {status: {"$ref": f"#/components/responses/{name}"} for status, name in names.items()}


def _form(description: str, needed: list[str], **parameters: dict[str, Any]) -> dict[str, Any]:
    schema = {
        "type": "object",
        "required": needed,
        "properties": {name: {"type": "string", **rest} for name, rest in parameters.items()},
    }
    content = {"application/x-www-form-urlencoded": {"schema": schema}}
    return {"requestBody": {"required": True, "description": description, "content": content}}


TOKEN_FORM: Final = _form(
    "What is shown to get tokens: `username` and `password` with the grant type `password`, "
    "`refresh_token` with the grant type `refresh_token`. None of them may be there twice; others are "
    "ignored. At most 8 KiB.",
    ["grant_type"],
    grant_type={"minLength": 1, "description": "`password` or `refresh_token`.", "examples": ["password"]},
    username={"description": "The sign-in name, in any case.", "examples": ["anna"]},
    password={"format": "password", "maxLength": LONGEST},
    refresh_token={"description": "The newest refresh token of the session."},
)

REVOCATION_FORM: Final = _form(
    "The token to revoke.",
    ["token"],
    token={
        "minLength": 1,
        "description": "An access token or a refresh token; the whole session ends either way.",
    },
    token_type_hint={"description": "Not needed.", "examples": ["refresh_token"]},
)

_NO_STORE: Final = {"headers": {"Cache-Control": {"schema": {"type": "string", "const": "no-store"}}}}
_ALWAYS: Final = problems(429, 500, 503)
_REFUSED: Final = {
    "model": TokenRefusal,
    "description": "`invalid_grant`: what was shown is not good, or not any more. `invalid_request`: the "
    "form lacks something. `unsupported_grant_type` (RFC 6749, section 5.2).",
    **_NO_STORE,
}

TOKENS: Final[Responses] = {
    200: {"description": "The tokens.", **_NO_STORE},
    400: _REFUSED,
    **problems(413),
    **_ALWAYS,
}
REVOKED: Final[Responses] = {
    200: {"description": "The session is over, or the token was none.", **_NO_STORE},
    400: _REFUSED,
    **problems(413),
    **_ALWAYS,
}
DISCOVERED: Final[Responses] = {200: {"description": "The endpoints and what they take."}, **_ALWAYS}
CHANGED: Final[Responses] = {
    204: {"description": "The new password counts; one's other sessions are over."},
    **problems(401, 413, 422),
    **_ALWAYS,
}
