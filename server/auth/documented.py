"""What the contract says about sign-in that FastAPI cannot read from the functions."""

from typing import Any, Final

from client.models import TokenRefusal

NOT_STORED: Final = {"Cache-Control": "no-store"}
"""Sent with everything that holds a token or says something about one (RFC 6749, section 5.1)."""


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
    "`refresh_token` with the grant type `refresh_token`. Other parameters are ignored.",
    ["grant_type"],
    grant_type={"description": "`password` or `refresh_token`.", "examples": ["password"]},
    username={"description": "The sign-in name.", "examples": ["anna"]},
    password={"format": "password"},
    refresh_token={"description": "The newest refresh token of the session."},
)

REVOCATION_FORM: Final = _form(
    "The token to revoke.",
    ["token"],
    token={"description": "An access token or a refresh token; the whole session ends either way."},
    token_type_hint={"description": "Not needed.", "examples": ["refresh_token"]},
)

REFUSED: Final[dict[int | str, dict[str, Any]]] = {
    400: {
        "model": TokenRefusal,
        "description": "`invalid_grant`: what was shown is not good (any more). `invalid_request`: the "
        "form lacks something. `unsupported_grant_type` (RFC 6749, section 5.2).",
    }
}
