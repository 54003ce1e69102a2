"""What subcommands share that do what the screens do: the server, the customer meant, the errors."""

import argparse
import asyncio
import os
import sys
from collections.abc import Awaitable, Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

from client import errors
from tui.cli import exit_codes
from tui.cli.sessions import add_session, asked_session, exit_code, session_store

if TYPE_CHECKING:
    from client.api import CustomerApi
    from client.models import CustomerRow, CustomerSearch
    from client.session import SessionStore
    from tui.forms.formats import Formats

_FOUND_AT_ONCE = 20


class NotOne(Exception):
    """A customer was named in a way that fits none or several; `code` says which."""

    def __init__(self, code: int, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence


def add_customer(parser: argparse.ArgumentParser, *, several: bool = False) -> None:
    """Take a customer as an argument; with `several`, any number, and `-` for those on standard input."""
    about = "a number, an id, a phone number, an e-mail address or words that fit nobody else"
    if several:
        parser.add_argument(
            "customers",
            metavar="CUSTOMER",
            nargs="+",
            help=f"{about}; - reads one a line from standard input",
        )
    else:
        parser.add_argument("customer", metavar="CUSTOMER", help=about)
    add_session(parser)


def with_api(arguments: argparse.Namespace, work: "Callable[[CustomerApi], Awaitable[int]]") -> int:
    """Do `work` as the signed-in person. Whatever fails is a sentence on stderr and an exit code."""
    try:
        return asyncio.run(_signed_in(arguments, work))
    except NotOne as not_one:
        say(not_one.sentence)
        return not_one.code
    except errors.CustomerApiError as error:
        say(error.sentence)
        for field in error.errors if len(error.errors) > 1 else ():
            say(f"  {field.pointer.strip('/') or 'request'}: {field.detail}")
        return exit_code(error)
    except BrokenPipeError:
        # Whoever reads has seen enough, as with `| head`.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return exit_codes.OK


async def _signed_in(arguments: argparse.Namespace, work: "Callable[[CustomerApi], Awaitable[int]]") -> int:
    from client.auth.sign_in import open_api
    from client.transport import LinkSettings

    store = session_store()
    found = asked_session(store, arguments)
    session = store.load(found.name) if found is not None and found.signed_in else None
    if session is None:
        raise NotOne(exit_codes.SIGNED_OUT, _nobody(store))
    async with open_api(store, session, LinkSettings.of(session.server, os.environ)) as api:
        return await work(api)


def _nobody(store: "SessionStore") -> str:
    demo = next((one for one in store.sessions() if one.demo and one.signed_in), None)
    if demo is not None:
        return f"Only a demo is signed in to, and a demo is for who names it: --server {demo.server}"
    return "Nobody is signed in. Sign in first: keeptabs login SERVER."


def refuse_to_write(arguments: argparse.Namespace) -> None:
    """Raise NotOne where nothing may be written: asked for by `--read-only` or configured."""
    from tui.services.config import configured

    if arguments.read_only or configured(arguments.profile or "").config.read_only:
        raise NotOne(exit_codes.FORBIDDEN, "Keeptabs is told to write nothing here (read-only).")


async def one_customer(api: "CustomerApi", wanted: str) -> str:
    """Give the id of the customer that is meant. Raises NotOne."""
    from client.models import CustomerSearch

    wanted = wanted.strip()
    if not wanted:
        raise NotOne(exit_codes.USAGE, "Say which customer.")
    if len(wanted) == 36 and wanted.count("-") == 4:
        return wanted
    search = CustomerSearch(q=wanted, archived="any", limit=_FOUND_AT_ONCE)
    rows = (await api.customers.search(search)).value.items
    exact = [row for row in rows if str(row.number) == wanted] or [
        row for row in rows if wanted.casefold() in (row.email.casefold(), row.display_name.casefold())
    ]
    if len(rows) > 1 and not exact and wanted.isdecimal() and await _had(api, rows[0], wanted):
        exact = [rows[0]]
    if len(exact or rows) == 1:
        return (exact or rows)[0].id
    if not rows:
        raise NotOne(exit_codes.NOT_FOUND, f"No customer fits {wanted!r}.")
    listed = "\n".join(_brief(row) for row in rows)
    raise NotOne(exit_codes.SEVERAL, f"Several customers fit {wanted!r}; say which, by number:\n{listed}")


async def _had(api: "CustomerApi", row: "CustomerRow", number: str) -> bool:
    """Say whether a record with this number was merged into a customer: then the number means that one."""
    async for event in api.events(row.id, "/merged/number").each():
        if any(change.field == "/merged/number" and str(change.new) == number for change in event.changes):
            return True
    return False


def _brief(row: "CustomerRow") -> str:
    return "  ".join(part for part in (f"{row.number:>6}", row.display_name, row.phone, row.city) if part)


def search_for(**asked: Any) -> "CustomerSearch":
    """Give a search out of what options say. Raises NotOne, before anybody is asked."""
    from pydantic import ValidationError

    from client.models import CustomerSearch
    from client.models.written import new_model

    try:
        checked = new_model(CustomerSearch)(**asked)
    except ValidationError as error:
        first = error.errors()[0]
        sentence = f"--{first['loc'][0]}: {first['msg']}"
        raise NotOne(exit_codes.USAGE, sentence) from None
    return CustomerSearch.model_construct(**checked.__dict__)


def check_fields(arguments: argparse.Namespace, known: Iterable[str]) -> None:
    """Raise NotOne where `--fields` names what is not there."""
    there = list(known)
    for name in parts_of(arguments.fields):
        if name not in there:
            raise NotOne(exit_codes.USAGE, f"--fields: there is no {name!r}. There are: {', '.join(there)}.")


def parts_of(text: str) -> list[str]:
    """Give the words between commas."""
    return [part.strip() for part in text.split(",") if part.strip()]


def from_input(words: list[str]) -> Iterator[str]:
    """Give the words; for `-`, the lines of standard input."""
    for word in words:
        if word == "-":
            yield from (line.strip() for line in sys.stdin if line.strip())
        else:
            yield word


def text_of(words: list[str]) -> str:
    """Give a text from the arguments, or from standard input where they are `-` or missing."""
    return sys.stdin.read().strip() if words in ([], ["-"]) else " ".join(words)


async def formats_of(api: "CustomerApi") -> "Formats":
    """Give how dates, numbers and phones are written: by the environment, else by the business."""
    from tui.forms.formats import Formats

    return Formats.of((await api.service()).value, os.environ)


def say(sentence: str) -> None:
    """Tell a person something: never what a script reads."""
    print(sentence, file=sys.stderr)  # noqa: T201 - the command line speaks on stderr
