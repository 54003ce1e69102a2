"""A report while it is put together: its conditions, what is saved of it, and the draft on disk."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pydantic import ValidationError

from client.models import Condition, Report

if TYPE_CHECKING:
    from tui.services.desk import Desk


class DraftReport:
    """Conditions that are being put together, from nothing or from a saved report."""

    def __init__(self, desk: "Desk", saved: Report | None = None) -> None:
        self._desk = desk
        self.saved = saved
        self.conditions: tuple[Condition, ...] = tuple(saved.conditions) if saved else ()
        self.from_draft = self._load()
        """Whether it begins with what was left unsaved before."""

    @property
    def key(self) -> str:
        """Name its draft."""
        return f"reports/{self.saved.id if self.saved else 'new'}"

    @property
    def is_dirty(self) -> bool:
        """Whether the conditions differ from what is saved."""
        return list(self.conditions) != (self.saved.conditions if self.saved else [])

    def put(self, place: int | None, condition: Condition) -> int:
        """Add a condition, or put it in the place of another; gives where it stands."""
        there = list(self.conditions)
        if place is None:
            there.append(condition)
        else:
            there[place] = condition
        self._take(there)
        return len(there) - 1 if place is None else place

    def remove(self, place: int) -> None:
        """Take a condition out."""
        self._take([*self.conditions[:place], *self.conditions[place + 1 :]])

    def start_over(self) -> None:
        """Forget what is not saved."""
        self._take(self.saved.conditions if self.saved else [])

    def settle(self, saved: Report) -> None:
        """Take what was saved; its draft is no longer needed."""
        self._desk.draft_saver.discard(self.key)
        self.saved = saved
        self._take(saved.conditions)

    def to_json(self) -> list[dict[str, object]]:
        """Give the conditions as they travel."""
        return [condition.to_json() for condition in self.conditions]

    def _take(self, conditions: Sequence[Condition]) -> None:
        from client.drafts import Draft

        self.conditions = tuple(conditions)
        if not self.is_dirty:
            self._desk.draft_saver.discard(self.key)
            return
        title = self.saved.name if self.saved else "a new report"
        patch = {"conditions": self.to_json()}
        self._desk.draft_saver.keep(Draft(key=self.key, title=title, patch=patch))

    def _load(self) -> bool:
        draft = self._desk.drafts.load(self.key)
        if draft is None:
            return False
        try:
            kept = [Condition.model_validate(one) for one in draft.patch.get("conditions", ())]
        except (ValidationError, TypeError):
            return False
        self.conditions = tuple(kept)
        return self.is_dirty
