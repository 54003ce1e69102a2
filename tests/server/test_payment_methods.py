"""Cards: their words are here, their numbers nowhere. Against the demo's provider over real HTTP."""

from collections.abc import Iterator
from random import Random

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from client.models.cards import holds_card_number
from server.payments.demo import CARDS, DemoProvider
from server.payments.http import HttpProvider
from server.payments.provider import ProviderSilent
from server.store.database import Database
from tests.desk import Desk, make_customer, open_desk
from tests.server.paying import add_card, new_place, paying_desk, refusal

pytestmark = pytest.mark.feature("F5.1")


@pytest.fixture
def paying(database: Database) -> Iterator[tuple[Desk, DemoProvider]]:
    with paying_desk(database) as opened:
        yield opened


async def test_a_token_becomes_words_and_is_never_given_back(paying: tuple[Desk, DemoProvider]) -> None:
    desk, _ = paying
    async with desk.client() as staff:
        place = await new_place(staff)
        made = await add_card(staff, place)
        told = {name: made[name] for name in ("brand", "last4", "exp_month", "exp_year", "is_default")}
        assert told == {
            "brand": "visa",
            "last4": "4242",
            "exp_month": 12,
            "exp_year": 2031,
            "is_default": True,
        }
        paths = ("/payment-methods", f"/payment-methods/{made['id']}", "/events")
        told_later = "".join([(await staff.get(place + path)).text for path in paths])
    assert "4242" in told_later
    for secret in ("tok_visa", "token", "card_visa", "reference"):
        assert secret not in told_later


async def test_exactly_one_is_the_default_one(paying: tuple[Desk, DemoProvider]) -> None:
    desk, _ = paying
    async with desk.client() as staff:
        place = f"{await new_place(staff)}/payment-methods"

        async def defaults() -> list[str]:
            items = (await staff.get(place)).json()["items"]
            return [item["last4"] for item in items if item.get("is_default")]

        parent = place.removesuffix("/payment-methods")
        first = await add_card(staff, parent)
        second = await add_card(staff, parent, "mastercard")
        await add_card(staff, parent, "amex")
        assert await defaults() == ["4242"]
        answer = await staff.post(f"{place}/{second['id']}/make-default")
        assert (answer.status_code, answer.json()["is_default"]) == (200, True)
        assert await defaults() == ["4444"]
        assert (await staff.delete(f"{place}/{second['id']}")).status_code == 204
        assert await defaults() == ["0005"]
        assert (await staff.get(f"{place}/{first['id']}")).json()["version"] == 2
        told = (await staff.get(f"{parent}/events")).json()["items"]
        assert [event["kind"] for event in told][:4] == [
            "payment-methods.changed",
            "payment-methods.removed",
            "payment-methods.changed",
            "payment-methods.made_default",
        ]


async def test_a_card_typed_on_the_providers_page_is_collected_once(
    paying: tuple[Desk, DemoProvider],
) -> None:
    desk, _ = paying
    async with desk.client() as staff, httpx.AsyncClient() as customer:
        place = f"{await new_place(staff)}/payment-methods"
        url = (await staff.post(f"{place}/page")).json()["url"]
        assert "Mastercard" in (await customer.get(url)).text
        await customer.post(url, data={"token": "tok_mastercard"})
        for _ in range(2):
            items = (await staff.post(f"{place}/collect")).json()["items"]
            assert [item["last4"] for item in items] == ["4444"]
        assert (await customer.get(url)).status_code == 404
        await staff.delete(f"{place}/{items[0]['id']}")
        assert (await staff.post(f"{place}/collect")).json()["items"] == [], "the provider forgot it too"


async def test_the_same_request_sent_again_adds_one_card(paying: tuple[Desk, DemoProvider]) -> None:
    desk, provider = paying
    async with desk.client() as staff:
        place = f"{await new_place(staff)}/payment-methods"
        key = {"Idempotency-Key": "one"}
        answers = [await staff.post(place, json={"token": "tok_visa"}, headers=key) for _ in range(2)]
        assert [answer.json()["id"] for answer in answers] == [answers[0].json()["id"]] * 2
        assert (await staff.get(place)).json()["total"] == 1
    assert len(provider.answers) == 1


async def test_another_card_under_the_same_key_is_refused_and_a_corrected_token_is_taken(
    paying: tuple[Desk, DemoProvider],
) -> None:
    desk, provider = paying
    async with desk.client() as staff:
        place = f"{await new_place(staff)}/payment-methods"
        key = {"Idempotency-Key": "one"}
        assert refusal(await staff.post(place, json={"token": "tok_vsia"}, headers=key)) == (422, "invalid")
        assert (await staff.post(place, json={"token": "tok_visa"}, headers=key)).status_code == 201
        asked = len(provider.answers)
        other = await staff.post(place, json={"token": "tok_amex"}, headers=key)
        assert refusal(other) == (422, "idempotency_reused")
        assert len(provider.answers) == asked, "the provider keeps a card that nobody sees here"
        assert [item["last4"] for item in (await staff.get(place)).json()["items"]] == ["4242"]


@pytest.mark.parametrize(
    ("url", "taken"),
    [
        ("https://pay.example.org/p/abc?x=1", True),
        ("http://127.0.0.1:4711/pages/abc", True),
        ("http://localhost/pages/abc", True),
        ("http://[::1]:80/", True),
        ("http://pay.example.org/p/abc", False),
        ("http://127.0.0.1.example.org/p", False),
        ("http://localhost@example.org/p", False),
        ("javascript:alert(1)", False),
        ("https://", False),
    ],
)
async def test_a_page_for_cards_is_encrypted_unless_it_is_on_this_machine(
    paying: tuple[Desk, DemoProvider], monkeypatch: pytest.MonkeyPatch, url: str, taken: bool
) -> None:
    desk, _ = paying
    monkeypatch.setattr("server.payments.demo._Requests._made", lambda *_: (201, {"url": url}))
    async with desk.client() as staff:
        answer = await staff.post(f"{await new_place(staff)}/payment-methods/page")
    assert answer.status_code == (200 if taken else 503)


async def test_what_the_provider_refuses_or_does_not_say_changes_nothing(
    paying: tuple[Desk, DemoProvider],
) -> None:
    desk, provider = paying
    async with desk.client() as staff:
        place = f"{await new_place(staff)}/payment-methods"
        unknown = await staff.post(place, json={"token": "tok_nobody"})
        assert refusal(unknown) == (422, "invalid")
        assert unknown.json()["errors"][0]["code"] == "token_refused"
        provider.secret = "another"
        for path, body in (("", {"token": "tok_visa"}), ("/page", None), ("/collect", None)):
            assert refusal(await staff.post(place + path, json=body)) == (503, "provider_silent")
        assert (await staff.get(place)).json()["items"] == []


async def test_without_a_provider_nothing_is_offered(sqlite_database: Database) -> None:
    desk = open_desk(sqlite_database)
    async with desk.client() as staff:
        place = f"{await new_place(staff)}/payment-methods"
        assert "payments" not in (await staff.get("/v1/")).json()["features"]
        for path, body in (("", {"token": "tok_visa"}), ("/page", None), ("/collect", None)):
            answer = await staff.post(place + path, json=body)
            assert refusal(answer) == (409, "payments_not_configured")
            assert "KEEPTABS_SERVER_PAYMENTS_URL" in answer.json()["detail"]


def luhn(digits: str) -> str:
    """Give digits with the check digit that makes them a card number."""
    total = sum(
        int(digit) if place % 2 else sum(divmod(2 * int(digit), 10))
        for place, digit in enumerate(reversed(digits))
    )
    return digits + str(-total % 10)


NUMBERS = st.text("0123456789", min_size=11, max_size=18).map(luhn)
SEPARATORS = st.sampled_from(["", "", " ", "-", " - ", ".", "\u00a0", "/", "_", "\u2013"])


@st.composite
def written_numbers(draw: st.DrawFn) -> str:
    """A card number as people write it, with other text around it."""
    groups = [draw(SEPARATORS) + digit for digit in draw(NUMBERS)]
    return draw(st.sampled_from(["", "tok_", "card: ", "99 "])) + "".join(groups) + draw(
        st.sampled_from(["", " 12/31", "x", " 123"])
    )  # fmt: skip


@given(written_numbers())
@settings(max_examples=120, deadline=None)
def test_a_card_number_is_recognised_however_it_is_written(text: str) -> None:
    assert holds_card_number(text)


@given(st.text("0123456789", min_size=12, max_size=19))
def test_twelve_to_nineteen_digits_are_a_number_only_where_the_check_digit_fits(digits: str) -> None:
    stretches = {
        digits[start:end]
        for start in range(len(digits))
        for end in range(start + 12, len(digits) + 1)
    }  # fmt: skip
    assert holds_card_number(digits) == any(luhn(stretch[:-1]) == stretch for stretch in stretches)


@pytest.mark.parametrize(
    "text", ["tok_visa", "4242", "pm_1N8qzQ2eZvKYlo2C", "12/2031", "", "tok_12345678901"]
)
def test_tokens_are_no_card_numbers(text: str) -> None:
    assert not holds_card_number(text)


@pytest.mark.parametrize("text", ["\uff14\uff12" * 8, "\u0664\u0662" * 8])
def test_digits_of_other_scripts_are_digits(text: str) -> None:
    assert holds_card_number(text)


async def test_no_card_number_is_taken_in_any_member(paying: tuple[Desk, DemoProvider]) -> None:
    desk, provider = paying
    chance = Random(4242)  # noqa: S311 - the same numbers each time
    async with desk.client() as staff:
        place = f"{await new_place(staff)}/payment-methods"
        for member in ("token", "token", "brand", "last4", "is_default", "id", "note") * 6:
            number = luhn("".join(chance.choices("0123456789", k=chance.randint(11, 18))))
            mark = chance.choice(["", " ", "-", "."])
            written = mark.join(number[start : start + 4] for start in range(0, len(number), 4))
            given = chance.choice([written, f"tok_{written}", int(number)])
            answer = await staff.post(place, json={"token": "tok_visa", member: given})
            assert answer.status_code == 422, (member, given)
            assert number not in "".join(sign for sign in answer.text if sign.isdigit())
            if member == "token" and isinstance(given, str):
                assert answer.json()["errors"][0]["code"] == "card_number"
        assert (await staff.get(place)).json()["items"] == []
        assert number not in (await staff.get(place.removesuffix("/payment-methods") + "/events")).text
    assert provider.answers == {}, "the provider was never asked"


async def test_a_provider_that_lets_a_number_through_is_not_believed(
    paying: tuple[Desk, DemoProvider], monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, _ = paying
    monkeypatch.setitem(CARDS, "tok_visa", ("4242424242424242", "4242", 12, 2031))
    async with desk.client() as staff:
        place = f"{await new_place(staff)}/payment-methods"
        assert refusal(await staff.post(place, json={"token": "tok_visa"})) == (503, "provider_silent")


@pytest.mark.feature("F9.6", "F2.6")
@pytest.mark.parametrize("end", ["erased", "deleted"])
async def test_the_provider_forgets_the_cards_of_who_is_erased_or_deleted(
    paying: tuple[Desk, DemoProvider], end: str
) -> None:
    desk, provider = paying
    async with desk.client("admin") as admin, httpx.AsyncClient() as customer:
        made = await make_customer(admin)
        place = f"/v1/customers/{made.id}"
        url = (await admin.post(f"{place}/payment-methods/page")).json()["url"]
        await customer.post(url, data={"token": "tok_amex"})
        await admin.post(f"{place}/payment-methods/collect")

        async def ask() -> httpx.Response:
            if end == "deleted":
                return await admin.delete(place)
            return await admin.post(f"{place}/erase", json={"number": made.number})

        assert (await ask()).status_code == 409
        assert provider.typed[made.id], "forgotten, and the customer stays"
        await admin.post(f"{place}/archive")
        assert (await ask()).status_code in (200, 204)
        assert provider.typed[made.id] == []


@pytest.mark.feature("F9.6", "F2.6")
async def test_while_the_provider_is_silent_nobody_with_a_card_is_erased_or_deleted(
    paying: tuple[Desk, DemoProvider], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def silent(*_: object) -> None:
        raise ProviderSilent("gone")

    desk, _ = paying
    async with desk.client("admin") as admin:
        made = await make_customer(admin)
        place = f"/v1/customers/{made.id}"
        await add_card(admin, place)
        await admin.post(f"{place}/archive")
        monkeypatch.setattr(HttpProvider, "forget", silent)
        erased = await admin.post(f"{place}/erase", json={"number": made.number})
        assert refusal(erased) == refusal(await admin.delete(place)) == (503, "provider_silent")
        assert (await admin.get(f"{place}/payment-methods")).json()["total"] == 1
