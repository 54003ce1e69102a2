"""Signing in, staying signed in, and signing out: on both databases."""

import logging
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from server.auth.device_flow import GRANT_TYPE
from server.store.database import Database
from server.store.migrations import upgrade
from server.store.tables import staff, tokens
from tests.postgresql import cluster
from tests.server.signing_in import PASSWORD, Desk, account, sign_in_app


@pytest.mark.feature("F12.1")
async def test_a_session_lives_from_sign_in_over_refreshes_to_sign_out(database: Database) -> None:
    account(database)
    async with Desk(sign_in_app(database)) as desk:
        first = await desk.sign_in()
        assert (await desk.who(first.access_token)).json() == "Anna, staff"
        second = await desk.refresh(first.refresh_token)
        assert (await desk.who(second.access_token)).status_code == 200
        assert (await desk.who(first.access_token)).status_code == 200, "until it ends by itself"
        answer = await desk.post("/v1/oauth/revoke", data={"token": second.refresh_token})
        assert answer.status_code == 200
        for ended in (first, second):
            assert (await desk.who(ended.access_token)).status_code == 401
            assert (await desk.try_refresh(ended.refresh_token)).status_code == 400


async def test_tokens_are_short_and_answers_are_kept_by_nobody(database: Database) -> None:
    account(database)
    async with Desk(sign_in_app(database)) as desk:
        answer = await desk.try_sign_in()
    given = answer.json()
    assert answer.headers["cache-control"] == "no-store"
    assert given["token_type"] == "Bearer"
    assert given["expires_in"] == 600
    assert given["scope"] == "staff"
    assert len(given["access_token"]) == len(given["refresh_token"]) == 22


async def test_the_database_holds_neither_tokens_nor_passwords(sqlite_database: Database) -> None:
    account(sqlite_database)
    async with Desk(sign_in_app(sqlite_database)) as desk:
        first = await desk.sign_in()
        second = await desk.refresh(first.refresh_token)
    path = sqlite_database.engine.url.database
    assert path is not None
    sqlite_database.close()
    with open(path, "rb") as file:  # noqa: PTH123, ASYNC230 - one read at the end of a test
        content = file.read()
    for secret in (
        first.access_token,
        first.refresh_token,
        second.access_token,
        second.refresh_token,
        PASSWORD,
    ):
        assert secret.encode() not in content
    assert b"$argon2id$" in content


async def test_signing_in_works_in_any_case_of_the_name(database: Database) -> None:
    account(database)
    async with Desk(sign_in_app(database)) as desk:
        await desk.sign_in(" Anna ")


@pytest.mark.feature("F12.3")
async def test_a_disabled_account_is_out_at_once_and_told_so_only_with_the_right_password(
    database: Database,
) -> None:
    anna = account(database)
    async with Desk(sign_in_app(database)) as desk:
        session = await desk.sign_in()
        database.write_now(lambda c: c.execute(update(staff).where(staff.c.id == anna).values(disabled=True)))
        assert (await desk.who(session.access_token)).status_code == 401
        assert (await desk.try_refresh(session.refresh_token)).json()["error"] == "invalid_grant"
        assert "disabled" in (await desk.try_sign_in()).json()["error_description"]
        assert "disabled" not in (await desk.try_sign_in(password="another few words")).text


@pytest.mark.feature("F12.3")
async def test_a_role_decides_what_is_allowed_and_a_new_role_counts_at_once(database: Database) -> None:
    anna = account(database, role="viewer")
    async with Desk(sign_in_app(database)) as desk:
        desk.headers["Authorization"] = f"Bearer {(await desk.sign_in()).access_token}"
        refused = await desk.get("/write")
        assert refused.status_code == 403
        assert refused.json()["code"] == "forbidden"
        database.write_now(lambda c: c.execute(update(staff).where(staff.c.id == anna).values(role="staff")))
        assert (await desk.get("/write")).json() == anna


async def test_without_a_good_token_the_answer_says_how_to_get_one(database: Database) -> None:
    async with Desk(sign_in_app(database)) as desk:
        plain = await desk.get("/who")
        assert (plain.status_code, plain.headers["www-authenticate"]) == (401, "Bearer")
        assert plain.headers["content-type"] == "application/problem+json"
        for header in ("Bearer made-up", "bearer \xe4\xf6\xfc", "Bearer " + "x" * 5000):
            invalid = await desk.get("/who", headers={b"Authorization": header.encode("latin-1")})
            assert invalid.status_code == 401
            assert invalid.headers["www-authenticate"] == 'Bearer error="invalid_token"'
        assert (await desk.get("/who", headers={"Authorization": "Basic YTpi"})).status_code == 401


async def test_a_refresh_token_opens_no_door_and_an_access_token_renews_nothing(database: Database) -> None:
    account(database)
    async with Desk(sign_in_app(database)) as desk:
        session = await desk.sign_in()
        assert (await desk.who(session.refresh_token)).status_code == 401
        assert (await desk.try_refresh(session.access_token)).json()["error"] == "invalid_grant"


async def test_an_access_token_ends_by_itself(database: Database) -> None:
    account(database)
    async with Desk(sign_in_app(database)) as desk:
        session = await desk.sign_in()
        past = datetime.now(UTC) - timedelta(seconds=1)
        database.write_now(
            lambda c: c.execute(update(tokens).where(tokens.c.kind == "access").values(expires_at=past))
        )
        assert (await desk.who(session.access_token)).status_code == 401
        await desk.refresh(session.refresh_token)


@pytest.mark.parametrize(
    ("content_type", "body", "error"),
    [
        ("application/json", b'{"grant_type":"password"}', "invalid_request"),
        ("application/x-www-form-urlencoded", b"", "invalid_request"),
        ("application/x-www-form-urlencoded", b"grant_type=", "invalid_request"),
        ("application/x-www-form-urlencoded", b"grant_type=magic", "unsupported_grant_type"),
        ("application/x-www-form-urlencoded", b"grant_type=password", "invalid_request"),
        ("application/x-www-form-urlencoded", b"grant_type=password&username=anna", "invalid_request"),
        ("application/x-www-form-urlencoded", b"grant_type=refresh_token", "invalid_request"),
        ("application/x-www-form-urlencoded", b"grant_type=password&grant_type=password", "invalid_request"),
        ("application/x-www-form-urlencoded", b"x=1&x=2&grant_type=magic", "unsupported_grant_type"),
        ("application/x-www-form-urlencoded", b"\xff\xfe", "invalid_request"),
        ("application/x-www-form-urlencoded", b"grant_type=%ff", "invalid_request"),
        ("application/x-www-form-urlencoded", b"a=1&" * 5000, "invalid_request"),
        ("application/x-www-form-urlencoded", b"x=" + b"y" * 9000, "invalid_request"),
        ("", b"grant_type=password", "invalid_request"),
    ],
)
async def test_a_form_that_is_none_is_refused_with_a_sentence(
    sqlite_database: Database, content_type: str, body: bytes, error: str
) -> None:
    async with Desk(sign_in_app(sqlite_database)) as desk:
        answer = await desk.post("/v1/oauth/token", content=body, headers={"Content-Type": content_type})
    assert answer.status_code == 400
    assert answer.json()["error"] == error
    assert answer.json()["error_description"].endswith(".")
    assert answer.headers["cache-control"] == "no-store"


async def test_revoking_an_unknown_token_is_no_error_and_no_token_at_all_is_one(database: Database) -> None:
    async with Desk(sign_in_app(database)) as desk:
        assert (await desk.post("/v1/oauth/revoke", data={"token": "made up"})).status_code == 200
        refused = await desk.post("/v1/oauth/revoke", data={"token_type_hint": "refresh_token"})
        assert (refused.status_code, refused.json()["error"]) == (400, "invalid_request")


async def test_discovery_names_the_endpoints_where_the_client_reached_them(database: Database) -> None:
    async with Desk(sign_in_app(database)) as desk:
        found = (await desk.get("/.well-known/oauth-authorization-server")).json()
    assert found["issuer"] == "http://desk.test"
    assert found["token_endpoint"] == "http://desk.test/v1/oauth/token"
    assert found["grant_types_supported"] == ["password", "refresh_token", GRANT_TYPE]
    async with Desk(sign_in_app(database, public_url="https://keep.example/")) as desk:
        found = (await desk.get("/.well-known/oauth-authorization-server")).json()
    assert found["revocation_endpoint"] == "https://keep.example/v1/oauth/revoke"


async def test_while_the_database_is_gone_the_answer_is_503_with_a_sentence(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with cluster() as url:
        database = Database(url)
        upgrade(database)
        account(database)
        app = sign_in_app(database)
        async with Desk(app) as desk:
            session = await desk.sign_in()
    async with Desk(app) as desk:
        answers = [
            await desk.who(session.access_token),
            await desk.try_refresh(session.refresh_token),
            await desk.try_sign_in(),
        ]
    database.close()
    for answer in answers:
        assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
        assert answer.headers["retry-after"]
    assert "the database does not answer" in caplog.text
    assert "Traceback" not in caplog.text


async def test_the_log_has_neither_names_nor_secrets(
    sqlite_database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "keeptabs")
    account(sqlite_database)
    async with Desk(sign_in_app(sqlite_database)) as desk:
        session = await desk.sign_in()
        await desk.try_sign_in(password="another few words")
        await desk.try_sign_in("a password typed into the wrong field")
        await desk.refresh(session.refresh_token)
        await desk.get("/who?q=Kowalska", headers={"Authorization": f"Bearer {session.access_token}"})
        await desk.get("/v1/customers/Kowalska")
    log = caplog.text
    assert "sign-in refused" in log
    assert "get_tokens" in log
    for secret in ("words", "wrong field", "anna", "Kowalska", session.access_token, session.refresh_token):
        assert secret not in log.replace("who_who_get", "")
