"""Adding a customer from the list: a name is enough, and nobody is added twice by mistake."""

from typing import Any

import pytest

from client.errors import FieldError
from tests.tui.conftest import OpenOffice
from tests.tui.office import ListApp, names, settled, shown, status, until
from tui.forms.formats import Formats
from tui.screens.customers import CustomersScreen
from tui.screens.new_customer import NewCustomerScreen
from tui.screens.pick import PickScreen
from tui.services.new_customer import at_own_fields, customer_of, duplicate_query, guessed

GB = Formats(country="GB")


async def form(app: ListApp, pilot: Any) -> NewCustomerScreen:
    await until(lambda: isinstance(app.screen, NewCustomerScreen), pilot)
    await pilot.pause()
    assert isinstance(app.screen, NewCustomerScreen)
    return app.screen


async def back(app: ListApp, pilot: Any) -> None:
    await until(lambda: isinstance(app.screen, CustomersScreen), pilot)
    await pilot.pause()


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("joanna smith", {"name": "Joanna Smith"}),
        ("Ray McDonald", {"name": "Ray McDonald"}),
        ("020 7946 0958", {"phone": "+442079460958"}),
        ("+1 503 555 0177 ray", {"phone": "+15035550177", "name": "Ray"}),
        ("jo@Example.org", {"email": "jo@example.org"}),
        ("smi 555", {"name": "Smi"}),
        ("1042", {}),
        ("", {}),
    ],
)
def test_a_search_text_says_what_it_looks_like(text: str, known: dict[str, str]) -> None:
    assert guessed(text, GB) == known


def test_what_is_typed_becomes_a_customer_with_one_primary_of_each() -> None:
    values = {
        "name": "Jo",
        "phone": "+442079460958",
        "email": "jo@example.org",
        "postal_code": "BS1",
        "city": "",
    }
    assert customer_of(values) == {
        "display_name": "Jo",
        "phones": [{"number": "+442079460958", "is_primary": True}],
        "emails": [{"address": "jo@example.org", "is_primary": True}],
        "addresses": [{"postal_code": "BS1", "is_primary": True}],
    }
    assert customer_of({"name": "Jo"}) == {"display_name": "Jo"}


def test_a_name_alone_is_not_compared() -> None:
    assert duplicate_query({"name": "Jo"}) is None
    assert duplicate_query({"name": "Jo", "postal_code": "BS1"}) is not None


def test_refusals_are_put_at_the_fields_that_were_typed_in() -> None:
    errors = [
        FieldError(pointer, "wrong", "No.")
        for pointer in ("/phones/0/number", "/addresses/0/line1", "/addresses/0/city", "/display_name", "/x")
    ]
    assert [error.pointer for error in at_own_fields(errors)] == ["/phone", "/street", "/city", "/name", "/x"]


@pytest.mark.feature("F1.7")
async def test_only_a_name_is_needed_and_the_new_profile_opens(open_office: OpenOffice) -> None:
    app = ListApp(await open_office())
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await until(lambda: app.desk.may("customers:write"), pilot)
        await pilot.press(*"zoe blum", "ctrl+n")
        screen = await form(app, pilot)
        assert screen.state.shown("name") == "Zoe Blum"
        await pilot.press("f2")
        await back(app, pilot)
        assert [row.display_name for row in app.opened] == ["Zoe Blum"]
        await pilot.press("ctrl+u", *"blum")
        await settled(pilot)
        assert names(app) == ["Zoe Blum"]
        assert app.desk.drafts.list() == []


@pytest.mark.feature("F1.7")
async def test_who_may_be_the_same_is_shown_before_saving_and_can_be_opened_instead(
    open_office: OpenOffice,
) -> None:
    office = await open_office()
    app = ListApp(office)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await until(lambda: app.desk.may("customers:write"), pilot)
        await pilot.press(*"jo 020 7946 0958", "f4")
        screen = await form(app, pilot)
        await until(lambda: "Joanna Smith" in "\n".join(shown(screen._likely)), pilot)
        await pilot.press("f4")
        await back(app, pilot)
        assert [row.display_name for row in app.opened] == ["Joanna Smith"]
        assert "/v1/customers" not in [path for _, path, _ in office.link.asked]


@pytest.mark.feature("F1.7")
async def test_a_second_save_adds_the_customer_although_others_are_alike(open_office: OpenOffice) -> None:
    app = ListApp(await open_office())
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await until(lambda: app.desk.may("customers:write"), pilot)
        await pilot.press(*"jo 020 7946 0958", "f4")
        screen = await form(app, pilot)
        await pilot.press("f2")
        await until(lambda: "F2 again" in status(app), pilot)
        assert screen._likely.found
        await pilot.press("f2")
        await back(app, pilot)
        assert [row.display_name for row in app.opened] == ["Jo"]


async def test_what_was_typed_is_kept_when_the_form_is_left_and_offered_again(
    open_office: OpenOffice,
) -> None:
    app = ListApp(await open_office())
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await until(lambda: app.desk.may("customers:write"), pilot)
        await pilot.press("ctrl+n")
        await form(app, pilot)
        await pilot.press(*"Kim", "tab", "escape", "escape")
        await back(app, pilot)
        assert "kept" in status(app)
        app.desk.flush()
        assert [draft.title for draft in app.desk.drafts.list()] == ["Kim"]
        await pilot.press("ctrl+n")
        screen = await form(app, pilot)
        assert screen.state.shown("name") == "Kim"
        await pilot.press("escape", "escape")
        await back(app, pilot)
        await pilot.press(*"lee", "ctrl+n")
        await until(lambda: isinstance(app.screen, PickScreen), pilot)
        await pilot.press("down", "enter")
        screen = await form(app, pilot)
        assert screen.state.shown("name") == "Lee"


async def test_a_lost_answer_does_not_add_anybody_twice(open_office: OpenOffice) -> None:
    office = await open_office()
    app = ListApp(office)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await until(lambda: app.desk.may("customers:write"), pilot)
        await pilot.press(*"zoe", "ctrl+n")
        await form(app, pilot)
        office.link.hold('"Zoe"')
        await pilot.press("f2")
        await until(lambda: any(path == "/v1/customers" for _, path, _ in office.link.asked), pilot)
        await pilot.pause(0.05)
        await pilot.press("escape")
        office.link.release('"Zoe"')
        await pilot.press("f2")
        await back(app, pilot)
        made = [path for method, path, _ in office.link.asked if (method, path) == ("POST", "/v1/customers")]
        assert len(made) == 2
        app.customers.search.forget()
        app.customers.put_again()
        await settled(pilot)
        assert names(app) == ["Zoe"]
