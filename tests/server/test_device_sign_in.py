"""Signing a terminal in from another device (RFC 8628): on both databases."""

import asyncio
import logging
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import httpx
import pytest
from sqlalchemy import select, update

from server.accounts import set_disabled, set_password_of
from server.auth import device_flow
from server.auth.device_flow import GRANT_TYPE, LETTERS, typed_code
from server.store.database import Database
from server.store.tables import device_requests, sessions, staff
from tests.browser import Browser
from tests.server.signing_in import PASSWORD, Desk, account, sign_in_app

pytestmark = pytest.mark.feature("F12.1")


async def begin(desk: Desk, client_id: str = "keeptabs") -> dict[str, Any]:
    answer = await desk.post("/v1/oauth/device", data={"client_id": client_id})
    assert answer.status_code == 200, answer.text
    begun: dict[str, Any] = answer.json()
    return begun


async def poll(desk: Desk, begun: dict[str, Any], client_id: str = "keeptabs") -> httpx.Response:
    form = {"grant_type": GRANT_TYPE, "device_code": begun["device_code"], "client_id": client_id}
    return await desk.post("/v1/oauth/token", data=form, headers={"User-Agent": "terminal"})


async def refused(desk: Desk, begun: dict[str, Any]) -> str:
    answer = await poll(desk, begun)
    assert answer.status_code == 400, answer.text
    assert answer.json()["error_description"].endswith(".")
    return str(answer.json()["error"])


async def approve(desk: Desk, begun: dict[str, Any], login: str = "anna") -> None:
    page = await Browser(desk).approve(begun, login, PASSWORD)
    assert "Approved." in page.text


def shift(database: Database, **columns: datetime) -> None:
    """Move instants of every waiting sign-in, as if time had passed."""
    database.write_now(lambda connection: connection.execute(update(device_requests).values(**columns)))


def ago(**span: float) -> datetime:
    return datetime.now(UTC) - timedelta(**span)


async def test_a_terminal_is_signed_in_by_who_approves_it(database: Database) -> None:
    anna = account(database)
    app = sign_in_app(database)
    async with Desk(app) as desk, Desk(app, "198.51.100.7") as phone:
        begun = await begin(desk)
        assert begun["verification_uri"] == "http://desk.test/device"
        assert begun["verification_uri_complete"] == f"http://desk.test/device?user_code={begun['user_code']}"
        assert (begun["expires_in"], begun["interval"]) == (600, 5)
        assert await refused(desk, begun) == "authorization_pending"
        page = await Browser(phone).identify(begun, "Anna ", PASSWORD)
        for shown in ("Anna,", begun["user_code"], "192.0.2.1", "keeptabs", "just now", "another network"):
            assert shown in page.text
        await approve(phone, begun)
        answer = await poll(desk, begun)
        assert answer.headers["cache-control"] == "no-store"
        assert (await desk.who(answer.json()["access_token"])).json() == "Anna, staff"
        await desk.refresh(answer.json()["refresh_token"])
    wanted = select(sessions.c.staff_id, sessions.c.device)
    assert database.read_now(lambda c: c.execute(wanted).one()) == (anna, "terminal")


async def test_discovery_tells_of_it_only_where_it_is_offered(sqlite_database: Database) -> None:
    async with Desk(sign_in_app(sqlite_database)) as desk:
        found = (await desk.get("/.well-known/oauth-authorization-server")).json()
    assert found["device_authorization_endpoint"] == "http://desk.test/v1/oauth/device"
    assert GRANT_TYPE in found["grant_types_supported"]
    async with Desk(sign_in_app(sqlite_database, device_sign_in=False)) as desk:
        found = (await desk.get("/.well-known/oauth-authorization-server")).json()
        assert (await desk.get("/device")).status_code == 404
        assert (await desk.post("/v1/oauth/device", data={"client_id": "x"})).status_code == 404
        assert (await poll(desk, {"device_code": "x"})).json()["error"] == "unsupported_grant_type"
    assert "device_authorization_endpoint" not in found
    assert GRANT_TYPE not in found["grant_types_supported"]


def test_a_code_is_read_in_any_case_and_with_or_without_its_hyphen() -> None:
    assert {typed_code(typed) for typed in ("WDJB-MJHT", " wdjb mjht", "wdjbmjht", "wdjb–mjht")} == {
        "WDJB-MJHT"
    }
    assert {typed_code(typed) for typed in ("", "WDJB-MJH", "WDJB-MJHTT", "WDJB-MJH1", "x" * 10_000)} == {""}
    assert not set("AEIOUY0123456789") & set(LETTERS)


async def test_the_database_holds_neither_code(sqlite_database: Database) -> None:
    account(sqlite_database)
    async with Desk(sign_in_app(sqlite_database)) as desk:
        begun = await begin(desk)
        page = await Browser(desk).identify(begun, "anna", PASSWORD)
    path = sqlite_database.engine.url.database
    assert path is not None
    sqlite_database.close()
    with open(path, "rb") as file:  # noqa: PTH123, ASYNC230 - one read at the end of a test
        content = file.read()
    for secret in (begun["device_code"], begun["user_code"], page.fields["ticket"]):
        assert secret.encode() not in content
        assert secret.replace("-", "").encode() not in content


async def test_who_refuses_lets_nobody_in(database: Database) -> None:
    account(database)
    async with Desk(sign_in_app(database)) as desk:
        begun, browser = await begin(desk), Browser(desk)
        page = await browser.identify(begun, "anna", PASSWORD)
        assert "Refused." in (await browser.send(page, decision="refuse")).text
        assert await refused(desk, begun) == "access_denied"
        again = await browser.send(page, decision="approve", mine="yes")
        assert (again.answer.status_code, "decided already" in again.text) == (409, True)
        assert await refused(desk, begun) == "access_denied"


async def test_approving_needs_the_tick_that_it_is_ones_own(sqlite_database: Database) -> None:
    account(sqlite_database)
    async with Desk(sign_in_app(sqlite_database)) as desk:
        begun, browser = await begin(desk), Browser(desk)
        page = await browser.identify(begun, "anna", PASSWORD)
        for typed in ({"decision": "approve"}, {"decision": "perhaps", "mine": "yes"}):
            assert (await browser.send(page, **typed)).answer.status_code == 422
        assert (await browser.send(page, mine="yes")).answer.status_code == 400
        assert await refused(desk, begun) == "authorization_pending"


async def test_a_question_too_early_is_told_to_slow_down_until_somebody_decides(database: Database) -> None:
    account(database)
    async with Desk(sign_in_app(database)) as desk:
        begun, other = await begin(desk), await begin(desk)
        told = [await refused(desk, begun) for _ in range(4)]
        assert told == ["authorization_pending"] * 2 + ["slow_down"] * 2, "one too early is no harm"
        assert await refused(desk, other) == "authorization_pending"
        await approve(desk, begun)
        assert (await poll(desk, begun)).status_code == 200


async def test_codes_end_after_ten_minutes_for_both_sides(database: Database) -> None:
    account(database)
    async with Desk(sign_in_app(database)) as desk:
        begun, browser = await begin(desk), Browser(desk)
        shown = await browser.identify(begun, "anna", PASSWORD)
        shift(database, expires_at=ago(seconds=1))
        assert await refused(desk, begun) == "expired_token"
        assert (await browser.identify(begun, "anna", PASSWORD)).answer.status_code == 404
        assert (await browser.send(shown, decision="approve", mine="yes")).answer.status_code == 409
        assert await refused(desk, begun) == "expired_token"
        shift(database, expires_at=ago(hours=2))
        await begin(desk)
        assert await refused(desk, begun) == "invalid_grant", "swept by the next one"


async def test_an_approval_that_nobody_fetches_ends_with_the_code(database: Database) -> None:
    account(database)
    async with Desk(sign_in_app(database)) as desk:
        begun = await begin(desk)
        await approve(desk, begun)
        shift(database, expires_at=ago(seconds=1))
        assert await refused(desk, begun) == "expired_token"


async def test_a_lost_answer_comes_again_within_the_grace_and_ends_the_session_after_it(
    database: Database,
) -> None:
    account(database)
    async with Desk(sign_in_app(database)) as desk:
        begun = await begin(desk)
        await approve(desk, begun)
        first, again = await poll(desk, begun), await poll(desk, begun)
        same = ("access_token", "refresh_token", "scope")
        assert [first.json()[name] for name in same] == [again.json()[name] for name in same]
        assert (await desk.who(first.json()["access_token"])).status_code == 200
        shift(database, used_at=ago(seconds=31))
        assert await refused(desk, begun) == "invalid_grant"
        assert (await desk.who(first.json()["access_token"])).status_code == 401
        assert (await desk.try_refresh(first.json()["refresh_token"])).status_code == 400
    counted = database.read_now(lambda c: c.execute(select(sessions.c.id)).all())
    assert len(counted) == 1


async def test_two_questions_at_one_moment_open_one_session(database: Database) -> None:
    account(database)
    async with Desk(sign_in_app(database)) as desk:
        begun = await begin(desk)
        await approve(desk, begun)
        answers = await asyncio.gather(*(poll(desk, begun) for _ in range(6)))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.json()["refresh_token"] for answer in answers}) == 1
    assert len(database.read_now(lambda c: c.execute(select(sessions.c.id)).all())) == 1


async def test_a_code_is_good_for_the_program_that_began_and_no_other(database: Database) -> None:
    account(database)
    async with Desk(sign_in_app(database)) as desk:
        begun = await begin(desk)
        await approve(desk, begun)
        assert (await poll(desk, begun, client_id="another")).json()["error"] == "invalid_grant"
        assert (await poll(desk, begun | {"device_code": "made up"})).json()["error"] == "invalid_grant"
        assert (await poll(desk, begun)).status_code == 200


@pytest.mark.parametrize("form", [{}, {"client_id": ""}, {"client_id": "x" * 41}, {"client_id": "your bank"}])
async def test_a_program_must_say_what_it_is(sqlite_database: Database, form: dict[str, str]) -> None:
    async with Desk(sign_in_app(sqlite_database)) as desk:
        answer = await desk.post("/v1/oauth/device", data=form)
        assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")
        lacking = {"grant_type": GRANT_TYPE, "device_code": "x"}
        assert (await desk.post("/v1/oauth/token", data=lacking)).json()["error"] == "invalid_request"


async def test_a_terminal_that_waits_no_longer_takes_its_code_back(database: Database) -> None:
    account(database)
    async with Desk(sign_in_app(database)) as desk:
        waiting, approved = await begin(desk), await begin(desk)
        await approve(desk, approved)
        session = (await poll(desk, approved)).json()
        for begun in (waiting, approved):
            answer = await desk.post("/v1/oauth/revoke", data={"token": begun["device_code"]})
            assert answer.status_code == 200
            assert await refused(desk, begun) == "invalid_grant"
        assert (await Browser(desk).identify(waiting, "anna", PASSWORD)).answer.status_code == 404
        assert (await desk.who(session["access_token"])).status_code == 401


async def test_a_disabled_account_approves_nothing_and_gets_nothing(database: Database) -> None:
    account(database, "chief", "admin")
    account(database)
    async with Desk(sign_in_app(database)) as desk:
        begun, browser = await begin(desk), Browser(desk)
        shown = await browser.identify(begun, "anna", PASSWORD)
        approved = await begin(desk)
        await approve(desk, approved)
        plain = update(staff).where(staff.c.login == "anna").values(disabled=True)
        database.write_now(lambda connection: connection.execute(plain))
        assert await refused(desk, approved) == "invalid_grant"
        assert (await browser.send(shown, decision="approve", mine="yes")).answer.status_code == 409
        page = await browser.identify(begun, "anna", PASSWORD)
        assert (page.answer.status_code, "disabled" in page.text) == (403, True)
        assert await refused(desk, begun) == "authorization_pending"


@pytest.mark.parametrize("ended_by", ["a new password", "disabling"])
async def test_what_was_approved_and_not_fetched_ends_with_the_persons_sessions(
    database: Database, ended_by: str
) -> None:
    account(database, "chief", "admin")
    account(database)
    async with Desk(sign_in_app(database)) as desk:
        approved, shown = await begin(desk), await begin(desk)
        await approve(desk, approved)
        page = await Browser(desk).identify(shown, "anna", PASSWORD)
        now = datetime.now(UTC)
        if ended_by == "disabling":
            database.write_now(lambda c: set_disabled(c, "anna", True, now))
            database.write_now(lambda c: set_disabled(c, "anna", False, now))
        else:
            database.write_now(lambda c: set_password_of(c, "anna", "no hash", now))
        assert await refused(desk, approved) == "invalid_grant"
        assert (await Browser(desk).send(page, decision="approve", mine="yes")).answer.status_code == 409


async def test_a_password_that_was_changed_a_moment_ago_shows_nobody_who_asks(database: Database) -> None:
    anna = account(database)
    async with Desk(sign_in_app(database)) as desk:
        begun, now = await begin(desk), datetime.now(UTC)
    stored = database.read_now(lambda c: c.execute(select(staff.c.password_hash)).scalar_one())
    code = begun["user_code"]
    for shown in ("the one before", stored):
        look = partial(device_flow.look, user_code=code, staff_id=anna, password_hash=shown, now=now)
        assert (database.write_now(look) is not None) == (shown == stored)


async def test_only_the_right_password_hears_whether_a_code_is_good(sqlite_database: Database) -> None:
    account(sqlite_database)
    async with Desk(sign_in_app(sqlite_database)) as desk:
        begun, browser = await begin(desk), Browser(desk)
        wrong = "another few words"
        good = await browser.identify(begun, "anna", wrong)
        bad = await browser.identify(begun, "anna", wrong, user_code="BBBB-BBBB")
        assert good.answer.status_code == bad.answer.status_code == 403
        assert good.text == bad.text
        assert "name or the password is wrong" in good.text
        assert (good.fields["username"], good.fields["user_code"]) == ("anna", begun["user_code"])
        assert wrong not in good.answer.text


async def test_wrong_codes_and_wrong_passwords_count_as_failed_sign_ins(sqlite_database: Database) -> None:
    account(sqlite_database)
    account(sqlite_database, "berta")
    async with Desk(sign_in_app(sqlite_database)) as desk:
        begun, browser = await begin(desk), Browser(desk)
        for login, password in (("anna", PASSWORD), ("berta", "another few words")):
            typed = "BBBB-BBBB" if login == "anna" else begun["user_code"]
            pages = [await browser.identify(begun, login, password, user_code=typed) for _ in range(6)]
            wanted = [404] * 5 if login == "anna" else [403] * 5
            assert [page.answer.status_code for page in pages] == [*wanted, 429]
            assert 0 < int(pages[-1].answer.headers["retry-after"]) <= 15
            assert "Try again in" in pages[-1].text
            assert (await desk.try_sign_in(login)).status_code == 429


async def test_whoever_begins_too_many_is_slowed_down_and_others_are_not(sqlite_database: Database) -> None:
    app = sign_in_app(sqlite_database)
    async with Desk(app) as desk, Desk(app, "198.51.100.7") as other:
        statuses = [
            (await desk.post("/v1/oauth/device", data={"client_id": "x"})).status_code for _ in range(22)
        ]
        assert statuses == [200] * 20 + [429] * 2
        await begin(other)


async def test_another_site_can_neither_send_the_forms_nor_frame_the_pages(sqlite_database: Database) -> None:
    account(sqlite_database)
    async with Desk(sign_in_app(sqlite_database)) as desk:
        begun, browser = await begin(desk), Browser(desk)
        page = await browser.identify(begun, "anna", PASSWORD)
        for site in ("cross-site", "same-site"):
            form = page.fields | {"decision": "approve", "mine": "yes"}
            sent = await desk.post("/device/decision", data=form, headers={"Sec-Fetch-Site": site})
            assert sent.status_code == 403
        assert await refused(desk, begun) == "authorization_pending"
        first = await browser.open(begun["verification_uri_complete"])
        for answer in (first.answer, page.answer):
            policy = answer.headers["content-security-policy"]
            assert "default-src 'none'" in policy
            assert "frame-ancestors 'none'" in policy
            assert "form-action 'self'" in policy
            assert answer.headers["x-frame-options"] == "DENY"
            assert answer.headers["cache-control"] == "no-store"
            assert answer.headers["referrer-policy"] == "no-referrer"
            assert "set-cookie" not in answer.headers
            assert "<script" not in answer.text
            assert "width=device-width" in answer.text


async def test_a_made_up_ticket_decides_nothing(database: Database) -> None:
    account(database)
    async with Desk(sign_in_app(database)) as desk:
        begun = await begin(desk)
        for ticket in ("made up", "x" * 5000, begun["device_code"], begun["user_code"]):
            form = {"ticket": ticket, "decision": "approve", "mine": "yes"}
            assert (await desk.post("/device/decision", data=form)).status_code == 409
        assert await refused(desk, begun) == "authorization_pending"


async def test_the_last_to_sign_in_at_the_page_decides(database: Database) -> None:
    account(database)
    account(database, "berta")
    async with Desk(sign_in_app(database)) as desk:
        begun, browser = await begin(desk), Browser(desk)
        annas = await browser.identify(begun, "anna", PASSWORD)
        bertas = await browser.identify(begun, "berta", PASSWORD)
        assert (await browser.send(annas, decision="approve", mine="yes")).answer.status_code == 409
        assert "Approved." in (await browser.send(bertas, decision="approve", mine="yes")).text
        answer = await poll(desk, begun)
        assert (await desk.who(answer.json()["access_token"])).json() == "Berta, staff"


async def test_what_a_stranger_writes_is_text_on_the_page(sqlite_database: Database) -> None:
    account(sqlite_database)
    async with Desk(sign_in_app(sqlite_database)) as desk:
        evil = '"><script>alert(1)</script>'
        begun, browser = await begin(desk), Browser(desk)
        again = await browser.identify(begun, evil, "x", user_code=evil)
        assert again.fields["username"] == evil
        opened = await browser.open(f"/device?user_code={evil}")
        for shown in (again, opened):
            assert "<script" not in shown.answer.text


async def test_the_log_tells_what_happened_without_codes_and_names(
    sqlite_database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "keeptabs")
    anna = account(sqlite_database)
    async with Desk(sign_in_app(sqlite_database)) as desk:
        begun = await begin(desk)
        await Browser(desk).identify(begun, "anna", PASSWORD, user_code="BBBB-BBBB")
        await approve(desk, begun)
        session = (await poll(desk, begun)).json()
    log = caplog.text
    for told in (
        "begun address=192.0.2.1",
        f"wrong device code address=192.0.2.1 staff={anna}",
        f"approved address=192.0.2.1 staff={anna}",
        f"signed in by another device address=192.0.2.1 staff={anna}",
    ):
        assert told in log
    secrets = (begun["device_code"], begun["user_code"], PASSWORD, "anna", session["refresh_token"])
    assert not [secret for secret in secrets if secret in log]


async def test_pages_of_the_device_flow_are_bounded(sqlite_database: Database) -> None:
    async with Desk(sign_in_app(sqlite_database)) as desk:
        for path in ("/device/request", "/device/decision", "/v1/oauth/device"):
            answer = await desk.post(path, data={"client_id": "x", "ticket": "y" * 9000})
            assert answer.status_code == 400
        assert device_flow.typed_code("Z" * 100_000) == ""
