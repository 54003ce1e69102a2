"""A whole profile of hostile text: every text in the database replaced, every tab and every record opened."""

from pathlib import Path
from typing import Any, Final

import pytest
from sqlalchemy import JSON, Connection, String, Table, create_engine, select, update
from textual.screen import Screen
from textual.widgets import Input, TextArea

from client.text import harmful
from server.store.tables import metadata
from tests.fixtures import Template
from tests.live import live
from tests.tui.desks import Person, at_desk

HOSTILE: Final = (
    "\x1b]52;c;Zm9v\x07\x1b[2J\x9b31m\u202egnirts\u2066\u200b[/][bold]{}%s\r\n\x85\u2028"
    "a" + "\u0301" * 40 + "\U000e0041\U0001f468\u200d\U0001f469\u200d\U0001f466 契" + "x" * 120
)
_LEADS: Final = frozenset(
    {
        "id",
        "number",
        "version",
        "currency",
        "amount",
        "key",
        "code",
        "sha256",
        "hash",
        "field",
        "percent",
        "quantity",
        "position",
        "question",
    }
)
"""What leads to a record, counts, or is a day in the form of a text: others test those."""
_WORDS: Final = frozenset(
    {
        "type",
        "state",
        "kind",
        "status",
        "access",
        "every",
        "purpose",
        "channel",
        "source",
        "paid_by",
        "said_by",
        "severity",
        "visibility",
        "unit",
        "brand",
        "gender",
        "language",
        "time_zone",
        "country",
        "region",
        "referral_method",
        "billing_type",
        "color",
        "last4",
        "media_type",
        "at_cap",
    }
)
"""Words of lists that may grow: some of them decide what is drawn."""
_UNTOUCHED: Final = ("staff", "sessions", "tokens", "settings", "secrets", "counters", "tax_rates")
_MOST: Final = ("bookings", "invoices", "tickets", "documents", "memberships", "messages", "notes", "forms")


def _spoiled(name: str, value: Any, kept: frozenset[str]) -> Any:
    if name in kept or name.endswith(("_id", "_on", "_at", "_key")):
        return value
    if isinstance(value, str):
        return HOSTILE if value else value
    if isinstance(value, list):
        return [_spoiled(name, part, kept) for part in value]
    if isinstance(value, dict):
        return {member: _spoiled(member, part, kept) for member, part in value.items()}
    return value


def _spoil(url: str, kept: frozenset[str]) -> str:
    """Replace every text of every table, and give the customer of whom there is most."""
    engine = create_engine(url)
    counts: dict[str, int] = {}
    with engine.begin() as connection:
        for table in metadata.sorted_tables:
            if table.name not in _UNTOUCHED and "id" in table.columns:
                _spoil_table(connection, table, kept)
        for name in _MOST:
            owner = metadata.tables[name].c.customer_id
            for customer_id in connection.scalars(select(owner).distinct()):
                counts[customer_id] = counts.get(customer_id, 0) + 1
    engine.dispose()
    return max(counts, key=lambda customer_id: counts[customer_id])


def _spoil_table(connection: Connection, table: Table, kept: frozenset[str]) -> None:
    names = [
        column.name
        for column in table.columns
        if isinstance(column.type, String | JSON) and not column.unique and not column.foreign_keys
    ]
    for row in connection.execute(select(table)).mappings().all():
        values = {name: _spoiled(name, row[name], kept) for name in names}
        # Where two would be the same, the second one stays as it is.
        spoiling = update(table).where(table.c.id == row["id"]).values(**values)
        connection.execute(spoiling.prefix_with("OR IGNORE"))


def _harmless(person: Person) -> None:
    found = {sign for line in person.screen.split("\n") if (sign := harmful(line)) is not None}
    assert not found, person.screen
    assert person.app.is_running


async def _back(person: Person, profile: Screen[Any]) -> None:
    """Leave whatever was opened, but not the profile."""
    for _ in range(6):
        if person.app.screen is profile and not isinstance(person.app.focused, Input | TextArea):
            return
        await person.press("escape")
        await person.pilot.pause(0.05)
        _harmless(person)
    raise AssertionError(person.screen)


@pytest.mark.timeout(120)
@pytest.mark.parametrize(
    ("kept", "rows"), [(_LEADS | _WORDS, 2), (_LEADS, 1)], ids=["texts", "words of lists too"]
)
async def test_no_tab_of_hostile_text_breaks_or_commands_anything(
    sqlite_template: Template, tmp_path: Path, kept: frozenset[str], rows: int
) -> None:
    url = sqlite_template.copy(tmp_path)
    with live(url, customers=30) as server:
        customer_id = _spoil(url, kept)
        async with at_desk(server, tmp_path / "state", "admin", open_customer=customer_id) as person:
            profile = person.app.screen
            for number in range(len(profile.tabs)):  # type: ignore[attr-defined]
                await person.press(str((number + 1) % 10))
                await person.pilot.pause(0.2)
                _harmless(person)
                for _ in range(rows):
                    await person.press("down", "enter")
                    await person.pilot.pause(0.1)
                    _harmless(person)
                    await _back(person, profile)
