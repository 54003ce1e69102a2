"""What the business does, and what some of its customers do not want done."""

from collections.abc import Iterable
from typing import Any, Final

from sqlalchemy import Table

from server.sample.dice import Dice
from server.sample.parts import Part, Row, SampleList, Subject
from server.store.tables import disliked_services, services

_OFFERED: Final[tuple[tuple[str, str, int | None], ...]] = (
    ("Regular clean", "Every room, floors and surfaces; linen if it is laid out", 120),
    ("Deep clean", "Behind and beneath everything, oven and fridge inside", 300),
    ("End of tenancy clean", "Empty flat, to the landlord's list, with photographs", 360),
    ("Window cleaning", "Inside and out up to the third floor", 90),
    ("Carpet and upholstery", "Hot water extraction; dry after six hours", 150),
    ("Ironing at home", "Steam iron comes along", 60),
    ("Laundry collection", "Collected, washed, folded and back in two days", 15),
    ("Key holding visit", "A look round, post, plants, and a note of what was seen", 30),
    ("Flat check between guests", "Linen changed, counted, photographed", 75),
    ("Swedish massage", "Whole body, medium pressure", 60),
    ("Hot stone massage", "Basalt stones, no oil on request", 75),
    ("Aromatherapy massage", "Essential oils; ask about skin and asthma", 60),
    ("Facial", "Cleanse, mask and massage of the face", 50),
    ("Manicure", "With or without varnish", 40),
    ("Steam room", "By the hour, up to four people", 60),
    ("Members' room", "Half a day in the quiet room by the river", 240),
    ("Duct cleaning", "Given up when the contractor closed", None),
)
_GIVEN_UP: Final = "Duct cleaning"

SERVICES: Final = SampleList(
    services,
    lambda: [
        {"name": name, "description": about, "duration_minutes": minutes, "active": name != _GIVEN_UP}
        for name, about, minutes in _OFFERED
    ],
)

_WHY: Final[dict[str, tuple[str, ...]]] = {
    "Aromatherapy massage": (
        "The lavender gives her a headache for two days. Swedish is fine.",
        "Asthma: no essential oils near this customer at all.",
        "Came out in a rash after the second visit; do not offer it again.",
    ),
    "Hot stone massage": (
        "Found it much too hot and did not say so until afterwards.",
        "Thin skin, bruises.",
    ),
    "Swedish massage": ("Too firm, even when asked to go gently. Prefers the stones.",),
    "Facial": (
        "Allergic to something in the mask; we never found out what.",
        "Hates having the face touched.",
    ),
    "Steam room": ("Heart condition, doctor's orders.", "Felt faint in there in the spring."),
    "Manicure": ("Acetone smell makes her ill.",),
    "Carpet and upholstery": (
        "The rug in the study shrank. Paid for, but never again in that flat.",
        "Old silk carpets: dry brushing only, no water.",
    ),
    "Deep clean": ("Things were moved and not put back. Regular clean only, please.",),
    "Window cleaning": ("Has a man who comes every month and is offended by anyone else.",),
    "Ironing at home": ("Scorched a shirt in 2024. Sends everything to the laundry since.",),
    "Laundry collection": ("Machine at home; collection was booked by mistake twice.", ""),
    "Key holding visit": ("Does not want anybody in while away, whatever the partner says.",),
}


def _disliked(dice: Dice, subject: Subject) -> Iterable[tuple[Table, dict[str, Any]]]:
    """Give nothing for most, one service for some, and a few for the very particular."""
    if not dice.chance(9):
        return
    names = dice.some(list(_WHY), 3 if dice.chance(8) else 2 if dice.chance(18) else 1)
    for service in SERVICES.rows():
        if service["name"] in names:
            at = subject.moment(0.15 + dice.fraction() * 0.85)
            said: Row = {"service_id": service["id"], "comment": dice.pick(_WHY[service["name"]])}
            yield disliked_services, subject.made(dice, at) | said


DISLIKED: Final = Part(name="disliked services", tables=(disliked_services,), rows=_disliked)
