"""Usage allowances of the open customer: the cap, what is used of it, what was granted on top."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from client.models import Allowance, Bonus, BonusGrant
from client.models.allowance import AT_CAP, PERIODS
from tui.commands import Command
from tui.forms.formats import Formats
from tui.forms.volumes import shown_volume
from tui.screens.pick import Option
from tui.tabs.records import RecordAction, Records
from tui.text import wrap
from tui.widgets.lines import Row, Span, edges, within

if TYPE_CHECKING:
    from tui.screens.records import RecordsHost


class GrantBonus(Command):
    """Grant a bonus on top of the cap."""

    keys = "g"
    footer = "bonus"


class WithdrawBonus(Command):
    """Take a bonus back."""

    keys = "r"
    footer = "withdraw"


_BAR_WIDTH: Final = 30
_NEARLY: Final = 0.85


def _allowance_rows(allowance: Allowance, formats: Formats, width: int) -> Sequence[Row]:
    period = PERIODS.get(allowance.period, allowance.period).lower()
    since = f" since {formats.day(allowance.period_starts_on)}" if allowance.period_starts_on else ""
    counted = f"counted {formats.ago(allowance.used_at)}" if allowance.used_at else "not counted yet"
    head = edges(
        [Span(allowance.product, "title"), Span(f"   {period}{since}", "muted")],
        [Span(f"  {counted}", "muted")],
        width,
    )
    rows = [Row(head.spans, allowance.id), Row(within(_bar(allowance, formats), width))]
    rows += [Row((Span(f"   {line}", "muted"),)) for line in wrap(_terms(allowance, formats), width - 4)]
    return rows


def _bar(allowance: Allowance, formats: Formats) -> Sequence[Span]:
    """Draw what is used of the cap; the words beside it say the same."""
    used, cap = allowance.used, allowance.cap(formats.today())
    if cap is None:
        return [Span(f"   {shown_volume(used, formats.numbers)} used, no cap")]
    share = used / cap if cap else 1.0
    role = "bad" if share >= 1 else "warn" if share >= _NEARLY else "good"
    filled = min(_BAR_WIDTH, round(share * _BAR_WIDTH))
    said = f"{shown_volume(used, formats.numbers)} of {shown_volume(cap, formats.numbers)}, {share:.0%}"
    return [
        Span("   "),
        Span("█" * filled, role),
        Span("─" * (_BAR_WIDTH - filled), "muted"),
        Span(f"  {said}", "text" if share < 1 else "bad"),
        Span("  used up" if share >= 1 else "", "bad"),
    ]


def _terms(allowance: Allowance, formats: Formats) -> str:
    """Say what the cap is made of and what happens at it."""
    said: list[str] = []
    if allowance.manual_cap is not None:
        said.append(f"manual cap {shown_volume(allowance.manual_cap, formats.numbers)}")
    if allowance.included is not None:
        said.append(f"plan {shown_volume(allowance.included, formats.numbers)}")
    counting = [bonus for bonus in allowance.bonuses if bonus.counts(formats.today())]
    said += [f"bonus {_granted(bonus, formats)} ({bonus.reason})" for bonus in counting]
    said.append(f"at the cap {AT_CAP.get(allowance.at_cap, allowance.at_cap).lower()}")
    said.append("may buy more" if allowance.may_buy_more else "may not buy more")
    return " · ".join(said)


def _granted(bonus: Bonus, formats: Formats) -> str:
    until = f" until {formats.day(bonus.until_on)}" if bonus.until_on else ""
    return f"{shown_volume(bonus.amount, formats.numbers)}{until}"


def _bonuses(host: "RecordsHost", allowance: Allowance) -> Sequence[Option[str]]:
    formats = host.keeptabs.desk.formats
    return [
        Option(bonus.id, f"{_granted(bonus, formats)}  {bonus.reason}", bonus.granted_by)
        for bonus in allowance.bonuses
    ]


def _last_bonus(allowance: Allowance) -> tuple[str, Mapping[str, Any]]:
    return "withdraw-bonus", {"bonus_id": allowance.bonuses[-1].id}


ALLOWANCES: Final = Records(
    one="allowance",
    title="Usage",
    model=Allowance,
    permission="allowances",
    collection=lambda api, customer_id: api.allowances(customer_id),
    rows=_allowance_rows,
    fields=("product", "period", "included", "manual_cap", "at_cap", "may_buy_more"),
    order=lambda allowance: allowance.created_at,
    name=lambda allowance: f"the allowance {allowance.product}",
    removal="Its bonuses go with it; what the network counted is no longer shown.",
    hidden_when_empty=True,
    actions=(
        RecordAction(
            command=GrantBonus,
            name="grant-bonus",
            body=BonusGrant,
            done="Granted.",
            undo=_last_bonus,
        ),
        RecordAction(
            command=WithdrawBonus,
            name="withdraw-bonus",
            applies=lambda allowance: bool(allowance.bonuses),
            picks=_bonuses,
            picked="bonus_id",
            done="Withdrawn.",
        ),
    ),
)
