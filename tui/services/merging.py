"""Two records of one person side by side: what differs, what comes along, and what was chosen."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from client.models import Customer, CustomerMerge, CustomerRow, MergePreview
from tui.forms.formats import Formats
from tui.tabs.naming import field_name, value_text

if TYPE_CHECKING:
    from tui.services.desk import Desk

_LISTS: Final = ("phones", "emails", "addresses", "labels", "alerts")
_OBJECTS: Final = ("custom_fields", "extra_contact")
_UNTOLD: Final = ("id", "number", "version", "created_at", "updated_at", "archived_at", "privilege")


@dataclass(frozen=True, slots=True)
class Difference:
    """A field in which both records say something, and not the same."""

    pointer: str
    label: str
    mine: str
    other: str
    values: tuple[Any, Any]
    """Both as JSON: of the record that stays, and of the one that goes."""
    proposed: int
    """Which of them it is where nobody chooses: 0 or 1."""


@dataclass
class Comparison:
    """What a merge of two customers would be, and what was chosen so far."""

    stays: Customer
    goes: Customer
    differences: list[Difference]
    gets: list[tuple[str, str]]
    """What comes along: fields that only the record that goes has, and united lists, each with its value."""
    same: int
    """In how many fields both say the same, or only the record that stays says anything."""
    moves: dict[str, int]
    taken: dict[str, int] = field(default_factory=dict)
    """The side taken for each pointer: 0 of the record that stays, 1 of the one that goes."""

    def take(self, pointer: str, side: int) -> None:
        """Choose the side of a field."""
        self.taken[pointer] = side

    def merge(self) -> CustomerMerge:
        """Give what is sent: only what was chosen otherwise than proposed."""
        values: dict[str, Any] = {}
        for found in self.differences:
            side = self.taken[found.pointer]
            if side != found.proposed:
                *outer, name = found.pointer.split("/")
                inside = values.setdefault(outer[0], {}) if outer else values
                inside[name] = found.values[side]
        return CustomerMerge(from_id=self.goes.id, from_version=self.goes.version, values=values)


def compared(
    stays: Customer, preview: MergePreview, formats: Formats, names: Mapping[str, str], *, lets_in: bool
) -> Comparison:
    """Compare two records, field by field, in the order of the profile.

    `names` says what records are called, by their ids. `lets_in` says whether this person may let a block go;
    others are not asked.
    """

    def told(pointer: str, value: Any) -> str:
        return value_text(Customer, pointer, value, formats, names).replace("\n", " ")

    sides = (stays.to_json(), preview.other.to_json())
    merged = preview.merged.to_json()
    differences: list[Difference] = []
    gets: list[tuple[str, str]] = []
    same = 0
    for pointer in _pointers(*sides):
        mine, other, result = (_at(value, pointer) for value in (*sides, merged))
        label = field_name(Customer, pointer)
        decided = not lets_in and pointer in ("status", "access") and "blocked" in (mine, other)
        if (pointer in _LISTS or decided) and result != mine:
            gets.append((label, told(pointer, result)))
        elif pointer in _LISTS or decided or other in (None, "", mine):
            same += mine is not None
        elif mine in (None, ""):
            gets.append((label, told(pointer, other)))
        else:
            texts = (told(pointer, mine), told(pointer, other))
            differences.append(Difference(pointer, label, *texts, (mine, other), int(result == other)))
    taken = {found.pointer: found.proposed for found in differences}
    return Comparison(stays, preview.other, differences, gets, same, dict(preview.moves), taken)


def _pointers(*sides: dict[str, Any]) -> Iterator[str]:
    """Name the fields of which either says anything."""
    for name in Customer.model_fields:
        if name in _OBJECTS:
            inner = {key: None for side in sides for key in side.get(name, {}) if key != "fields"}
            yield from (f"{name}/{key}" for key in inner)
        elif name not in _UNTOLD and any(name in side for side in sides):
            yield name


def _at(value: Any, pointer: str) -> Any:
    for step in pointer.split("/"):
        value = value.get(step) if isinstance(value, dict) else None
    return value


def moves_in_words(moves: dict[str, int]) -> str:
    """Say what moves along: `notes (12), invoices (3)`; empty where nothing does."""
    words = [f"{path.replace('-', ' ')} ({number})" for path, number in moves.items() if path != "events"]
    return ", ".join(words)


def follow(desk: "Desk", former_id: str, row: CustomerRow) -> None:
    """Let what this machine keeps of a record that was merged be of the customer who is left.

    That is recent and pinned customers, and drafts; a draft is not put in the place of another one.
    """
    desk.recents.follow(former_id, row.to_json())
    desk.customer_gone(former_id)
    desk.flush()
    for draft in desk.drafts.list():
        steps = draft.key.split("/")
        if former_id in steps:
            key = "/".join(row.id if step == former_id else step for step in steps)
            if desk.drafts.load(key) is None:
                desk.drafts.save(replace(draft, key=key))
                desk.drafts.discard(draft.key)
