"""Pages for browsers: no script, nothing from anywhere else, in no frame, kept by nobody."""

from base64 import b64encode
from collections.abc import Mapping
from hashlib import sha256
from html import escape
from typing import Final

from fastapi import Response

_STYLE: Final = (
    ":root{color-scheme:light dark}"
    "body{font:1.1rem/1.5 system-ui,sans-serif;max-width:26rem;margin:3rem auto;padding:0 1rem}"
    "input,button{font:inherit;display:block;width:100%;box-sizing:border-box;margin:.3rem 0 1rem;"
    "padding:.5rem}"
    "input[type=checkbox]{display:inline;width:auto;margin:0 .5rem 0 0}"
    "dt{opacity:.75}dd{margin:0 0 .6rem;font-weight:600}"
)
_STYLE_HASH: Final = b64encode(sha256(_STYLE.encode()).digest()).decode()

HEADERS: Final = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",  # addresses of pages hold tokens and codes
    "X-Frame-Options": "DENY",
}

_PAGE: Final = """\
<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex"><title>{title}</title><style>{style}</style></head>
<body><h1>{title}</h1>{inside}</body>
</html>
"""


def page(title: str, inside: str, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """Give a page with a title, whose `inside` is HTML already."""
    text = _PAGE.format(title=escape(title), style=_STYLE, inside=inside)
    return Response(text, status, {**HEADERS, **(headers or {})}, media_type="text/html")
