"""What stands in a form: what is saved, what was typed over it, what is wrong with it. No widgets."""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from typing import Any

from pydantic import BaseModel

from client.models.kinds import Refused
from client.patches import patch_between, same
from tui.forms import values
from tui.forms.fields import Control, FormField, fields_of, lasting
from tui.forms.formats import Formats
from tui.forms.items import lean, with_ids, with_one_primary
from tui.forms.members import field_at, member, unknown_of, with_member


class FormState:
    """The fields of one record while a person changes them.

    Values are JSON, as they travel. Text that cannot be read as a value is kept beside the last value that
    could, so nothing typed is ever lost.
    """

    def __init__(
        self,
        model: type[BaseModel],
        base: Mapping[str, Any],
        formats: Formats,
        *,
        new: bool = False,
        read_only: bool = False,
        several: str = "",
        names: Mapping[str, Mapping[str, str]] | None = None,
    ) -> None:
        """Start from `base`, the record as JSON; for a `new` one, what is known of it already.

        `several` names a field into which several values may be pasted, which makes as many records.
        `names` are those of referenced records, by collection and id.
        """
        self.model = model
        self.base: dict[str, Any] = dict(base)
        self.formats = formats
        self.new = new
        self.read_only = read_only
        self.several = several
        self.names = {name: dict(known) for name, known in (names or {}).items()}
        self.fields: Mapping[str, FormField] = fields_of(model)
        self.item_drafts: dict[str, dict[str, Any]] = {}
        """Drafts of items whose form was left without accepting, by `field/id` or `field/` for a new one."""
        self.touched = False
        """Whether missing values are to be shown as errors: set when the form was once submitted."""
        self._values: dict[str, Any] = {}
        self._unknown: Mapping[str, Any] = {}  # of a draft: fields that are yet to be made known
        self._typed: dict[str, str] = {}
        self._problems: dict[str, str] = {}
        self._refused: dict[str, str] = {}
        self._before: dict[str, list[Any]] = {}

    def get(self, name: str) -> Any:
        """Give the JSON value of a field: the one typed, else the saved one, else the initial one."""
        if name in self._values:
            return self._values[name]
        return self.saved(name)

    def saved(self, name: str) -> Any:
        """Give the saved JSON value of a field, else the initial one."""
        return member(self.base, name, self.fields[name].initial)

    def know(self, fields: Mapping[str, FormField]) -> None:
        """Take further fields, named by their paths: those of an object, or ones that a server defines."""
        self.fields = {**self.fields, **fields}
        self.from_draft(self._unknown)
        self._unknown = {}

    def shown(self, name: str) -> str:
        """Give the value as people read it; text that could not be read stands as it was typed."""
        if name in self._typed:
            typed = self._typed[name]
            return values.masked(typed) if self.fields[name].secret else typed
        return values.shown(self.fields[name], self.get(name), self.formats, self.names)

    def text(self, name: str) -> str:
        """Give the text to edit."""
        if name in self._typed:
            return self._typed[name]
        return values.to_edit(self.fields[name], self.get(name), self.formats)

    def hint(self, name: str) -> str:
        """Give one line of help for a field."""
        return values.hint(self.fields[name], self.formats)

    def can_edit(self, name: str) -> bool:
        """Say whether the field can be changed here."""
        field = self.fields[name]
        return not (self.read_only or field.read_only or (field.create_only and not self.new))

    def error(self, name: str) -> str:
        """Give the sentence that stands at a field, or an empty string."""
        found = self._problems.get(name) or self._refused.get(name, "")
        if not found and self.touched and self._missing(name):
            return "This cannot be empty."
        return found

    def item_error(self, name: str, index: int) -> str:
        """Give the sentence that stands at an item of a list, or an empty string."""
        return self._refused.get(f"{name}/{index}", "")

    def dirty(self, name: str) -> bool:
        """Say whether the field differs from what is saved."""
        return name in self._typed or name in self._values or any(self._drafts_of(name))

    @property
    def is_dirty(self) -> bool:
        """Whether anything typed is not saved."""
        return bool(self._values or self._typed or self.item_drafts or self._unknown)

    @property
    def errors(self) -> dict[str, str]:
        """What is wrong, by field name; for an item `field/index`."""
        missing = {name: "This cannot be empty." for name in self.fields if self._missing(name)}
        return missing | self._refused | self._problems

    @property
    def value(self) -> dict[str, Any]:
        """The whole record as JSON: the saved members with what was typed over them, defaults left out.

        For a new record, what is sent to create it.
        """
        record = dict(self.base)
        for name, value in self._values.items():
            record = with_member(record, name, self._bare(name, value) if "/" in name else value)
        return lean(self.model, record)

    @property
    def all_values(self) -> list[dict[str, Any]]:
        """The records that were typed: more than one only where several values were pasted."""
        if self.several not in self._typed:
            return [self.value]
        return [
            lean(self.model, self.value | {self.several: each})
            for each in self._read(self.several, self._typed[self.several])
        ]

    @property
    def changed(self) -> dict[str, Any]:
        """The members that differ from the saved ones, as a merge patch (RFC 7396): None where removed."""
        return patch_between(lean(self.model, self.base), self.value)

    def type(self, name: str, text: str) -> None:
        """Take what is typed into a field, whether it can be read or not."""
        field = self.fields[name]
        self._forget(name)
        known = name in self.base or not self.new
        if known and text == values.to_edit(field, self.saved(name), self.formats):
            self._values.pop(name, None)
            return
        try:
            read = self._read(name, text)
        except Refused as refused:
            self._typed[name] = text
            self._problems[name] = refused.sentence
            return
        if len(read) > 1:
            self._typed[name] = text
        self._put(name, read[0])

    def set(self, name: str, value: Any) -> None:
        """Take a value that was picked."""
        self._forget(name)
        self._put(name, value)

    def revert(self, name: str) -> None:
        """Bring the saved value back."""
        self._forget(name)
        self._values.pop(name, None)
        self._before.pop(name, None)
        for key in list(self._drafts_of(name)):
            del self.item_drafts[key]

    def refuse(self, pointer: str, sentence: str) -> bool:
        """Put a server's refusal at the field a JSON Pointer names; say whether there is such a field."""
        name, rest = field_at(self.fields, pointer)
        if not name:
            return False
        key = f"{name}/{rest[0]}" if rest and rest[0].isdigit() else name
        self._refused[key] = sentence
        return True

    def rebase(self, base: Mapping[str, Any], saved: Mapping[str, Any] | None = None) -> None:
        """Take a newer state from the server; what was typed stays, what is the same now is no change.

        `saved` is the `value` that was sent, where this is the answer to a save: what was typed since stays.
        """
        self.base = dict(base)
        self._refused.clear()
        self._before.clear()
        for name, mine in list(self._values.items()):
            if saved is not None and same(self._bare(name, mine), member(saved, name)):
                del self._values[name]
                continue
            if self.fields[name].control is Control.ITEMS:
                mine = with_ids(mine, self.saved(name))
            self._put(name, mine)

    def items(self, name: str) -> Sequence[dict[str, Any]]:
        """Give the items of a list field."""
        found = self.get(name)
        return found if isinstance(found, list) else []

    def add(self, name: str, item: Mapping[str, Any]) -> int:
        """Add an item; the first one becomes the primary one. Gives its place."""
        items = [*self.items(name), dict(item)]
        self._set_items(name, items, primary=len(items) - 1 if item.get("is_primary") else None)
        return len(items) - 1

    def replace(self, name: str, index: int, item: Mapping[str, Any]) -> None:
        """Put another item in the place of one."""
        items = [*self.items(name)]
        items[index] = dict(item)
        self._set_items(name, items, primary=index if item.get("is_primary") else None)

    def remove(self, name: str, index: int) -> None:
        """Take an item away; where it was the primary one, the first that stays becomes it."""
        items = [*self.items(name)]
        del items[index]
        self._set_items(name, items)

    def make_primary(self, name: str, index: int) -> None:
        """Make an item the primary one."""
        self._set_items(name, [*self.items(name)], primary=index)

    def can_undo(self, name: str) -> bool:
        """Say whether a change of this list can be taken back."""
        return bool(self._before.get(name)) or name in self._values

    def undo(self, name: str) -> None:
        """Take the last change of a list back; where none is remembered, all of them."""
        if before := self._before.get(name):
            self._forget(name)
            self._put(name, before.pop())
        else:
            self.revert(name)

    def to_draft(self) -> dict[str, Any]:
        """Give all that is typed and not saved, as JSON; `from` are the saved values that it began with."""
        return {
            "values": deepcopy({**self._unknown.get("values", {}), **lasting(self.fields, self._values)}),
            "typed": {**self._unknown.get("typed", {}), **lasting(self.fields, self._typed)},
            "items": deepcopy(self.item_drafts),
            "from": {
                name: deepcopy(value)
                for name, value in self.base.items()
                if name in {changed.partition("/")[0] for changed in self._values | self._typed}
            },
        }

    def from_draft(self, draft: Mapping[str, Any]) -> None:
        """Take up a draft where it was left; of fields that are not known it waits for `know`."""
        self._unknown = unknown_of(draft, self.fields)
        for name, value in draft.get("values", {}).items():
            if name in self.fields and self.can_edit(name):
                self._put(name, value)
        for name, text in draft.get("typed", {}).items():
            if name in self.fields and self.can_edit(name):
                self.type(name, text)
        self.item_drafts.update(draft.get("items", {}))

    def _put(self, name: str, value: Any) -> None:
        if same(self._bare(name, value), self._bare(name, self.saved(name))):
            self._values.pop(name, None)
        else:
            self._values[name] = value

    def _set_items(self, name: str, items: list[dict[str, Any]], primary: int | None = None) -> None:
        model = self.fields[name].item_model or self.model
        self._before.setdefault(name, []).append(self.get(name))
        self._forget(name)
        self._put(name, [lean(model, item) for item in with_one_primary(model, items, primary)])

    def _bare(self, name: str, value: Any) -> Any:
        """Give a value, None where it is the same when it is left out."""
        left_out = self.fields[name].left_out
        return None if left_out is not None and same(value, left_out) else value

    def _forget(self, name: str) -> None:
        self._typed.pop(name, None)
        self._problems.pop(name, None)
        for key in [key for key in self._refused if field_at(self.fields, key)[0] == name]:
            del self._refused[key]

    def _missing(self, name: str) -> bool:
        empty = self.get(name) in ("", None, []) and name not in self._typed
        return self.fields[name].required and empty and self.can_edit(name)

    def _drafts_of(self, name: str) -> Sequence[str]:
        return [key for key in self.item_drafts if key.rpartition("/")[0] == name]

    def _read(self, name: str, text: str) -> list[Any]:
        return values.read_each(self.fields[name], text, self.formats, several=name == self.several)
