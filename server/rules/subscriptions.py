"""Subscriptions: when they renew, and what pausing and cancelling them does."""

from calendar import monthrange
from collections.abc import Mapping
from datetime import date
from typing import Any

from client.models import Subscription
from client.models.subscription import renewal_after
from server.problems import Fault, Refusal, invalid
from server.rules.office import office_day
from server.rules.work import Rules, Work


class SubscriptionRules(Rules[Subscription]):
    """An active one has a next renewal; what is over stays over."""

    def fill(self, work: Work, values: dict[str, Any], parent_id: str) -> None:
        """Begin today, and renew for the first time on the first day to come of the cycle."""
        today = office_day(work.connection, work.now)
        values["started_on"] = started = values.get("started_on") or today
        values["next_renewal_on"] = values.get("next_renewal_on") or upcoming(
            started, values["every"], started.day, today
        )

    def check(
        self, work: Work, old: Subscription | None, new: Subscription, given: frozenset[str]
    ) -> Subscription:
        """Refuse changes of what is over (409), and an active one that would never renew (422)."""
        if old is not None and old.state in ("cancelled", "ended") and given & set(_WRITTEN):
            raise Refusal(409, f"This subscription is {old.state}. Add a new one.", "subscription_over")
        if new.state == "active" and new.next_renewal_on is None:
            raise invalid(Fault("/next_renewal_on", "missing", "This needs the day of its next renewal."))
        if new.started_on is None:
            raise invalid(Fault("/started_on", "missing", "This needs the day on which it began."))
        return new


_WRITTEN = ("product", "price", "every", "started_on", "next_renewal_on")


def upcoming(day: date, every: str, on_day: int, today: date) -> date:
    """Give the first renewal of a cycle, counted from `day`, that is not over."""
    while day < today:
        following = renewal_after(day, every, on_day)
        if following <= day:
            return today
        day = following
    return day


def next_renewal(subscription: Subscription) -> date:
    """Give the renewal after the next one. The first day says on which day of a month it falls."""
    day = subscription.next_renewal_on or date.max
    started = subscription.started_on or day
    usual = min(started.day, monthrange(day.year, day.month)[1])
    return renewal_after(day, subscription.every, started.day if day.day == usual else day.day)


def pause(work: Work, subscription: Subscription) -> Mapping[str, Any]:  # noqa: ARG001 - all actions are alike
    """Renew no more until it is resumed."""
    if subscription.state == "paused":
        return {}
    _refuse_unless(subscription, "active", "paused")
    return {"state": "paused"}


def resume(work: Work, subscription: Subscription) -> Mapping[str, Any]:
    """Renew again, from the first renewal to come: what was paused costs nothing."""
    if subscription.state == "active":
        return {}
    _refuse_unless(subscription, "paused", "resumed")
    today = office_day(work.connection, work.now)
    while (subscription.next_renewal_on or today) < today:
        subscription = subscription.model_copy(update={"next_renewal_on": next_renewal(subscription)})
    return {"state": "active", "next_renewal_on": subscription.next_renewal_on or today}


def cancel(work: Work, subscription: Subscription) -> Mapping[str, Any]:
    """Let it run to the end of what was paid for, and no longer."""
    if subscription.state in ("cancelled", "ended"):
        return {}
    today = office_day(work.connection, work.now)
    runs_on = subscription.state == "active" and (subscription.next_renewal_on or today) > today
    ends_on = subscription.next_renewal_on if runs_on else today
    return {"state": "cancelled" if runs_on else "ended", "ends_on": ends_on, "next_renewal_on": None}


def _refuse_unless(subscription: Subscription, state: str, done: str) -> None:
    if subscription.state != state:
        sentence = f"This subscription is {subscription.state}; only one that is {state} can be {done}."
        raise Refusal(409, sentence, "wrong_state")
