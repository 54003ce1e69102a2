"""Forms that customers were given, and the papers and pictures kept with them."""

import struct
import zlib
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import cache
from hashlib import sha256
from typing import Any, Final

from sqlalchemy import Table

from server.rules.documents import media_type_of
from server.rules.names import name_key
from server.sample.dice import Dice
from server.sample.parts import Part, Row, SampleList, Subject
from server.store.tables import document_pieces, documents, form_templates, forms

Question = dict[str, Any]

_ACCESS: Final[list[Question]] = [
    {"text": "Where is the key?", "required": True},
    {"text": "Is there an alarm?", "type": "yes_no", "required": True},
    {"text": "What should nobody touch?"},
    {"text": "Pets at home", "type": "choice", "options": ["none", "cat", "dog", "others"]},
]
_HEALTH: Final[list[Question]] = [
    {"text": "Are you allergic to anything?", "type": "yes_no", "required": True},
    {"text": "To what?"},
    {"text": "Are you pregnant?", "type": "yes_no"},
    {"text": "Pressure you like", "type": "choice", "options": ["soft", "medium", "firm"]},
    {"text": "Last operation", "type": "date"},
]
_ROOMS: Final[list[Question]] = [
    {"text": "Have you read the rules of the house?", "type": "yes_no", "required": True},
    {"text": "Whom shall we call in an emergency?", "required": True},
]
_KEY_PLACES: Final = (
    "At the branch, on the blue ring",
    "With the neighbour on the left, Mrs Okafor",
    "Key safe behind the meter, code on file at the branch",
    "She is always in on cleaning days",
    "Porter has it until six",
)
_UNTOUCHED: Final = (
    "",
    "",
    "The piano",
    "The desk in the study",
    "Orchids in the bathroom: they get no water",
)
_ALLERGIES: Final = ("Almond oil", "Latex", "Lavender", "Wasps, not that it matters here")
_CALLS: Final = ("My sister, number on file", "My husband", "Nobody nearby; the doctor on file")


def _templates() -> list[Row]:
    made = [
        ("Access to your home", "Before the first clean: keys, alarms, pets.", _ACCESS, "new"),
        ("Spa health check", "Before the first treatment; once a year after.", _HEALTH, ""),
        ("Members' rooms: house rules", "Signed once, before the first visit.", _ROOMS, ""),
    ]
    return [
        {
            "name": name,
            "name_key": name_key(name),
            "description": about,
            "questions": questions,
            "given_to": given_to,
            "active": True,
        }
        for name, about, questions, given_to in made
    ]


FORM_TEMPLATES: Final = SampleList(form_templates, _templates)


def _forms(dice: Dice, subject: Subject) -> Iterable[tuple[Table, Row]]:
    for place, template in enumerate(FORM_TEMPLATES.rows()):
        if not dice.chance((46, 24, 12)[place]):
            continue
        at = subject.moment(dice.fraction() * 0.4)
        filled = dice.chance(71)
        answers = _answers(dice, place) if filled else []
        row = subject.made(dice, at) | {
            "template_id": template["id"],
            "title": template["name"],
            "state": "completed" if filled else "assigned",
            "by_rule": template["given_to"] == "new",
            "assigned_by": "" if template["given_to"] else subject.colleague(dice).name,
            "completed_at": min(at + timedelta(days=1 + dice.below(9)), subject.moment(1))
            if filled
            else None,
            "completed_by": subject.colleague(dice).name if filled and dice.chance(40) else "",
            "questions": template["questions"],
            "answers": [{"question": number, "answer": text} for number, text in answers],
        }
        yield forms, row


def _answers(dice: Dice, place: int) -> list[tuple[int, str]]:
    if place == 0:
        pets = dice.pick(["none", "none", "cat", "dog", "others"])
        given = [dice.pick(_KEY_PLACES), dice.pick(["yes", "no", "no"]), dice.pick(_UNTOUCHED), pets]
    elif place == 1:
        allergic = dice.chance(18)
        pressure = dice.pick(["soft", "medium", "medium", "firm"])
        given = ["yes" if allergic else "no", dice.pick(_ALLERGIES) if allergic else "", "no", pressure]
    else:
        given = ["yes", dice.pick(_CALLS)]
    return [(number, text) for number, text in enumerate(given) if text]


FORMS: Final = Part(name="forms", tables=(forms,), rows=_forms)


def _documents(dice: Dice, subject: Subject) -> Iterable[tuple[Table, Row]]:
    name = subject.record["display_name"]
    for made, share in ((_agreement, 22), (_inventory, 9), (_photo, 7)):
        if not dice.chance(share):
            continue
        at = subject.moment(dice.fraction())
        file_name, kind, shown, content = made(dice, name, at)
        row = subject.made(dice, at) | {
            "name": file_name,
            "type": kind,
            "show_to_customer": shown,
            "size": len(content),
            "sha256": sha256(content).hexdigest(),
            "media_type": media_type_of(file_name),
            "state": "stored",
            "received": len(content),
            "uploaded_by": subject.colleague(dice).name,
            "stored_at": at,
        }
        yield documents, row
        yield document_pieces, {"document_id": row["id"], "begins": 0, "content": content}


DOCUMENTS: Final = Part(name="documents", tables=(documents, document_pieces), rows=_documents)

_Made = tuple[str, str, bool, bytes]


def _agreement(dice: Dice, name: str, at: datetime) -> _Made:
    lines = [
        "Service agreement",
        "",
        f"between Riverside and {name},",
        f"made on {at:%d %B %Y}.",
        "",
        f"1  Riverside looks after the home every {dice.pick(['week', 'second week', 'month'])}.",
        "2  Keys are kept in the safe of the branch and handed out against a signature.",
        "3  A visit can be called off up to 24 hours before it, at no cost.",
        "4  Either side may end this agreement with a month's notice, in writing.",
    ]
    return f"agreement {at:%Y-%m-%d}.pdf", "agreement", True, pdf(lines)


def _inventory(dice: Dice, name: str, at: datetime) -> _Made:
    rooms = dice.some(["Kitchen", "Hall", "Living room", "Study", "Bathroom", "Bedroom", "Balcony"], 4)
    things = ["no damage", "scratch on the floor by the window", "lamp missing a shade", "tap drips"]
    lines = [f"Inventory for {name}, {at:%d %B %Y}", "", *(f"{room}: {dice.pick(things)}" for room in rooms)]
    return "inventory.txt", "other", False, ("\n".join(lines) + "\n").encode()


def _photo(dice: Dice, name: str, at: datetime) -> _Made:
    del name
    return f"front door {at:%Y-%m-%d}.png", "photo", False, png(dice)


def pdf(lines: Iterable[str]) -> bytes:
    """Give a page with these lines as a PDF (ISO 32000-1); what Windows-1252 lacks becomes `?`."""
    shown = [line.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)") for line in lines]
    text = "BT /F1 12 Tf 72 770 Td 18 TL " + " ".join(f"({line}) Tj T*" for line in shown) + " ET"
    stream = text.encode("cp1252", errors="replace")
    resources = b"/Resources << /Font << /F1 5 0 R >> >>"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R %s >>" % resources,
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    file, places = bytearray(b"%PDF-1.4\n"), []
    for number, body in enumerate(objects, 1):
        places.append(len(file))
        file += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = len(file)
    file += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    file += b"".join(b"%010d 00000 n \n" % place for place in places)
    file += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, table)
    return bytes(file)


_SIDE: Final = 48
_DOORS: Final = 16
"""So many look different: painting one takes longer than the rest of a customer."""


def png(dice: Dice) -> bytes:
    """Give a picture of a front door as a PNG (ISO/IEC 15948)."""
    return _front_door(dice.below(_DOORS))


@cache
def _front_door(number: int) -> bytes:
    dice = Dice(number)
    door, wall = (tuple(40 + dice.below(180) for _ in range(3)) for _ in range(2))
    lines = bytearray()
    for y in range(_SIDE):
        lines.append(0)
        for x in range(_SIDE):
            in_door = 14 <= x < 34 and y >= 10
            knob = 30 <= x < 32 and 28 <= y < 30
            brick = (y % 6 == 0 or (x + (y // 6 % 2) * 6) % 12 == 0) and not in_door
            colour = (240, 210, 90) if knob else door if in_door else wall
            lines += bytes(
                max(0, part - 40) if brick or (in_door and x in (14, 33)) else part for part in colour
            )
    head = struct.pack(">IIBBBBB", _SIDE, _SIDE, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(bytes(lines), 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in chunks
    )
