"""Values that are picked, not typed: words of a choice, yes and no, records of other collections."""

from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Final, cast

from client.errors import CustomerApiError
from client.models.kinds import Choice, Reference
from tui.forms.fields import Control, FormField
from tui.forms.state import FormState
from tui.forms.values import choice_label, choice_meaning
from tui.screens.pick import Option, PickScreen
from tui.terminal.asking_driver import keys_held

if TYPE_CHECKING:
    from tui.forms.page import Page

References = Callable[[str], Awaitable[Sequence[tuple[str, str]]]]
"""Gives ids and names of the records of a collection. Raises `CustomerApiError`."""

VISIBLE_WAIT: Final = 0.3
"""Seconds after which waiting is worth a word."""

CUSTOMERS: Final = "customers"
"""The collection that is searched, not listed: there may be a million."""

NO_LONGER: Final = " (no longer offered)"
"""Ends the name of a record that is shown where it was picked before, and is not offered any more."""

_NONE: Final = ""
"""The key of the option that stands for no record."""


async def no_references(collection: str) -> Sequence[tuple[str, str]]:
    """Know of no records at all."""
    del collection
    return ()


def switch(page: "Page", state: FormState, field: FormField) -> None:
    """Change yes to no and back, or take the next word of a choice."""
    value = state.get(field.name)
    if field.control is Control.YES_NO:
        state.set(field.name, not value)
    elif isinstance(field.kind, Choice):
        words = list(field.kind.choices)
        place = words.index(value) + 1 if value in words else 0
        state.set(field.name, words[place % len(words)])
    page.edited(field.name)


def pick_choice(page: "Page", state: FormState, field: FormField) -> None:
    """Have a person pick a word of a choice, each with its meaning."""
    kind = cast("Choice", field.kind)
    options = [Option(word, choice_label(kind, word), choice_meaning(kind, word)) for word in kind.choices]
    _pick(page, state, field, options)


def pick_reference(page: "Page", state: FormState, field: FormField) -> None:
    """Have a person pick a record of the collection that the field refers to, or none."""
    if cast("Reference", field.kind).collection == CUSTOMERS:
        _pick_customer(page, state, field)
        return

    async def ask() -> None:
        notice = page.set_timer(VISIBLE_WAIT, lambda: page.say("Fetching…"))
        with keys_held(page.app):
            learned = await _learn(page, state, field)
        notice.stop()
        # Whoever has gone elsewhere meanwhile is not asked any more.
        if learned and page.screen is page.app.screen:
            known = state.names[cast("Reference", field.kind).collection]
            chosen = state.get(field.name)
            options = [
                Option(key, name)
                for key, name in known.items()
                if key == chosen or not name.endswith(NO_LONGER)
            ]
            none = [] if field.required else [Option(_NONE, "None", role="muted")]
            _pick(page, state, field, [*none, *options])

    page.run_worker(ask(), group="references", exclusive=True)


def _pick_customer(page: "Page", state: FormState, field: FormField) -> None:
    """Have a person find a customer by typing."""
    # Not before it is needed: the rest of the application does without searching.
    from tui.screens.pick_customer import PickCustomerScreen

    # Whose profile this is about is somebody else.
    own = [getattr(screen, "customer_id", "") for screen in page.app.screen_stack]
    box = PickCustomerScreen(field.title, left_out=own)

    async def take(taken: list[str] | None) -> None:
        if taken:
            state.names.setdefault(CUSTOMERS, {})[taken[0]] = box.name_of(taken[0])
            await _take(page, state, field, taken[0])

    page.app.push_screen(box, take)


def learn_names(page: "Page") -> None:
    """Find out what the records are called that the fields of a page refer to."""
    states = {
        id(state): state
        for part in page.parts
        if isinstance(state := getattr(part, "state", None), FormState)
    }
    missing = {
        field.kind.collection: (state, field)
        for state in states.values()
        for field in state.fields.values()
        if isinstance(field.kind, Reference)
        and state.get(field.name)
        and field.kind.collection not in state.names
    }

    async def learn() -> None:
        for state, field in missing.values():
            await _learn(page, state, field)
        page.redraw()

    if missing:
        page.run_worker(learn(), group="names", exclusive=True)


async def _learn(page: "Page", state: FormState, field: FormField) -> bool:
    collection = cast("Reference", field.kind).collection
    asked = f"{collection}/{state.get(field.name)}" if collection == CUSTOMERS else collection
    try:
        known = await page.references(asked)
    except CustomerApiError as error:
        page.say(error.sentence, "bad")
        return False
    state.names.setdefault(collection, {}).update(known)
    return True


def _pick(page: "Page", state: FormState, field: FormField, options: Sequence[Option[str]]) -> None:
    async def take(taken: list[str] | None) -> None:
        if taken:
            none = field.control is Control.REFERENCE and taken == [_NONE]
            await _take(page, state, field, None if none else taken[0])

    page.app.push_screen(PickScreen(field.title, options, marked=state.get(field.name) or _NONE), take)


async def _take(page: "Page", state: FormState, field: FormField, value: str | None) -> None:
    state.set(field.name, value)
    page.edited(field.name)
    await page.go_on(1, typing=page.flowing)
