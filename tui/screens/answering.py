"""Answering a call: the caller's profile, the customers whose number it may be, or a new customer."""

import asyncio
from functools import partial
from typing import TYPE_CHECKING, Final

from client.errors import CustomerApiError
from client.models import CustomerSearch

if TYPE_CHECKING:
    from tui.app import KeeptabsApp

_MOST: Final = 20


def take_call(app: "KeeptabsApp", number: str) -> None:
    """Show who calls, whatever is in front; a locked screen says only that somebody does."""
    if app.locked:
        app.keep(partial(take_call, app, number))
        app.say_on_lock("A call came in. Open the screen to see who it is.")
        return
    app.run_worker(_answer(app, number), group="call", exclusive=True)


async def _answer(app: "KeeptabsApp", number: str) -> None:
    """Leave what is in front as Esc does, so that what is typed there is kept; then show the caller."""
    from tui.screens.box import BoxScreen

    while isinstance(app.screen, BoxScreen):
        before = app.screen
        await before.do_leave_box()
        await asyncio.sleep(0)
        if app.screen is before:
            break
    if not app.desk.signed_in:
        _say(app, f"{number} calls. Sign in to see who that is.", "warn")
        return
    shown = number
    try:
        if not app.desk.service.permissions:
            await app.desk.connect()
        # Not before: it is the office that says how numbers without a country are dialled.
        number, shown = _readable(app, number)
        search = CustomerSearch(q=number, archived="any", limit=_MOST)
        rows = (await app.desk.api.customers.search(search)).value.items
    except CustomerApiError as error:
        _say(app, f"{shown} calls. {error.sentence}", "bad")
        return
    if len(rows) == 1:
        app.open_customer(rows[0].id, rows[0])
    else:
        _find(app, number, known=bool(rows))
    _say(app, f"{shown} calls.", "accent")


def _find(app: "KeeptabsApp", number: str, *, known: bool) -> None:
    """Show the customers whose number it may be; where there are none, the form of a new one."""
    from tui.screens.customers import CustomersScreen

    app.back_to_list()
    if isinstance(app.screen, CustomersScreen):
        app.screen.box.value = number
        app.screen.box.focus()
        if not known and app.screen.can("new_customer"):
            app.screen.do_new_customer()


def _readable(app: "KeeptabsApp", number: str) -> tuple[str, str]:
    """Give a number with its country, and as people write it; digits of an exchange stay as they are."""
    from client.models.kinds import Refused

    try:
        whole = app.desk.formats.read_phone(number)
    except Refused:
        return number, number
    return whole, app.desk.formats.phone(whole)


def _say(app: "KeeptabsApp", sentence: str, role: str) -> None:
    from tui.screens.base import AppScreen

    screen = app.screen
    if isinstance(screen, AppScreen):
        # One that was only just opened has no line yet on which it could be said.
        screen.call_after_refresh(screen.say, sentence, role)
