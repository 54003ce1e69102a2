"""Colleagues by keyboard: an account made, a password shown once, a sign-in ended."""

import re
from pathlib import Path

import httpx
import pytest

from tests.live import LiveServer
from tests.tui.desks import Person, at_desk


async def open_colleagues(person: Person) -> None:
    await person.sees("customers")
    await person.press("f9")
    await person.type("colleagues")
    await person.press("enter")
    await person.sees("Ada Admin")


def sign_in(server: LiveServer, login: str, password: str) -> httpx.Response:
    form = {"grant_type": "password", "username": login, "password": password}
    return httpx.post(f"{server.url}/v1/oauth/token", data=form, headers={"User-Agent": "desk in the hall"})


@pytest.mark.feature("F12.3")
async def test_an_admin_makes_an_account_gives_it_a_password_and_ends_its_sign_in(
    own_server: LiveServer, tmp_path: Path
) -> None:
    async with at_desk(own_server, tmp_path, "admin", (120, 40)) as person:
        await open_colleagues(person)
        await person.press("a")
        await person.sees("Sign-in name")
        await person.type("rosa")
        await person.press("enter")
        await person.type("Rosa Delgado")
        await person.press("f2")
        await person.sees("Saved Rosa Delgado")
        await person.press("g")
        await person.sees("shown this once")
        password = re.search(r"Password +(\S+)", person.screen)
        assert password is not None
        assert sign_in(own_server, "rosa", password[1]).status_code == 200
        await person.press("escape")
        await person.sees("Rosa Delgado")
        assert password[1] not in person.screen
        await person.press("o")
        await person.sees("desk in the hall")
        await person.press("end", "k")
        await person.sees("Ended: whoever used it")
        await person.sees("Signed in nowhere.")


@pytest.mark.feature("F12.4")
async def test_only_admins_manage_colleagues(own_server: LiveServer, tmp_path: Path) -> None:
    async with at_desk(own_server, tmp_path, "staff") as person:
        await person.sees("customers")
        await person.press("f9")
        await person.type("colleagues")
        await person.sees("Nothing fits.")
    with own_server.client("admin") as admin, own_server.client("staff") as staff:
        people = admin.get("/v1/staff").json()["items"]
        for one in people:
            assert staff.get(f"/v1/staff/{one['id']}/sign-ins").status_code == 403
            answer = staff.post(f"/v1/staff/{one['id']}/set-password", json={"password": "tall ships at sea"})
            assert answer.status_code == 403
        own = next(one for one in people if one["login"] == "admin")
        weak = admin.post(f"/v1/staff/{own['id']}/set-password", json={"password": "password12"})
        assert (weak.status_code, weak.json()["errors"][0]["code"]) == (422, "weak_password")
        assert admin.get(f"/v1/staff/{own['id']}/sign-ins").json()["items"][0]["is_this"] is True


@pytest.mark.feature("F12.4")
@pytest.mark.parametrize(("role", "offered"), [("viewer", []), ("staff", ["Manage labels"])])
async def test_lists_that_a_role_may_not_change_are_not_offered(
    live_server: LiveServer, tmp_path: Path, role: str, offered: list[str]
) -> None:
    async with at_desk(live_server, tmp_path, role) as person:
        await person.sees("Enter open")
        await person.press("f9")
        await person.type("manage")
        await person.sees(offered[0] if offered else "Nothing fits.")
        assert [line.strip("▸ │") for line in person.screen.splitlines() if "Manage" in line] == offered
