"""What happened to a customer, told backwards from how the record stands now, so that the two agree."""

from collections.abc import Callable
from typing import Any

from server.sample.business import Business
from server.sample.dice import Dice
from server.sample.people import Person, mailbox

Record = dict[str, Any]
Changes = list[dict[str, Any]]
Step = Callable[["Past"], Changes]


class Past:
    """A record on its way back to the day it was made."""

    def __init__(self, dice: Dice, someone: Person, record: Record, business: Business) -> None:
        self.dice = dice
        self.someone = someone
        self.record = record | {
            name: [dict(part) for part in record[name]]
            for name in ("emails", "phones", "addresses")
            if name in record
        }
        self.business = business

    def before(self, name: str, old: Any) -> Changes:
        """Take one member back to `old`, away where that is None, and give the change that was made."""
        new = self.record.get(name)
        if new == old:
            return []
        if old is None:
            self.record.pop(name, None)
        else:
            self.record[name] = old
        return [_change(f"/{name}", old, new)]

    def part_before(self, name: str, member: str, old: Any) -> Changes:
        """Take one member of the first e-mail, phone or address back."""
        part = self.record[name][0]
        new = part.get(member)
        part[member] = old
        return [_change(f"/{name}/0/{member}", old, new)] if new != old else []


def _change(field: str, old: Any, new: Any) -> dict[str, Any]:
    change = {"field": field}
    if old is not None:
        change["old"] = old
    if new is not None:
        change["new"] = new
    return change


def welcomed(past: Past) -> Changes:
    """The first visit: a new customer becomes an active one."""
    return past.before("status", "new")


def left(past: Past) -> Changes:
    """A customer who uses nothing any more."""
    return past.before("status", "active") + past.before("status_reason", None)


def shut_out(past: Past) -> Changes:
    """A customer who is blocked, and with that from booking too."""
    return (
        past.before("access", "allowed")
        + past.before("status", "active")
        + past.before("status_reason", None)
    )


def put_on_wait_list(past: Past) -> Changes:
    """A customer who may only join the wait list."""
    return past.before("access", "allowed")


def archived(past: Past) -> Changes:
    """A record put away."""
    return past.before("archived_at", None)


def new_number(past: Past) -> Changes:
    """Another telephone number."""
    slot = 2 * past.someone.index + 500_009
    phone = past.record["phones"][0]
    if phone.get("type") == "home":
        return past.part_before("phones", "number", past.someone.country.landline(past.someone.city, slot))
    return past.part_before("phones", "number", past.someone.country.mobile(slot))


def second_number(past: Past) -> Changes:
    """A number that was added to the first."""
    place = len(past.record["phones"]) - 1
    return [_change(f"/phones/{place}", None, past.record["phones"].pop())]


def new_email(past: Past) -> Changes:
    """Another e-mail address."""
    return past.part_before("emails", "address", mailbox(past.dice, past.someone))


def first_email(past: Past) -> Changes:
    """An e-mail address where there was none."""
    return [_change("/emails/0", None, past.record.pop("emails")[0])]


def moved(past: Past) -> Changes:
    """Another home in the same town."""
    someone = past.someone
    old = someone.country.address(past.dice, someone.city)
    return [
        change
        for member in ("line1", "postal_code", "latitude", "longitude")
        if member in old
        for change in past.part_before("addresses", member, old[member])
    ]


def labelled(past: Past) -> Changes:
    """One label more, or one less."""
    labels = past.record.get("labels", [])
    others = [name for name in ("newsletter", "spa", "fortnightly", "laundry") if name not in labels]
    if labels and (not others or past.dice.chance(80)):
        gone = past.dice.pick(labels)
        return past.before("labels", [name for name in labels if name != gone] or None)
    return past.before("labels", sorted([*labels, past.dice.pick(others)]))


def no_more_mail(past: Past) -> Changes:
    """Opted out of post or e-mail."""
    name = "email_opt_out" if past.record.get("email_opt_out") else "mail_opt_out"
    return past.before(name, None)


def birthday_told(past: Past) -> Changes:
    """A date of birth that was not known."""
    return past.before("born_on", None)


def other_branch(past: Past) -> Changes:
    """Another preferred branch."""
    old = past.dice.pick(past.business.branches)["id"]
    return past.before("branch_id", old) if old != past.record.get("branch_id") else []


def married(past: Past) -> Changes:
    """Another family name."""
    someone = past.someone
    name, _ = someone.tradition.name(past.dice, someone.gender, someone.country.code)
    family, display = past.record.get("family_name", ""), past.record["display_name"]
    if not family or name.family == family or not display.endswith(family):
        return []
    old = display.removesuffix(family) + name.family
    return past.before("display_name", old) + past.before("family_name", name.family)


def how_they_came(past: Past) -> Changes:
    """How the customer found us, asked later."""
    return past.before("referral_method", None)


def lives_of(dice: Dice, record: Record, someone: Person) -> list[Step]:
    """Choose what happened to a customer after the first day, in order; it explains how the record stands."""
    maybe: list[tuple[Step, float, bool]] = [
        (new_number, 13, bool(record.get("phones")) and someone.twin_of is None),
        (second_number, 30, len(record.get("phones", ())) > 1),
        (new_email, 11, bool(record.get("emails")) and someone.twin_of is None),
        (first_email, 18, len(record.get("emails", ())) == 1),
        (moved, 9, bool(record.get("addresses")) and someone.lives_with is None),
        (labelled, 45, True),
        (no_more_mail, 80, bool(record.get("email_opt_out") or record.get("mail_opt_out"))),
        (birthday_told, 25, "born_on" in record),
        (other_branch, 6, bool(record.get("branch_id"))),
        (married, 5, someone.gender == "female" and not someone.company),
        (how_they_came, 12, "referral_method" in record),
    ]
    steps = [step for step, often, fits in maybe if fits and dice.chance(often)]
    for place in range(len(steps) - 1, 0, -1):
        other = dice.below(place + 1)
        steps[place], steps[other] = steps[other], steps[place]
    if first_email in steps and new_email in steps:
        steps.remove(first_email)
    if record["status"] != "new" and dice.chance(70):
        steps.insert(0, welcomed)
    if record["status"] in ("inactive", "blocked"):
        steps.append(left if record["status"] == "inactive" else shut_out)
    elif record["access"] == "waitlist_only":
        steps.append(put_on_wait_list)
    if "archived_at" in record:
        steps.append(archived)
    return steps or [labelled]
