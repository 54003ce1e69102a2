"""Parts of a customer of which there may be several: each has an id, and exactly one is primary."""

import secrets
from collections.abc import Sequence
from typing import TypeVar

from client.models import Address, Alert, Email, ExtraField, PhoneNumber
from server.problems import Fault

N = TypeVar("N", Email, PhoneNumber, Address, Alert, ExtraField)
P = TypeVar("P", Email, PhoneNumber, Address)


def with_ids(parts: Sequence[N]) -> list[N]:
    """Give every part an id of its own; one that is there twice is kept by the first."""
    used: set[str] = set()
    result: list[N] = []
    for part in parts:
        name = part.id
        while not name or name in used:
            # Unique within one customer is enough, and short travels better.
            name = secrets.token_hex(3)
        used.add(name)
        result.append(part if name == part.id else part.model_copy(update={"id": name}))
    return result


def with_one_primary(parts: Sequence[P]) -> list[P]:
    """Make the first part the primary one where none is."""
    if not parts or any(part.is_primary for part in parts):
        return list(parts)
    return [
        part if place else part.model_copy(update={"is_primary": True}) for place, part in enumerate(parts)
    ]


def several_primaries(pointer: str, parts: Sequence[P]) -> list[Fault]:
    """Name every primary part after the first one."""
    places = [place for place, part in enumerate(parts) if part.is_primary]
    sentence = "Only one can be the primary one."
    return [Fault(f"{pointer}/{place}/is_primary", "several_primaries", sentence) for place in places[1:]]
