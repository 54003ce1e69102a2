"""Forms as RFC 6749 sends them, taken strictly."""

from collections.abc import Mapping
from urllib.parse import parse_qsl

from fastapi import Request, Response
from fastapi.responses import JSONResponse

from client.models import TokenRefusal

_TYPE = "application/x-www-form-urlencoded"
_LARGEST = 8192
_MOST_FIELDS = 20
_KNOWN = {
    *("grant_type", "username", "password", "refresh_token", "token"),
    *("client_id", "device_code", "user_code", "ticket", "decision"),
}
"""Parameters that must not be there twice; all others are ignored."""


class GrantRefused(Exception):
    """No token: an `error` of RFC 6749, section 5.2, and a sentence for a person."""

    def __init__(self, error: str, sentence: str) -> None:
        super().__init__(sentence)
        self.error = error
        self.sentence = sentence

    def response(self) -> Response:
        """Give the answer that says so."""
        body = TokenRefusal(error=self.error, error_description=self.sentence)
        return JSONResponse(body.model_dump(), 400, headers={"Cache-Control": "no-store"})


async def read_form(request: Request) -> dict[str, str]:
    """Give the parameters of a form; those without a value are left out (RFC 6749, section 3.2).

    Raises GrantRefused with `invalid_request` for what is no form, is too large, or repeats a parameter.
    """
    if request.headers.get("Content-Type", "").partition(";")[0].strip().lower() != _TYPE:
        raise GrantRefused("invalid_request", f"The body must be {_TYPE}.")
    body = await request.body()
    if len(body) > _LARGEST:
        raise GrantRefused("invalid_request", f"The form has more than {_LARGEST} bytes.")
    try:
        pairs = parse_qsl(body.decode("utf-8"), errors="strict", max_num_fields=_MOST_FIELDS)
    except ValueError:
        raise GrantRefused("invalid_request", "The body is not a form in UTF-8.") from None
    known = [name for name, _ in pairs if name in _KNOWN]
    if len(known) != len(set(known)):
        raise GrantRefused("invalid_request", "A parameter is there twice.")
    return dict(pairs)


def needed(form: Mapping[str, str], name: str) -> str:
    """Give a parameter. Raises GrantRefused with `invalid_request` where it is missing."""
    value = form.get(name, "")
    if not value:
        raise GrantRefused("invalid_request", f"The parameter {name} is missing.")
    return value
