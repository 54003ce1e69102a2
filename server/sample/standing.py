"""How a customer stands with the business: status, labels, and what was agreed."""

from dataclasses import dataclass
from typing import Any, Final

from server.sample.business import business
from server.sample.dice import Dice
from server.sample.people import Person

_CAME_BY: Final = (
    ["Recommended by a friend"] * 6
    + ["Web search"] * 5
    + ["Walked past the branch"] * 4
    + [
        "Leaflet",
        "Leaflet",
        "Gift card",
        "Gift card",
        "Estate agent",
        "Neighbour",
        "Local paper",
        "Social media",
    ]
    + ["Open day at the river", "Radio", "Employer", "Came back after a break"]
)
_LEFT_BECAUSE: Final = ["Moved away", "Price", "Has someone in the house", "Sold the flat", "No reason given"]
_BLOCKED_BECAUSE: Final = [
    "Unpaid invoices",
    "Unpaid invoices",
    "Card refused",
    "Rude to staff",
    "Disputed charges",
]
_OF_COMPANIES: Final = {"key held", "alarm", "stairs only", "laundry", "late payer", "vip"}
_OF_NEWCOMERS: Final = {"commercial", "residential", "newsletter", "neighbour", "student"}
_EARNED: Final = {"late payer", "complaint 2025", "donor", "vip"}


@dataclass(frozen=True, slots=True)
class Life:
    """When a customer was added and last changed, as places in the past of the business."""

    created: float
    changed: float


def status(dice: Dice, life: Life) -> dict[str, Any]:
    """Give status, reason and access. Nobody who was never changed has left or is blocked."""
    if dice.chance(48 if life.created > 0.95 else 2.5):
        return {"status": "new", "access": "allowed"}
    draw = dice.below(1000)
    if life.changed == life.created or draw >= 190:
        return {"status": "active", "access": "allowed"}
    if draw < 125:
        reason = {"status_reason": dice.pick(_LEFT_BECAUSE)} if dice.chance(70) else {}
        return {"status": "inactive", "access": "allowed"} | reason
    if draw < 163:
        return {"status": "blocked", "access": "blocked", "status_reason": dice.pick(_BLOCKED_BECAUSE)}
    return {"status": "active", "access": "waitlist_only"}


def decided(dice: Dice, life: Life, status: str, someone: Person, branch: dict[str, Any]) -> dict[str, Any]:
    """Give what the office decided or was told; an empty `archived_at` is yet to be dated."""
    record: dict[str, Any] = {}
    if dice.chance(92):
        record["branch_id"] = branch["id"]
        record["location_id"] = business().location_of(branch, someone.country)
    partner = business().partner_of(dice, someone.country) if dice.chance(14) else None
    if partner:
        record["partner_id"] = partner
    if dice.chance(68):
        record["referral_method"] = dice.pick(_CAME_BY)
    if dice.chance(84):
        record["billing_type"] = "recurring" if dice.chance(78) else "prepaid"
    if dice.chance(8):
        record["mail_opt_out"] = True
    if dice.chance(13):
        record["email_opt_out"] = True
    if dice.chance(4):
        record["external_id"] = f"RB-{20_000 + someone.index * 7}"
    if status == "inactive" and life.changed < 0.9 and dice.chance(52):
        record["archived_at"] = ""
    return record


def labels(dice: Dice, life: Life, record: dict[str, Any]) -> list[str]:
    """Give the names of the labels, in order, as they fit the rest of the record."""
    company = "company_name" in record
    found = {"commercial"} if company else set()
    for label in business().labels:
        name = str(label["name"])
        if (not company or name in _OF_COMPANIES) and dice.below(1000) < label["share"]:
            found.add(name)
    born = int(record.get("born_on", "1970")[:4])
    if born < 1948 and dice.chance(35):
        found.add("elderly")
    found -= {"elderly"} if born > 1955 else set()
    found -= {"student", "new baby"} if born < 1985 else set()
    found -= _EARNED if life.created > 0.85 else set()
    if record.get("status_reason") == "Unpaid invoices":
        found.add("late payer")
    return sorted(found & _OF_NEWCOMERS if record["status"] == "new" else found)
