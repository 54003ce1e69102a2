"""What a save changed, as the customer is told it: what is the customer's to know, in plain words."""

from datetime import date
from typing import Final

from pydantic import BaseModel
from sqlalchemy import select

from client.models import Address, Customer, PhoneNumber
from client.models.kinds import Choice
from client.models.written import kind_of
from server.mail.outbox import put
from server.rules import history
from server.rules.work import Work
from server.store.tables import branches, settings

TOLD: Final = (
    "display_name",
    "given_name",
    "middle_name",
    "family_name",
    "company_name",
    "born_on",
    "gender",
    "language",
    "time_zone",
    "phones",
    "emails",
    "addresses",
    "branch_id",
    "billing_type",
    "status",
    "access",
    "mail_opt_out",
    "email_opt_out",
)
"""The members that a customer is told of. All others stay here, those that are yet to come too: what staff
write for themselves and what only admins see must never leave by being forgotten in a list."""


def tell(work: Work, old: Customer | None, new: Customer) -> None:
    """Queue a summary of what a save changed, where that was wished for and there is anything to tell.

    Whoever has opted out of e-mail gets none, and a server that has no messages sends none.
    """
    if not work.notify or new.email_opt_out or not work.actor.may("messages:write"):
        return
    lines = summary(work, old, new)
    if not lines:
        return
    business = _office(work, "business") or "us"
    did = "have been changed" if old is not None else "have been entered"
    subject = f"Your details at {business} {did}"
    body = "\n".join(
        [
            f"Dear {new.display_name},",
            "",
            f"your details at {business} {did}:",
            "",
            *lines,
            "",
            "If something is not right, please answer this e-mail.",
            "",
            business,
        ]
    )
    if put(work, new, "changes", subject, body):
        work.applied.append("notify=customer")


def summary(work: Work, old: Customer | None, new: Customer) -> list[str]:
    """Give a line for each member that changed and is the customer's to know."""
    before = old.to_json() if old is not None else {}
    changed = {change["field"].split("/")[1] for change in history.differences(before, new.to_json())}
    found: list[str] = []
    for name in TOLD:
        if name not in changed:
            continue
        was, now = (_words(work, record, name) for record in (old, new))
        if was != now:
            title = Customer.model_fields[name].title or name
            found.append(f"  {title}: {now or 'removed'}" + (f" (until now: {was})" if was else ""))
    return found


def _words(work: Work, record: Customer | None, name: str) -> str:
    """Give a member as people read it, empty where it holds nothing."""
    value = getattr(record, name, None)
    if value in (None, "", []):
        return ""
    if isinstance(value, list):
        return "; ".join(_part(part) for part in value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return f"{value.day} {value:%B} {value.year}"
    if name == "branch_id":
        return work.connection.execute(select(branches.c.name).where(branches.c.id == value)).scalar() or ""
    kind = kind_of(Customer.model_fields[name])
    return str(value).replace("_", " ") if isinstance(kind, Choice) else str(value)


def _part(part: BaseModel) -> str:
    match part:
        case PhoneNumber():
            return _phone(part)
        case Address():
            place = f"{part.postal_code} {part.city}".strip()
            return ", ".join(filter(None, (part.line1, part.line2, place, part.region, part.country)))
        case _:
            return str(getattr(part, "address", ""))


def _phone(phone: PhoneNumber) -> str:
    """Give a number in its international form (E.123)."""
    # Its numbering plans take a while to load, and few requests need them.
    from phonenumbers import NumberParseException, PhoneNumberFormat, format_number, parse

    try:
        number = format_number(parse(phone.number), PhoneNumberFormat.INTERNATIONAL)
    except NumberParseException:
        number = phone.number
    return f"{number} ext. {phone.extension}" if phone.extension else number


def _office(work: Work, name: str) -> str:
    found = work.connection.execute(select(settings.c.value).where(settings.c.name == name)).scalar()
    return found or ""
