"""E-mails that customers were sent, and their accounts in the portal. Nothing of it was ever really sent."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Final

from server.portal.links import GOOD_FOR, LINK_HERE
from server.rules.names import name_key
from server.sample.dice import Dice
from server.sample.files import read
from server.sample.parts import Part, Subject
from server.store import tables

_NO_PASSWORD: Final = "!"  # noqa: S105 - what no password has as its hash: set, and nobody can sign in with it


@cache
def _texts() -> dict[str, Any]:
    return read("messages")


def _messages(dice: Dice, subject: Subject) -> Iterator[tuple[Any, dict[str, Any]]]:
    address = _address(subject)
    if not address or dice.chance(62):
        return
    texts = _texts()
    for _ in range(1 + dice.rank(5)):
        at = subject.moment(dice.fraction())
        text = dice.pick(texts["written"])
        yield tables.messages, _message(dice, subject, at, "message", _filled(subject, text))
    if dice.chance(25):
        at = subject.moment(dice.fraction())
        line = dice.pick(texts["changed"])["line"]
        body = f"your details have been changed:\n\n  {line}\n\nIf something is not right, please answer."
        told = {"subject": "Your details have been changed", "body": f"Dear {{given}},\n\n{body}"}
        yield tables.messages, _message(dice, subject, at, "changes", _filled(subject, told))


def _account(dice: Dice, subject: Subject) -> Iterator[tuple[Any, dict[str, Any]]]:
    address = _address(subject)
    if not address or not address.isascii() or dice.chance(55):
        return
    # With the number: families share addresses, and logins are unique.
    login = f"{address.partition('@')[0]}.{subject.record['number']}"
    made = subject.moment(0.7 * dice.fraction())
    row = subject.made(dice, made) | {"login": login[:254], "login_key": name_key(login)}
    asked = {
        "subject": "Your account at {branch}",
        "body": "Dear {given},\n\nwith this link you confirm your account and choose a password:\n\n"
        f"{LINK_HERE}\n\nYour login is {login}. The link is good once, for {GOOD_FOR.days} days.",
    }
    yield tables.messages, _message(dice, subject, made, "confirmation", _filled(subject, asked))
    if dice.chance(70):
        confirmed = made + timedelta(minutes=20 + dice.below(2000))
        row |= {"confirmed_at": confirmed, "password_set_at": confirmed, "password_hash": _NO_PASSWORD}
        row |= {"version": 2, "updated_at": confirmed}
        if dice.chance(80) and subject.record["status"] != "blocked":
            row["last_sign_in_at"] = max(confirmed, subject.moment(0.7 + 0.3 * dice.fraction()))
    yield tables.portal_accounts, row


def _message(dice: Dice, subject: Subject, at: datetime, kind: str, text: dict[str, str]) -> dict[str, Any]:
    author = subject.colleague(dice)
    row = subject.made(dice, at) | {"kind": kind, "to": _address(subject), "sender": author.email}
    row |= {"author_id": author.id, "author": author.name, "attempts": 1, "version": 3}
    row |= {name: words.replace("{me}", author.name.split()[0]) for name, words in text.items()}
    if dice.chance(4):
        return row | {"state": "failed", "error": dice.pick(_texts()["refused"])["sentence"]}
    return row | {"state": "sent", "sent_at": at + timedelta(seconds=2)}


def _filled(subject: Subject, text: dict[str, str]) -> dict[str, str]:
    record = subject.record
    number = record["phones"][0]["number"] if record.get("phones") else "-"
    known = {
        "given": record.get("given_name") or record["display_name"],
        "branch": subject.branch["name"],
        "phone": subject.branch.get("phone", ""),
        "number": number,
        "email": _address(subject),
    }
    words = {"subject": text["subject"], "body": text["body"].strip()}
    for name, value in known.items():
        words = {part: said.replace(f"{{{name}}}", str(value)) for part, said in words.items()}
    return words


def _address(subject: Subject) -> str:
    emails = subject.record.get("emails", [])
    return str(next((email["address"] for email in emails if email.get("is_primary")), ""))


MESSAGES: Final = Part(name="messages", tables=(tables.messages,), rows=_messages)
ACCOUNTS: Final = Part(
    name="portal accounts", tables=(tables.messages, tables.portal_accounts), rows=_account
)
