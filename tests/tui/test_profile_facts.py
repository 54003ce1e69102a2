"""What staff note from anywhere in the profile, and the fields of the Contact tab that are theirs alone."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.live import LiveServer
from tests.tui.desks import at_desk
from tests.tui.test_profile import fetched, make_customer, patch


@pytest.mark.feature("F2.7")
async def test_a_weight_is_noted_from_any_tab_and_stands_in_the_header(
    live_server: LiveServer, tmp_path: Path
) -> None:
    customer = make_customer(live_server)
    async with at_desk(live_server, tmp_path, open_customer=customer["id"]) as person:
        await person.press("2", "W")
        await person.sees("Taken on")
        await person.type("71.5")
        await person.press("f2")
        await person.sees("71.5 kg")
        weight = fetched(live_server, customer)["weight"]
        assert (weight["value"], weight["taken_on"]) == (71.5, datetime.now(UTC).date().isoformat())
        await person.press("u")
        await person.sees_no("71.5 kg")
        assert "weight" not in fetched(live_server, customer)


@pytest.mark.feature("F2.12")
async def test_a_warning_is_seen_when_the_profile_opens_and_cleared_by_a_colleague(
    live_server: LiveServer, tmp_path: Path
) -> None:
    customer = make_customer(live_server)
    async with at_desk(live_server, tmp_path / "a", open_customer=customer["id"]) as person:
        await person.press("exclamation_mark")
        await person.sees("Severity")
        await person.type("Nut allergy")
        await person.press("tab", "space", "f2")
        await person.sees("CRITICAL  Nut allergy")
    patch(
        live_server, customer, alerts=[*fetched(live_server, customer)["alerts"], {"text": "Bell is broken"}]
    )
    async with at_desk(live_server, tmp_path / "b", open_customer=customer["id"]) as person:
        await person.sees("CRITICAL  Nut allergy")
        lines = person.screen.splitlines()[2:4]
        assert [line[:22].strip() for line in lines] == ["CRITICAL  Nut allergy", "Warning   Bell is bro"]
        assert [("Stan Staff" in line, "Ada Admin" in line) for line in lines] == [
            (True, False),
            (False, True),
        ]
        await person.press("exclamation_mark")
        await person.sees("Write another one")
        await person.type("nut")
        await person.press("enter")
        await person.sees_no("CRITICAL")
        assert [alert["text"] for alert in fetched(live_server, customer)["alerts"]] == ["Bell is broken"]


@pytest.mark.feature("F2.12")
async def test_a_warning_that_was_left_half_typed_is_still_there(
    live_server: LiveServer, tmp_path: Path
) -> None:
    customer = make_customer(live_server)
    async with at_desk(live_server, tmp_path, open_customer=customer["id"]) as person:
        await person.press("exclamation_mark")
        await person.type("Half a")
        await person.press("escape")
        await person.sees("! goes on with it")
        await person.press("f2")
        await person.sees("Alerts: one is not finished; ! goes on with it, u drops it.")
    async with at_desk(live_server, tmp_path, open_customer=customer["id"]) as person:
        await person.press("exclamation_mark")
        await person.sees("Half a")


@pytest.mark.feature("F2.1")
async def test_what_is_owed_and_not_taxed_is_flagged_in_the_one_request_that_opens(
    live_server: LiveServer, tmp_path: Path
) -> None:
    from client.models import Customer, Summary
    from tui.widgets.header import warnings

    customer = Customer.model_validate(fetched(live_server, make_customer(live_server)))
    words = [span.text for span in warnings(customer, Summary(overdue=True, tax_exempt=True))]
    assert words == ["OVERDUE", "TAX EXEMPT"]


@pytest.mark.feature("F3.7")
async def test_extra_contact_is_changed_on_the_contact_tab(live_server: LiveServer, tmp_path: Path) -> None:
    customer = make_customer(live_server, extra_contact={"business_name": "Byrne & Co"})
    async with at_desk(live_server, tmp_path, size=(80, 60), open_customer=customer["id"]) as person:
        await person.press("2")
        await person.sees("Byrne & Co")
        await _to(person, "Best way to reach")
        await person.press("e")
        await person.type("Text first")
        await person.press("enter", "f2")
        await person.sees("Saved")
        extra = fetched(live_server, customer)["extra_contact"]
        assert extra == {"business_name": "Byrne & Co", "best_way": "Text first"}


def _define(server: LiveServer, name: str, **members: Any) -> None:
    with server.client("admin") as client:
        answer = client.post("/v1/custom-fields", json={"name": name} | members)
        assert answer.status_code in (201, 409), answer.text


async def _to(person: Any, label: str) -> None:
    """Go down to the row of a field."""
    for _ in range(60):
        part, name = person.app.screen.focused.marked or (None, None)
        state = getattr(part, "state", None)
        if state is not None and name in state.fields and state.fields[name].title.startswith(label):
            return
        await person.press("down")
    raise AssertionError(f"no row {label}:\n{person.screen}")


@pytest.mark.feature("F3.8")
async def test_additional_fields_are_changed_with_the_control_of_their_type(
    own_server: LiveServer, tmp_path: Path
) -> None:
    _define(own_server, "Shoe size", type="number", position=1)
    _define(own_server, "Parking", type="choice", options=["street", "yard"], position=2)
    _define(own_server, "Newsletter", type="yes_no", position=3)
    _define(own_server, "Door code", required=True, position=4)
    customer = make_customer(own_server)
    async with at_desk(own_server, tmp_path, size=(80, 60), open_customer=customer["id"]) as person:
        await person.press("2")
        await person.sees("Door code *")
        await _to(person, "Shoe size")
        await person.press("e")
        await person.type("42.5")
        await person.press("enter")
        await _to(person, "Parking")
        await person.press("e")
        await person.type("ya")
        await person.press("enter")
        await _to(person, "Newsletter")
        await person.press("space", "f2")
        await person.sees("Door code must be filled in.")
        await _to(person, "Door code")
        await person.press("e")
        await person.type("12")
        await person.press("enter", "f2")
        await person.sees("Saved")
        saved = fetched(own_server, customer)["custom_fields"]
        assert saved == {"shoe_size": 42.5, "parking": "yard", "newsletter": True, "door_code": "12"}


@pytest.mark.feature("F3.8")
async def test_admins_define_additional_fields_on_a_screen_of_their_own(
    own_server: LiveServer, tmp_path: Path
) -> None:
    async with at_desk(own_server, tmp_path / "a", "admin") as person:
        await person.sees("0 customers")
        await person.press("f9")
        await person.type("additional")
        await person.press("enter")
        await person.sees("No additional fields yet")
        await person.press("a")
        await person.sees("Required")
        await person.type("Motto")
        await person.press("f2")
        await person.sees("A line of text")
    async with at_desk(own_server, tmp_path / "b", "staff") as person:
        await person.sees("0 customers")
        await person.press("f9")
        await person.type("additional")
        await person.sees("Nothing fits")


@pytest.mark.feature("F3.8")
async def test_a_field_that_is_defined_while_a_customer_is_open_is_there_at_once(
    own_server: LiveServer, tmp_path: Path
) -> None:
    customer = make_customer(own_server)
    async with at_desk(own_server, tmp_path, "admin", open_customer=customer["id"]) as person:
        await person.press("2")
        await person.press("end")
        await person.sees_no("Loading")
        await person.press("f9")
        await person.type("additional")
        await person.press("enter")
        await person.sees("No additional fields yet")
        await person.press("a")
        await person.sees("Required")
        await person.type("Parking")
        await person.press("f2")
        await person.sees("A line of text")
        await person.press("escape")
        await person.sees("[2 Contact]")
        await person.press("end")
        await person.sees("▸  Parking")


@pytest.mark.feature("F9.5")
async def test_an_admin_makes_a_customer_staff_and_reads_out_the_password_once(
    own_server: LiveServer, tmp_path: Path
) -> None:
    customer = make_customer(own_server)
    async with at_desk(own_server, tmp_path / "a", "admin", open_customer=customer["id"]) as person:
        await person.press("f9")
        await person.type("make this customer staff")
        await person.press("enter")
        await person.sees("Also works here, as staff")
        await person.type("staff")
        await person.press("enter")
        await person.sees("shown this once")
        words = person.screen.split()
        login, password = words[words.index("name") + 1], words[words.index("Password") + 1]
        with own_server.client() as client:
            form = {"grant_type": "password", "username": login, "password": password}
            assert client.post("/v1/oauth/token", data=form).status_code == 200
        assert fetched(own_server, customer)["privilege"] == "staff"
        await person.press("escape")
        await person.sees("Privilege     Staff")
    async with at_desk(own_server, tmp_path / "b", "staff", open_customer=customer["id"]) as person:
        await person.press("f9")
        await person.type("make this customer staff")
        await person.sees("Nothing fits")
