"""How customers are reached: several numbers, several addresses, or hardly any."""

from typing import Any, Final

from server.sample.dice import Dice
from server.sample.people import Person, mailbox, person, work_mailbox
from server.sample.places import countries

_SEED: Final = 8_081_570_000_000
_FAR: Final = 1_000_003  # slots of further numbers lie beyond those of everyone's first two


def reach(someone: Person) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Give telephone numbers and e-mail addresses, the primary ones first."""
    dice = Dice(_SEED + someone.index)
    if someone.twin_of is not None:
        numbers, mails = reach(person(someone.twin_of))
        both = dice.chance(30) or not numbers
        return numbers[:1], mails[:1] if both else []
    numbers = _phones(dice, someone)
    return _numbered("p", numbers), _numbered("e", _emails(dice, someone, reachable=bool(numbers)))


def _phones(dice: Dice, someone: Person) -> list[dict[str, Any]]:
    """Give nought to six numbers."""
    draw = dice.below(1000)
    if draw < 55:
        return []
    slot, country = 2 * someone.index, someone.country
    home = {"number": country.landline(someone.city, someone.landline_slot), "type": "home"}
    work = {"number": country.landline(someone.city, slot + _FAR), "type": "work"}
    mobile = {"number": country.mobile(slot)}
    if someone.company:
        found = [work, mobile] if draw < 500 else [work]
    elif draw < 600:
        found = [mobile]
    elif draw < 700:
        found = [home]
    elif draw < 900:
        found = [mobile, home] if dice.chance(70) else [home, mobile]
    else:
        found = [mobile, home, work]
    if draw >= 985:
        kinds = ["other", "mobile", "fax"]
        found += [
            {"number": country.mobile(slot + _FAR * (turn + 2)), "type": kinds[turn]}
            for turn in range(1 + dice.below(3))
        ]
    if found[-1] is work and dice.chance(30):
        found[-1]["extension"] = str(10 + dice.below(890))
    return found


def _emails(dice: Dice, someone: Person, *, reachable: bool) -> list[dict[str, Any]]:
    """Give nought to three addresses; whoever has no telephone mostly has one."""
    draw = dice.below(1000)
    if draw < (110 if reachable else 330):
        return []
    if someone.company:
        found: list[dict[str, Any]] = [{"address": work_mailbox(dice, someone), "type": "work"}]
        if dice.chance(40):
            domain = found[0]["address"].partition("@")[2]
            found.append({"address": f"invoices@{domain}", "type": "work", "for_billing": True})
    elif draw < 860:
        found = [{"address": mailbox(dice, someone)}]
    else:
        found = [
            {"address": mailbox(dice, someone)},
            {"address": work_mailbox(dice, someone), "type": "work"},
        ]
        if dice.chance(30):
            found[1]["for_billing"] = True
    return found


def addresses(dice: Dice, someone: Person, branch: dict[str, Any]) -> list[dict[str, Any]]:
    """Give nought to three addresses: where they live, and for those who live far away what we look after."""
    if someone.twin_of is not None and dice.chance(50):
        return []
    if someone.lives_with is None and dice.chance(3):
        return []
    found = [someone.address]
    there = countries()[branch["country"]]
    if there is not someone.country:
        if dice.chance(62):
            towns = there.cities.things
            city = next((city for city in towns if city.name == branch["city"]), towns[0])
            found.append(there.address(dice, city, "service"))
    elif dice.chance(9):
        kind = dice.pick(["service", "mailing", "billing", "work"])
        found.append(someone.country.address(dice, someone.country.cities.pick(dice), kind))
    return _numbered("a", found)


def _numbered(letter: str, parts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Give the parts with ids, the first one as the primary."""
    return [
        {"id": f"{letter}{place}", **part, **({"is_primary": True} if place == 1 else {})}
        for place, part in enumerate(parts, start=1)
    ]
