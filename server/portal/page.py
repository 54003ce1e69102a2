"""The page on which a customer confirms the account: one form."""

from html import escape
from typing import Final

from fastapi import Response

from server.pages import page

_TITLE: Final = "Your account"
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
    return page(_TITLE, inside, status)


def plain_page(sentence: str, status: int = 200) -> Response:
    """Give the page with one sentence only."""
    return page(_TITLE, f"<p>{escape(sentence)}</p>", status)
