"""Usage allowances: what is granted on top of a cap, and what the network counts against it."""

import secrets
from collections.abc import Mapping
from datetime import UTC, timedelta
from typing import Any, Final

from client.models import Allowance, Bonus, BonusGrant, BonusWithdrawal, UsageReport
from server.problems import Fault, Refusal
from server.rules import history
from server.rules.office import office_day
from server.rules.work import Work

_MOST_BONUSES: Final = 100
_FAST: Final = timedelta(minutes=5)
"""So far ahead the clock of a machine that reports may be."""


def grant_bonus(work: Work, allowance: Allowance, grant: BonusGrant) -> Mapping[str, Any]:
    """Put a bonus on top of the cap."""
    if len(allowance.bonuses) >= _MOST_BONUSES:
        raise Refusal(409, f"There are {_MOST_BONUSES} bonuses already. Withdraw one first.", "too_many")
    if grant.until_on is not None and grant.until_on < office_day(work.connection, work.now):
        sentence = "This day is over: the bonus would not count any more."
        raise Refusal(409, sentence, "in_the_past", [Fault("/until_on", "in_the_past", sentence)])
    bonus = Bonus(
        id=secrets.token_hex(3),
        amount=grant.amount,
        reason=grant.reason,
        until_on=grant.until_on,
        granted_by=work.actor.name,
        granted_at=work.now,
    )
    return {"bonuses": [*allowance.bonuses, bonus]}


def withdraw_bonus(work: Work, allowance: Allowance, which: BonusWithdrawal) -> Mapping[str, Any]:
    """Take a bonus back."""
    del work
    kept = [bonus for bonus in allowance.bonuses if bonus.id != which.bonus_id]
    if len(kept) == len(allowance.bonuses):
        sentence = "There is no such bonus (any more)."
        raise Refusal(409, sentence, "unknown_bonus", [Fault("/bonus_id", "unknown_bonus", sentence)])
    return {"bonuses": kept}


def count_usage(work: Work, allowance: Allowance, report: UsageReport) -> Mapping[str, Any]:
    """Take what the network counted, unless it counted again since."""
    if report.measured_at > work.now + _FAST:
        sentence = "This moment is still to come: the clock of what reports is wrong."
        raise Refusal(409, sentence, "in_the_future", [Fault("/measured_at", "in_the_future", sentence)])
    known_at, period = allowance.used_at, allowance.period_starts_on
    if (known_at is not None and report.measured_at <= known_at) or (
        period is not None and report.period_starts_on < period
    ):
        return {}
    _tell_of_the_cap(work, allowance, report)
    return {
        "used": report.used,
        "period_starts_on": report.period_starts_on,
        "used_at": report.measured_at.astimezone(UTC),
    }


def _tell_of_the_cap(work: Work, before: Allowance, report: UsageReport) -> None:
    """Tell in the history, once a period, when everything is used."""
    cap = before.cap(work.now.date())
    used = before.used if before.period_starts_on == report.period_starts_on else 0
    if cap is not None and used < cap <= report.used:
        history.record(
            work,
            "allowances.used_up",
            changes=[{"field": "/used", "old": used, "new": report.used}],
            version=before.version,
            customer_id=work.customer_id,
            record_id=before.id,
        )
