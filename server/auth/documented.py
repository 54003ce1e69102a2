"""What the contract says about sign-in that FastAPI cannot read from the functions."""

from typing import Any, Final

from client.models import TokenRefusal
from server.auth.passwords import LONGEST
from server.problems import TITLES

CLIENT_ID: Final = "[A-Za-z0-9._-]{1,40}"
"""What a program may call itself."""

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
    "`refresh_token` with the grant type `refresh_token`, `device_code` and `client_id` with the grant type "
    "`urn:ietf:params:oauth:grant-type:device_code`. None of them may be there twice; others are ignored. "
    "At most 8 KiB.",
    ["grant_type"],
    grant_type={
        "minLength": 1,
        "description": "`password`, `refresh_token` or `urn:ietf:params:oauth:grant-type:device_code`.",
        "examples": ["password"],
    },
    username={"description": "The sign-in name, in any case.", "examples": ["anna"]},
    password={"format": "password", "maxLength": LONGEST},
    refresh_token={"description": "The newest refresh token of the session."},
    device_code={"description": "The device code of a sign-in that waits."},
    client_id={"description": "The program that began it.", "examples": ["keeptabs"]},
)

DEVICE_FORM: Final = _form(
    "The program that asks. `scope` is ignored: what may be done follows from the person's role.",
    ["client_id"],
    client_id={"pattern": f"^{CLIENT_ID}$", "examples": ["keeptabs"]},
    scope={"description": "Ignored."},
)

CODE_FORM: Final = _form(
    "The code that the terminal shows, and who decides about it.",
    ["user_code", "username", "password"],
    user_code={
        "minLength": 1,
        "description": "In any case, with or without hyphen.",
        "examples": ["WDJB-MJHT"],
    },
    username={"minLength": 1, "examples": ["anna"]},
    password={"minLength": 1, "format": "password", "maxLength": LONGEST},
)

DECISION_FORM: Final = _form(
    "What the page that showed who asks sends back.",
    ["ticket", "decision"],
    ticket={"minLength": 1, "description": "Out of that page; good for one decision."},
    decision={"enum": ["approve", "refuse"]},
    mine={"description": "`yes`: the person has ticked that the sign-in is their own. Needed to approve."},
)

USER_CODE: Final = {
    "parameters": [
        {
            "name": "user_code",
            "in": "query",
            "description": "Out of `verification_uri_complete`; fills the code in.",
            "schema": {"type": "string"},
            "example": "WDJB-MJHT",
        }
    ]
}

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
    "form lacks something. `unsupported_grant_type` (RFC 6749, section 5.2). Of a device code also "
    "`authorization_pending`, `slow_down`, `access_denied` and `expired_token` (RFC 8628, section 3.5).",
    **_NO_STORE,
}

TOKENS: Final[Responses] = {
    200: {"description": "The tokens.", **_NO_STORE},
    400: _REFUSED,
    **problems(413),
    **_ALWAYS,
}
DEVICE_BEGUN: Final[Responses] = {
    200: {"description": "The codes, and where the person goes with one of them.", **_NO_STORE},
    400: {"model": TokenRefusal, "description": "`invalid_request`: the form lacks something.", **_NO_STORE},
    **problems(413),
    **_ALWAYS,
}
REVOKED: Final[Responses] = {
    200: {"description": "The session is over, or the token was none.", **_NO_STORE},
    400: _REFUSED,
    **problems(413),
    **_ALWAYS,
}


def _pages(*statuses: int) -> Responses:
    """Describe pages: what they refuse, they say as a page too."""
    said = {200: "The page.", 400: "Something is missing.", 403: "Not with this name, password or page."}
    said |= {404: "No such code, or not any more.", 409: "Decided already, or over.", 422: "No decision."}
    shown = {"content": {"text/html": {"schema": {"type": "string"}}}, **_NO_STORE}
    too_many = {"$ref": "#/components/schemas/Problem"}
    both = shown["content"] | {"application/problem+json": {"schema": too_many}}
    found: Responses = {status: {"description": said[status], **shown} for status in statuses}
    if len(statuses) > 1:
        found[429] = {"description": "Too many attempts failed; a page too.", "content": both}
    return {**problems(413), **_ALWAYS, **found}


CODE_SHOWN: Final = _pages(200)
CODE_TYPED: Final = _pages(200, 400, 403, 404)
DECIDED: Final = _pages(200, 400, 403, 409, 422)
DISCOVERED: Final[Responses] = {200: {"description": "The endpoints and what they take."}, **_ALWAYS}
PROVEN: Final[Responses] = {
    204: {"description": "It is the password of the person who is signed in. Nothing was changed."},
    **problems(401, 409, 413, 422),
    **_ALWAYS,
}
CHANGED: Final[Responses] = {
    204: {"description": "The new password counts; one's other sessions are over."},
    **problems(401, 413, 422),
    **_ALWAYS,
}
