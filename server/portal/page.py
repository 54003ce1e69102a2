"""The page on which a customer confirms the account: one form, no script, nothing from anywhere else."""

from base64 import b64encode
from hashlib import sha256
from html import escape
from typing import Final

from fastapi import Response

_STYLE: Final = (
    "body{font:1.1rem/1.5 system-ui,sans-serif;max-width:26rem;margin:3rem auto;padding:0 1rem}"
    "input,button{font:inherit;display:block;width:100%;box-sizing:border-box;margin:.3rem 0 1rem;"
    "padding:.5rem}"
)
_STYLE_HASH: Final = b64encode(sha256(_STYLE.encode()).digest()).decode()

HEADERS: Final = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",  # the address of the page holds the link's token
}

_PAGE: Final = """\
<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex"><title>Your account</title><style>{style}</style></head>
<body><h1>Your account</h1>{inside}</body>
</html>
"""
_FORM: Final = """
<p>{sentence}</p>
<form method="post" action="confirm">
<input type="hidden" name="token" value="{token}">
<label>Password
<input type="password" name="password" autocomplete="new-password" minlength="10" required></label>
<label>The same again
<input type="password" name="again" autocomplete="new-password" required></label>
<button>Confirm</button>
</form>
"""


def form_page(token: str, sentence: str, status: int = 200) -> Response:
    """Give the page with the form, for the link's token."""
    inside = _FORM.format(token=escape(token, quote=True), sentence=escape(sentence))
    return _page(inside, status)


def plain_page(sentence: str, status: int = 200) -> Response:
    """Give the page with one sentence only."""
    return _page(f"<p>{escape(sentence)}</p>", status)


def _page(inside: str, status: int) -> Response:
    text = _PAGE.format(style=_STYLE, inside=inside)
    return Response(text, status, HEADERS, media_type="text/html")
