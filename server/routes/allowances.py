"""Usage allowances of a customer, and the reports of the network that counts."""

from typing import Final

from client.models import Allowance, BonusGrant, BonusWithdrawal, UsageReport
from server.routes.collection import Action, Collection
from server.rules.allowances import count_usage, grant_bonus, withdraw_bonus
from server.rules.work import Rules
from server.store.tables import allowances

ALLOWANCES: Final = Collection(
    model=Allowance,
    table=allowances,
    path="allowances",
    singular="allowance",
    about="How much a customer may use in a period. The cap is `manual_cap`, or else `included`, and on top "
    "of it every bonus whose `until_on` is not over; without either there is no cap. All are whole bytes.",
    order=(("id", False),),
    ordered="Oldest first.",
    rules=Rules[Allowance](),
    of_customer=True,
    unversioned=True,  # what is counted
    actions=(
        Action(
            name="grant-bonus",
            summary="Grant a bonus on top of the cap",
            description="It counts until `until_on`, or for good.",
            event="bonus_granted",
            change=grant_bonus,
            sent=BonusGrant,
            example={"amount": 5_000_000_000, "reason": "Two days without a line"},
        ),
        Action(
            name="withdraw-bonus",
            summary="Take a bonus back",
            description="One that is not there is refused (409, `unknown_bonus`).",
            event="bonus_withdrawn",
            change=withdraw_bonus,
            sent=BonusWithdrawal,
            example={"bonus_id": "5f0a1c"},
        ),
        Action(
            name="usage",
            summary="Report what was used",
            description="For the machines that count: the whole of a period so far, so that a report sent "
            "twice counts once. One that was counted before the last, or is of an older period, changes "
            "nothing. Usage is counted, not told: it gets no version, and history only when the cap is met.",
            event="",
            change=count_usage,
            sent=UsageReport,
            example={
                "used": 48_300_000_000,
                "period_starts_on": "2026-03-01",
                "measured_at": "2026-03-12T14:30:00Z",
            },
            permission="usage:write",
        ),
    ),
    example={"product": "Guest Wi-Fi 200", "included": 200_000_000_000, "at_cap": "throttle"},
    given={"period": "monthly"},
)
