"""The pages on which a person lets a terminal sign in: type the code, see who asks, decide."""

from collections.abc import Mapping
from datetime import timedelta
from html import escape
from typing import Final

from fastapi import Response

from server.auth.device_flow import Asking
from server.auth.passwords import LONGEST
from server.pages import page

_TITLE: Final = "Sign in a terminal"

_BEGIN: Final = """
<p>{sentence}</p>
<form method="post" action="{action}">
<label>Code that the terminal shows
<input name="user_code" value="{user_code}" autocomplete="off" autocapitalize="characters" spellcheck="false"
 maxlength="20" required></label>
<label>Your sign-in name
<input name="username" value="{username}" autocomplete="username" autocapitalize="none" spellcheck="false"
 maxlength="64" required></label>
<label>Your password
<input type="password" name="password" autocomplete="current-password" maxlength="{longest}" required></label>
<button>Go on</button>
</form>
"""
_INVITATION: Final = (
    "A terminal shows you a code? Type it here, with your own name and password. "
    "Nobody else has a reason to send you to this page or to tell you a code."
)

_DECIDE: Final = """
<p>{name}, somebody at a terminal asks to work in your name.</p>
<dl>
<dt>Code</dt><dd>{user_code}</dd>
<dt>Asks from</dt><dd>{address}</dd>
<dt>Program</dt><dd>{client_id}</dd>
<dt>Began</dt><dd>{ago}</dd>
</dl>
<p>{whence}</p>
<form method="post" action="decision">
<input type="hidden" name="ticket" value="{ticket}">
<label><input type="checkbox" name="mine" value="yes" required>I began this myself, and the terminal in front
of me shows exactly this code.</label>
<p>If somebody sent you here or told you the code, refuse: it is they who would be signed in, as you.</p>
<button name="decision" value="approve">Approve</button>
<button name="decision" value="refuse" formnovalidate>Refuse</button>
</form>
"""
_SAME: Final = "It asks from the network that you are in now ({here})."
_OTHER: Final = (
    "It asks from another network than yours ({here}). That is right for a terminal on another machine, as "
    "over SSH, and for a phone on mobile data. Else it is a warning."
)


def code_page(
    sentence: str = "",
    status: int = 200,
    *,
    action: str = "request",
    user_code: str = "",
    username: str = "",
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Give the page on which the code is typed; with what was typed before, but for the password.

    `action` is where the form goes, seen from the page's own address: a proxy may put a path before all.
    """
    inside = _BEGIN.format(
        sentence=escape(sentence or _INVITATION),
        action=action,
        user_code=escape(user_code),
        username=escape(username),
        longest=LONGEST,
    )
    return page(_TITLE, inside, status, headers)


def decision_page(asking: Asking, name: str, here: str, since: timedelta, *, same_network: bool) -> Response:
    """Give the page that shows a signed-in person who asks, and takes the decision."""
    minutes = int(since.total_seconds() // 60)
    whence = (_SAME if same_network else _OTHER).format(here=here)
    inside = _DECIDE.format(
        name=escape(name),
        user_code=escape(asking.user_code),
        address=escape(asking.address or "unknown"),
        client_id=escape(asking.client_id),
        ago="just now" if minutes < 1 else f"{minutes} minute{'s' if minutes > 1 else ''} ago",
        whence=escape(whence),
        ticket=escape(asking.ticket),
    )
    return page(_TITLE, inside)


def last_page(sentence: str, status: int = 200) -> Response:
    """Give the page with one sentence only."""
    return page(_TITLE, f"<p>{escape(sentence)}</p>", status)
