"""Asking for a condition of a report: what it is about, how it compares, and with what."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from client.models import Condition
from client.models.consent import CHANNELS
from client.models.customer_choices import STATUSES
from client.models.report import ABOUT, HOW, WAYS
from tui.forms.form_screen import FormScreen
from tui.forms.state import FormState
from tui.screens.pick import Option, PickScreen
from tui.services.report_words import LISTS

if TYPE_CHECKING:
    from tui.app import KeeptabsApp
    from tui.services.desk import Desk

_NEEDS: Final[Mapping[str, str]] = {
    "labels": "labels:read",
    "branch": "branches:read",
    "partner": "partners:read",
    "location": "locations:read",
    "marketing": "consents:read",
    "last_booking": "bookings:read",
    "spent": "purchases:read",
    "field": "custom-fields:read",
}
"""What must be there and allowed before one can ask about it."""

_TYPED: Final = {"day": ("day",), "days": ("days",), "amount": ("amount", "months"), "text": ("text",)}
"""The fields of the form, by the member that must be said."""


async def ask_condition(app: "KeeptabsApp", known: Condition | None = None) -> Condition | None:
    """Have a condition put together, or `known` changed; None where it is left. Raises CustomerApiError."""
    about = known.about if known is not None else await _about(app)
    if not about:
        return None
    how = await _how(app, about, known.how if known is not None else "")
    if not how:
        return None
    told: dict[str, Any] = {"about": about, "how": how}
    before = known.to_json() if known is not None else {}
    for needed in WAYS[about][how]:
        answer = await _ASKING[needed](app, about, told | {"before": before})
        if answer is None:
            return None
        told |= answer
    return Condition.model_validate(told)


async def _about(app: "KeeptabsApp") -> str:
    desk = app.desk
    options = [
        Option(about, name) for about, name in ABOUT.items() if desk.may(_NEEDS.get(about, "customers:read"))
    ]
    return await _one(app, "A condition on what?", options)


async def _how(app: "KeeptabsApp", about: str, marked: str) -> str:
    options = [Option(how, HOW[how]) for how in WAYS[about]]
    return await _one(app, ABOUT[about], options, marked)


async def _one(app: "KeeptabsApp", title: str, options: Sequence[Option[str]], marked: str = "") -> str:
    taken = await app.push_screen_wait(PickScreen(title, options, marked=marked or None))
    return str(taken[0]) if taken else ""


async def _values(app: "KeeptabsApp", about: str, told: Mapping[str, Any]) -> dict[str, Any] | None:
    if about == "status":
        options = [Option(status, status.capitalize(), words) for status, words in STATUSES.items()]
    else:
        records = await app.desk.reference(LISTS[about])
        options = [Option(record.id, record.name) for record in records]
    ticked = set(told["before"].get("values", ()))
    title = f"{ABOUT[about]}: {HOW[told['how']].lower()}"
    taken = await app.push_screen_wait(PickScreen(title, options, ticked=ticked))
    return {"values": list(taken)} if taken else None


async def _channel(app: "KeeptabsApp", about: str, told: Mapping[str, Any]) -> dict[str, Any] | None:
    del about
    options = [Option(channel, words) for channel, words in CHANNELS.items()]
    channel = await _one(app, "By which channel?", options, told["before"].get("channel", ""))
    return {"channel": channel} if channel else None


async def _field(app: "KeeptabsApp", about: str, told: Mapping[str, Any]) -> dict[str, Any] | None:
    fields = await app.desk.reference(LISTS[about])
    options = [Option(field.key, field.name, "no longer used" if field.archived else "") for field in fields]
    key = await _one(app, "Which additional field?", options, told["before"].get("field", ""))
    return {"field": key} if key else None


async def _typed_member(app: "KeeptabsApp", needed: str, told: Mapping[str, Any]) -> dict[str, Any] | None:
    """Have members typed in a form; what is missing is said in it."""
    names = _TYPED[needed]
    base = {name: value for name, value in told["before"].items() if name in names}
    base |= {name: told[name] for name in ("about", "how")}
    state = FormState(Condition, base, app.desk.formats, new=True)

    async def submit() -> dict[str, Any] | None:
        given = {name: state.get(name) for name in names}
        if given[needed] in (None, "", 0):
            state.refuse(f"/{needed}", "This is needed.")
            return None
        return {name: value for name, value in given.items() if value not in (None, "", 0)}

    form = FormScreen(ABOUT[told["about"]], state, names, submit=submit)
    answer: dict[str, Any] | None = await app.push_screen_wait(form)
    return answer


async def _day(app: "KeeptabsApp", about: str, told: Mapping[str, Any]) -> dict[str, Any] | None:
    del about
    return await _typed_member(app, "day", told)


async def _days(app: "KeeptabsApp", about: str, told: Mapping[str, Any]) -> dict[str, Any] | None:
    del about
    return await _typed_member(app, "days", told)


async def _amount(app: "KeeptabsApp", about: str, told: Mapping[str, Any]) -> dict[str, Any] | None:
    del about
    return await _typed_member(app, "amount", told)


async def _text(app: "KeeptabsApp", about: str, told: Mapping[str, Any]) -> dict[str, Any] | None:
    """Have the words of a choice picked, anything else typed."""
    options = await _choices(app.desk, about, told)
    if not options:
        return await _typed_member(app, "text", told)
    text = await _one(app, "Is which?", options, told["before"].get("text", ""))
    return {"text": text} if text else None


async def _choices(desk: "Desk", about: str, told: Mapping[str, Any]) -> list[Option[str]]:
    if told["how"] != "is":
        return []
    field = next((one for one in await desk.reference(LISTS[about]) if one.key == told["field"]), None)
    if field is not None and field.type == "yes_no":
        return [Option("yes", "Yes"), Option("no", "No")]
    return [Option(word, word) for word in field.options] if field is not None else []


_ASKING: Final = {
    "values": _values,
    "channel": _channel,
    "field": _field,
    "day": _day,
    "days": _days,
    "amount": _amount,
    "text": _text,
}
