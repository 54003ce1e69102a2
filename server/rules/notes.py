"""Notes: who sees them, who wrote them."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement

from client.models import Note
from server.auth.actor import Actor
from server.problems import Refusal
from server.rules import history
from server.rules.work import Rules, Work
from server.store.tables import notes


class NoteRules(Rules[Note]):
    """A note for admins never leaves for others, and neither does its history."""

    def fill(self, work: Work, values: dict[str, Any], parent_id: str) -> None:
        """Name the author."""
        values |= {"author_id": work.actor.id, "author": work.actor.name}

    def check(self, work: Work, old: Note | None, new: Note, given: frozenset[str]) -> Note:
        """Refuse a note for admins by anybody else, with 403."""
        if new.visibility == "admin" and not work.actor.is_admin:
            raise Refusal(403, "Only admins may write notes for admins.")
        return new

    def visible(self, actor: Actor) -> ColumnElement[bool] | None:
        """Keep notes for admins from others."""
        return None if actor.is_admin else notes.c.visibility != "admin"

    def admin_only(self, record: Note) -> bool:
        """Say whether the note is for admins."""
        return record.visibility == "admin"

    def after(self, work: Work, old: Note | None, new: Note | None, row: Mapping[str, Any]) -> None:
        """Hide what the history tells of a note that has become one for admins."""
        if old is not None and new is not None and self.admin_only(new) and not self.admin_only(old):
            history.hide(work, new.id)
