"""What the server lacks or the role forbids is nowhere to be seen: tab, key, palette, help."""

import gc
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest

from client.models import Service
from server.auth.actor import PERMISSIONS, ROLE_ORDER
from server.routes import COLLECTIONS
from server.routes.offer import feature_names
from tests.fixtures import Template
from tests.live import LiveServer, live
from tests.tui.desks import Person, at_desk
from tests.tui.test_profile import make_customer
from tui.commands import Command, available_commands, other_commands
from tui.keymaps.registry import known_commands
from tui.screens.help import HelpScreen
from tui.screens.profile import ProfileScreen
from tui.services.desk import Desk
from tui.tabs.all import TABS
from tui.tabs.records import Records, Rights
from tui.tabs.tab import Tab

pytestmark = pytest.mark.feature("F12.4")

_READING = """
show_help open_palette switch_customer redraw how_the_link_is lock_the_screen choose_theme sign_out
suspend quit previous next page_back
page_forward first last choose jump_to next_tab previous_tab go_to_tab search_again reload
pin_this_customer copy_whole show_plain_text dial write_mail read_back show_map close_customer
back_to_list copy_field field_history next_field previous_field open_record open_person filter_by_field
all_fields view_document download_document show_unsent cell_left cell_right marketing_list manage_labels
manage_branches manage_partners manage_locations manage_services manage_custom_fields
"""
READS = frozenset(_READING.split())
"""Commands of a profile that write nothing at the server: a new one is decided about here."""


def below(kind: type[Command]) -> Iterator[type[Command]]:
    for found in kind.__subclasses__():
        yield found
        yield from below(found)


assert known_commands()  # imports every room that declares some
COMMANDS = tuple(below(Command))


class Allowed:
    """A desk that has these features and permissions."""

    def __init__(self, features: set[str], permissions: frozenset[str]) -> None:
        self.service = Service(features=sorted(features), permissions=sorted(permissions))

    def has(self, feature: str) -> bool:
        return feature in self.service.features

    def may(self, permission: str) -> bool:
        return permission in self.service.permissions


def desk_of(features: set[str], permissions: frozenset[str]) -> Desk:
    return cast("Desk", Allowed(features, permissions))


FEATURES = {*feature_names(COLLECTIONS), "live", "merging", "personal_data"}


@pytest.mark.parametrize("tab", TABS, ids=lambda tab: tab.name)
def test_a_tab_is_there_where_server_and_role_have_what_it_shows(tab: Tab) -> None:
    for role in ROLE_ORDER:
        permissions = PERMISSIONS[role]
        allowed = not tab.permission or tab.permission in permissions
        assert tab.open_to(desk_of(FEATURES, permissions)) is allowed
    shown = set(tab.feature.split())
    assert shown <= FEATURES
    if shown:
        assert not tab.open_to(desk_of(FEATURES - shown, PERMISSIONS["admin"]))


def test_every_word_that_a_command_needs_is_one_the_server_knows() -> None:
    words = PERMISSIONS["admin"]
    for command in COMMANDS:
        assert not command.permission or command.permission in words, command
        assert not command.feature or command.feature in FEATURES, command


def kinds_of_records() -> Iterator[Records[Any]]:
    """Give every declared kind of record."""
    yield from (found for found in gc.get_objects() if type(found) is Records)


def test_no_role_may_do_to_records_what_the_server_would_refuse() -> None:
    kinds = list(kinds_of_records())
    assert len(kinds) >= 8
    for records in kinds:
        for role in ROLE_ORDER:
            desk = desk_of(FEATURES, PERMISSIONS[role])
            rights = Rights.of(records, desk)
            assert rights.write == desk.may(f"{records.permission}:write")
            assert rights.remove == desk.may(f"{records.permission}:delete")
            if role == "viewer":
                assert rights == Rights(actions=rights.actions & READS), records.one


def offered(person: Person) -> set[str]:
    """Name every command that palette, footer, keys and help of the screen in front name, now or later."""
    screen = person.app.screen
    now = {command.name() for command, _ in available_commands(screen)}
    keys = {
        binding.action.partition("'")[2].partition("'")[0]
        for _, binding, _, _ in screen.active_bindings.values()
        if binding.action.startswith("command(")
    }
    helped = {command.name() for command in HelpScreen.of(screen)._commands}
    assert helped == now
    own = {command.name() for command in COMMANDS}
    assert {name for name in keys if name in own} <= now
    return now | {command.name() for command in other_commands(screen)}


async def offers_of_every_tab(person: Person) -> dict[str, set[str]]:
    """Visit every tab and name what is offered there."""
    screen = person.app.screen
    assert isinstance(screen, ProfileScreen)
    found: dict[str, set[str]] = {}
    for place, tab in enumerate(screen.tabs):
        await screen.show_tab(place)
        await person.pilot.pause(0.05)
        found[tab.name] = offered(person)
    return found


async def test_a_viewer_is_offered_nothing_that_writes_on_any_tab(
    live_server: LiveServer, tmp_path: Path
) -> None:
    with live_server.client() as client:
        page = client.post("/v1/customers/search", json={"limit": 1, "sort": "number"}).json()
    async with at_desk(live_server, tmp_path, "viewer", open_customer=page["items"][0]["id"]) as person:
        found = await offers_of_every_tab(person)
    assert len(found) >= 4
    assert {tab: names - READS for tab, names in found.items() if names - READS} == {}


@pytest.mark.parametrize("role", ["staff", "admin"])
async def test_others_are_offered_what_their_role_allows(
    live_server: LiveServer, tmp_path: Path, role: str
) -> None:
    customer = make_customer(live_server)
    async with at_desk(live_server, tmp_path, role, open_customer=customer["id"]) as person:
        found = await offers_of_every_tab(person)
        needs = {command.name(): command.permission for command in COMMANDS}
        for names in found.values():
            assert {
                name for name in names if needs.get(name) and not person.app.desk.may(needs[name])
            } == set()
        assert {"save_changes", "write_note", "delete_customer"} <= found["overview"]
        assert ("export_personal_data" in found["overview"]) is (role == "admin")


async def test_a_read_only_desk_is_offered_no_more_than_a_viewer(
    live_server: LiveServer, tmp_path: Path
) -> None:
    customer = make_customer(live_server)
    async with at_desk(
        live_server, tmp_path, "admin", open_customer=customer["id"], read_only=True
    ) as person:
        found = await offers_of_every_tab(person)
    allowed = READS | {"export_personal_data"}
    assert {tab: names - allowed for tab, names in found.items() if names - allowed} == {}


async def test_a_server_without_features_shows_none_of_them(
    sqlite_template: Template, tmp_path: Path
) -> None:
    left_out = sorted(FEATURES - {"customers"})
    with live(sqlite_template.copy(tmp_path), without=",".join(left_out)) as server:
        customer = make_customer(server)
        async with at_desk(server, tmp_path / "desk", "admin", open_customer=customer["id"]) as person:
            screen = person.app.screen
            assert isinstance(screen, ProfileScreen)
            assert person.app.desk.service.features == ["customers"]
            assert {tab.name for tab in screen.tabs} == {tab.name for tab in TABS if not tab.feature}
            found = set().union(*(await offers_of_every_tab(person)).values())
            there = {"", "customers", "staff"}
            words = {command.name(): command.permission.partition(":")[0] for command in COMMANDS}
            assert {name for name in found if words.get(name, "") not in there} == set()
            assert person.status == ""
