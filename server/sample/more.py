"""What staff noted of a customer beside the usual: weight, warnings, ways to reach them, answers."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any, Final

from server.sample.dice import Dice
from server.sample.people import Person

_WARNINGS: Final = (
    "Dog does not like visitors: call before you ring",
    "Speaks softly; hard of hearing on the left",
    "Do not leave keys with the neighbour",
    "Two addresses on the same street: check which one",
    "Prefers the same person every time",
    "Photographs only with written consent",
)
_CRITICAL: Final = (
    "Severe nut allergy",
    "Latex allergy: nitrile gloves only",
    "Pacemaker: no electrotherapy",
    "Cash only after the returned cheque",
)
_ALLERGIES: Final = ("Nuts", "Latex", "Lavender oil", "Pollen", "Penicillin", "Cat hair", "Bleach")
_BEST_WAYS: Final = (
    "Text first, never before ten",
    "Call the office number; mobile is off at work",
    "E-mail; answers within the hour",
    "Evenings only",
    "Through her daughter",
    "WhatsApp",
)
_PAIRS: Final = (
    ("Concierge", "Desk B, ask for Ruth"),
    ("Assistant", "Mr Osei, mornings"),
    ("Radio call sign", "Kestrel 4"),
    ("Shop", "Stall 14, covered market"),
    ("Neighbour with key", "Flat 3, second bell"),
)


def more(
    dice: Dice,
    someone: Person,
    branch: dict[str, Any],
    moment: Callable[[float], datetime],
    author: Callable[[Dice], str],
) -> dict[str, Any]:
    """Give the members of most customers that say nothing, of some that do, of a few that say a lot."""
    record: dict[str, Any] = {}
    if not someone.company and dice.chance(22):
        record["weight"] = _weight(dice, branch, moment(dice.fraction()).date())
    alerts = _alerts(dice, moment, author)
    if alerts:
        record["alerts"] = alerts
    extra = _extra_contact(dice, someone)
    if extra:
        record["extra_contact"] = extra
    answers = _answers(dice, moment)
    if answers:
        record["custom_fields"] = answers
    return record


def _weight(dice: Dice, branch: dict[str, Any], taken: date) -> dict[str, Any]:
    kilograms = 46 + dice.below(52) + dice.below(20) / 10
    pounds = branch["country"] == "US"
    value = float(round(kilograms * 2.2046)) if pounds else kilograms
    return {"value": value, "unit": "lb" if pounds else "kg", "taken_on": taken.isoformat()}


def _alerts(
    dice: Dice, moment: Callable[[float], datetime], author: Callable[[Dice], str]
) -> list[dict[str, Any]]:
    draw = dice.below(1000)
    if draw >= 75:
        return []
    texts = [(dice.pick(_CRITICAL), "critical")] if draw < 28 else []
    texts += [(text, "") for text in dice.some(_WARNINGS, 1 + (draw < 8) + (draw < 2))] if draw % 3 else []
    found: list[dict[str, Any]] = []
    for place, (text, severity) in enumerate(texts or [(dice.pick(_WARNINGS), "")], 1):
        at = moment(dice.fraction()).isoformat().replace("+00:00", "Z")
        alert = {"id": f"w{place}", "text": text, "author": author(dice), "created_at": at}
        found.append(alert | ({"severity": severity} if severity else {}))
    return found


def _extra_contact(dice: Dice, someone: Person) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if not dice.chance(9):
        return found
    if dice.chance(70):
        found["best_way"] = dice.pick(_BEST_WAYS)
    if not someone.company and dice.chance(30):
        found["business_name"] = (
            f"{someone.name.latin_family} {dice.pick(['& Co', 'Trading', 'Studio', 'Catering'])}"
        )
    if dice.chance(35):
        found["alternate_phone"] = someone.country.mobile(2 * someone.index + 1)
    if dice.chance(30):
        label, value = dice.pick(_PAIRS)
        found["fields"] = [{"id": "x1", "label": label, "value": value}]
    return found


def _answers(dice: Dice, moment: Callable[[float], datetime]) -> dict[str, Any]:
    if not dice.chance(38):
        return {}
    found: dict[str, Any] = {}
    if dice.chance(45):
        found["door_code"] = dice.fill("##%#") if dice.chance(70) else dice.fill("@#%#")
    if dice.chance(14):
        found["allergies"] = dice.pick(_ALLERGIES)
    if dice.chance(40):
        found["pets"] = dice.pick(["none", "none", "a dog", "a dog", "cats", "birds", "several"])
    if dice.chance(40):
        found["square_metres"] = 28 + dice.below(190)
    if dice.chance(18):
        found["key_handed_over"] = moment(dice.fraction()).date().isoformat()
    if dice.chance(25):
        found["may_photograph"] = dice.chance(60)
    if dice.chance(4):
        found["house_rules"] = f"https://rules.example.org/{100 + dice.below(900)}"
    return found
