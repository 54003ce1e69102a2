"""Colleagues: their accounts, their passwords, and where they are signed in."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from client.models import SignIn, Staff
from tui.commands import Command
from tui.forms.formats import Formats
from tui.forms.part import Part
from tui.services.first_password import speakable, told_once
from tui.tabs.records import RecordAction, Records
from tui.tabs.records_part import RecordFacts, RecordsPart
from tui.text import column
from tui.widgets.lines import Row, Span, edges

if TYPE_CHECKING:
    from tui.screens.records import RecordsHost

_NAME_WIDTH: Final = 24
_LOGIN_WIDTH: Final = 13
_ROLE_WIDTH: Final = 8


class NewPassword(Command):
    """Make up a password for the marked colleague and show it once."""

    keys = "g"
    footer = "new password"


class EndSignIn(Command):
    """End the marked sign-in."""

    keys = "k"
    footer = "end"


def _staff_rows(colleague: Staff, formats: Formats, width: int) -> Sequence[Row]:
    seen = colleague.last_sign_in_at
    left = [
        Span(column(colleague.name, _NAME_WIDTH), "title"),
        Span(column(colleague.login, _LOGIN_WIDTH)),
        Span(column(colleague.role, _ROLE_WIDTH), "accent" if colleague.role == "admin" else "muted"),
        Span(colleague.email, "muted"),
    ]
    last = f" {formats.ago(seen)}" if seen is not None else " never"
    right = [Span(" shut", "warn") if colleague.disabled else Span(last, "muted")]
    return [Row(edges(left, right, width).spans, colleague.id)]


def _sign_in_rows(sign_in: SignIn, formats: Formats, width: int) -> Sequence[Row]:
    left = [Span(sign_in.device or "a program that said nothing of itself")]
    if sign_in.is_this:
        left.append(Span("  this one", "good"))
    used = sign_in.last_used_at or sign_in.created_at
    right = [Span(f" since {formats.moment(sign_in.created_at)}, used {formats.ago(used)}", "muted")]
    return [Row(edges(left, right, width).spans, sign_in.id)]


async def _new_password(host: "RecordsHost", colleague: Staff) -> Staff:
    """Set a password that can be read out, and show it this once."""
    from tui.screens.plain import PlainScreen

    password = speakable()
    api = host.keeptabs.desk.api
    await api.staff.act(colleague.id, "set-password", {"password": password})
    host.app.push_screen(PlainScreen(told_once(colleague.name, colleague.login, password)))
    return (await api.staff.get(colleague.id)).value


def _sign_ins_of(colleague: Staff) -> Records[SignIn]:
    async def end(host: "RecordsHost", sign_in: SignIn) -> None:
        await host.keeptabs.desk.api.sign_ins(colleague.id).delete(sign_in.id)
        part = next(part for part in host.record_parts() if part.records.title == _SIGN_INS)
        part.drop(sign_in)

    return Records(
        one="sign-in",
        title=_SIGN_INS,
        model=SignIn,
        permission="staff",
        part_of="staff",
        collection=lambda api, _: api.sign_ins(colleague.id),
        rows=_sign_in_rows,
        fields=(),
        order=lambda sign_in: -(sign_in.last_used_at or sign_in.created_at).timestamp(),
        name=lambda sign_in: f"the sign-in on {sign_in.device}",
        removable=lambda _: False,
        empty="Signed in nowhere.",
        actions=(
            RecordAction(
                command=EndSignIn,
                name="",
                applies=lambda sign_in: not sign_in.is_this,
                run=end,
                done="Ended: whoever used it must sign in again.",
            ),
        ),
    )


_SIGN_INS: Final = "Signed in"


def _parts_of_colleague(colleague: Staff, host: "RecordsHost") -> Sequence[Part]:
    desk = host.keeptabs.desk
    facts = RecordFacts(
        STAFF, colleague, desk, ("login", "name", "email", "role", "disabled", "last_sign_in_at")
    )
    return [facts, RecordsPart(_sign_ins_of(colleague), desk)] if desk.may("staff:write") else [facts]


STAFF: Final = Records(
    one="colleague",
    title="Colleagues",
    model=Staff,
    permission="staff",
    collection=lambda api, _: api.staff,
    rows=_staff_rows,
    fields=("login", "name", "email", "role", "disabled"),
    order=lambda colleague: (colleague.disabled, colleague.name.casefold()),
    name=lambda colleague: colleague.name,
    removable=lambda _: False,
    empty="Nobody works here yet.",
    actions=(RecordAction(command=NewPassword, name="", run=_new_password, done="The password is set."),),
    opens=_parts_of_colleague,
)
