"""Staff accounts: unique sign-in names, always an admin, and an end to the sessions of who is shut out."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from client.models import Staff
from server.auth.tokens import revoke_sessions_of
from server.problems import Fault, Refusal
from server.rules.admins import is_last_admin
from server.rules.privilege import tell_customer
from server.rules.work import Rules, Work
from server.store.tables import staff


class StaffRules(Rules[Staff]):
    """The rules of staff accounts."""

    def __init__(self, *, tells_customer: bool = True) -> None:
        """Take whether the customer who a person is too hears of changes."""
        self._tells_customer = tells_customer

    def check(self, work: Work, old: Staff | None, new: Staff, given: frozenset[str]) -> Staff:
        """Refuse a sign-in name that is taken, and the loss of the last admin; both with 409."""
        if old is None:
            statement = select(staff.c.id).where(staff.c.login == new.login)
            if work.connection.execute(statement).first() is not None:
                sentence = f"There is already an account {new.login!r}."
                raise Refusal(409, sentence, "name_taken", [Fault("/login", "name_taken", sentence)])
        elif _is_admin(old) and not _is_admin(new):
            _refuse_last_admin(work, old)
        return new

    def after(self, work: Work, old: Staff | None, new: Staff | None, row: Mapping[str, Any]) -> None:
        """End the sessions of an account that is disabled, and tell the customer whose it is."""
        if new is not None and new.disabled and old is not None and not old.disabled:
            revoke_sessions_of(work.connection, new.id, work.now)
        if self._tells_customer and old is not None and new is not None:
            tell_customer(work, old, new)


def _is_admin(account: Staff) -> bool:
    return account.role == "admin" and not account.disabled


def _refuse_last_admin(work: Work, account: Staff) -> None:
    if is_last_admin(work.connection, account.id):
        sentence = "This is the last admin. Make somebody else an admin first."
        raise Refusal(409, sentence, "last_admin")
