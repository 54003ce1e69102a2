"""Passwords: checked alike for everyone, hashed anew in time, changed by their owners."""

import pytest
from sqlalchemy import Connection, select, update

from server.auth.passwords import Passwords
from server.store.database import Database
from server.store.tables import events, sessions, staff
from tests.server.signing_in import PASSWORD, Desk, account, settings, sign_in_app


async def test_a_wrong_password_an_unknown_name_and_no_password_look_alike(database: Database) -> None:
    account(database)
    account(database, "eve", password="")
    async with Desk(sign_in_app(database, sign_in_limits=False)) as desk:
        answers = [
            await desk.try_sign_in("anna", "another few words"),
            await desk.try_sign_in("nobody", PASSWORD),
            await desk.try_sign_in("no such name at all\x00", PASSWORD),
            await desk.try_sign_in("eve", PASSWORD),
            await desk.try_sign_in("anna", "x" * 5000),
        ]
    assert {answer.status_code for answer in answers} == {400}
    assert {answer.text for answer in answers} == {answers[0].text}
    assert answers[0].json()["error"] == "invalid_grant"


async def test_an_unknown_name_costs_as_many_hashes_as_a_known_one(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    account(sqlite_database)
    app = sign_in_app(sqlite_database, sign_in_limits=False)
    made: list[str] = []
    hasher = app.state.sign_in.passwords._hasher
    for name in ("hash", "verify"):
        original = getattr(type(hasher), name)

        def counted(*arguments: object, name: str = name, original: object = original) -> object:
            made.append(name)
            return original(*arguments)  # type: ignore[operator]

        monkeypatch.setattr(type(hasher), name, counted)
    async with Desk(app) as desk:
        await desk.try_sign_in("anna", "another few words")
        await desk.try_sign_in("nobody", "another few words")
    assert made == ["verify", "hash"]


async def test_the_same_password_typed_by_another_keyboard_is_right(database: Database) -> None:
    account(database, password="Zoë’s naïve café")
    async with Desk(sign_in_app(database)) as desk:
        await desk.sign_in(password="Zoe\u0308’s nai\u0308ve\u00a0cafe\u0301")


async def test_a_hash_made_with_older_parameters_is_made_anew_at_sign_in(database: Database) -> None:
    account(database)
    async with Desk(sign_in_app(database, password_memory_kib=64)) as desk:
        await desk.sign_in()
        stored = database.read_now(lambda c: c.execute(select(staff.c.password_hash)).scalar_one())
        assert "m=64," in stored
        await desk.sign_in()


async def test_a_password_set_between_check_and_session_counts_already(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    account(database)
    app = sign_in_app(database)
    passwords: Passwords = app.state.sign_in.passwords
    check = passwords.check

    async def overtaken(stored: str, password: str, *, known: bool) -> object:
        verdict = await check(stored, password, known=known)
        other = Passwords(settings()).hash_now("an admin set this one")
        database.write_now(lambda c: c.execute(update(staff).values(password_hash=other)))
        return verdict

    monkeypatch.setattr(passwords, "check", overtaken)
    async with Desk(app) as desk:
        assert (await desk.try_sign_in()).status_code == 400
    assert database.read_now(lambda c: c.execute(select(sessions)).all()) == []


class TestOwnPassword:
    async def test_a_new_password_ends_the_other_sessions_and_is_in_the_history(
        self, database: Database
    ) -> None:
        anna = account(database)
        async with Desk(sign_in_app(database)) as desk:
            other, own = await desk.sign_in(), await desk.sign_in()
            desk.headers["Authorization"] = f"Bearer {own.access_token}"
            change = {"current": PASSWORD, "new": "other words in a row"}
            assert (await desk.post("/v1/me/password", json=change)).status_code == 204
            assert (await desk.who(other.access_token)).status_code == 401
            assert (await desk.who(own.access_token)).status_code == 200
            assert (await desk.try_sign_in()).status_code == 400
            await desk.sign_in(password="other words in a row")
            assert (await desk.post("/v1/me/password", json=change)).status_code == 204, "sent twice"
        kept = database.read_now(
            lambda c: c.execute(select(events).where(events.c.kind == "staff.changed")).all()
        )
        assert [(row.record_id, row.actor_id, row.changes) for row in kept] == [
            (anna, anna, [{"field": "/password"}])
        ]

    @pytest.mark.parametrize(
        ("change", "pointer", "code"),
        [
            ({"current": "not this one", "new": "other words in a row"}, "/current", "wrong_password"),
            ({"current": PASSWORD, "new": "short"}, "/new", "weak_password"),
            ({"current": PASSWORD, "new": "ANNA-THE-10th"}, "/new", "weak_password"),
            ({"current": PASSWORD, "new": "aaaaaaaaaaaaaaaa"}, "/new", "weak_password"),
            ({"current": PASSWORD, "new": "x1y2" * 300}, "/new", "weak_password"),
        ],
    )
    async def test_what_is_not_taken_says_which_field_and_why(
        self, sqlite_database: Database, change: dict[str, str], pointer: str, code: str
    ) -> None:
        account(sqlite_database, "anna-the-10th")
        async with Desk(sign_in_app(sqlite_database)) as desk:
            token = (await desk.sign_in("anna-the-10th")).access_token
            answer = await desk.post(
                "/v1/me/password", json=change, headers={"Authorization": f"Bearer {token}"}
            )
        assert answer.status_code == 422
        (fault,) = answer.json()["errors"]
        assert (fault["pointer"], fault["code"]) == (pointer, code)

    async def test_who_found_an_open_desk_cannot_guess_the_password(self, sqlite_database: Database) -> None:
        account(sqlite_database)
        async with Desk(sign_in_app(sqlite_database)) as desk:
            desk.headers["Authorization"] = f"Bearer {(await desk.sign_in()).access_token}"
            answers = [
                await desk.post("/v1/me/password", json={"current": f"guess {n}", "new": "other words here"})
                for n in range(7)
            ]
        assert [answer.status_code for answer in answers] == [422] * 5 + [429] * 2


def _sessions_and_people(connection: Connection) -> list[object]:
    return [*connection.execute(select(sessions)), *connection.execute(select(staff))]


class TestShownAgain:
    """What opens a locked screen."""

    @pytest.mark.feature("F12.2")
    async def test_the_right_one_is_told_and_neither_begins_nor_ends_a_session(
        self, database: Database
    ) -> None:
        account(database)
        async with Desk(sign_in_app(database)) as desk:
            own = await desk.sign_in()
            before = database.read_now(_sessions_and_people)
            desk.headers["Authorization"] = f"Bearer {own.access_token}"
            answer = await desk.post("/v1/me/password/check", json={"password": PASSWORD})
            assert answer.status_code == 204, answer.text
            assert answer.headers["Cache-Control"] == "no-store"
            assert (await desk.who(own.access_token)).status_code == 200
        assert database.read_now(_sessions_and_people) == before

    @pytest.mark.feature("F12.2")
    async def test_wrong_ones_count_with_failed_sign_ins(self, sqlite_database: Database) -> None:
        account(sqlite_database)
        async with Desk(sign_in_app(sqlite_database)) as desk:
            desk.headers["Authorization"] = f"Bearer {(await desk.sign_in()).access_token}"
            answers = [
                await desk.post("/v1/me/password/check", json={"password": f"guess {n}"}) for n in range(4)
            ]
            answers.append(await desk.post("/v1/me/password/check", json={"password": PASSWORD + "x" * 2000}))
            assert [answer.status_code for answer in answers] == [422] * 5
            assert {answer.json()["errors"][0]["code"] for answer in answers} == {"wrong_password"}
            late = await desk.post("/v1/me/password/check", json={"password": PASSWORD})
            assert late.status_code == 429
            assert int(late.headers["Retry-After"]) > 0
            assert (await desk.try_sign_in()).status_code == 429, "one count for both"

    @pytest.mark.feature("F12.2")
    async def test_who_has_none_is_told_so(self, sqlite_database: Database) -> None:
        anna = account(sqlite_database)
        async with Desk(sign_in_app(sqlite_database)) as desk:
            token = (await desk.sign_in()).access_token
            sqlite_database.write_now(
                lambda c: c.execute(update(staff).where(staff.c.id == anna).values(password_hash=""))
            )
            answer = await desk.post(
                "/v1/me/password/check",
                json={"password": PASSWORD},
                headers={"Authorization": f"Bearer {token}"},
            )
        assert (answer.status_code, answer.json()["code"]) == (409, "no_password")

    async def test_it_is_for_who_is_signed_in(self, sqlite_database: Database) -> None:
        account(sqlite_database)
        async with Desk(sign_in_app(sqlite_database)) as desk:
            answer = await desk.post("/v1/me/password/check", json={"password": PASSWORD})
        assert answer.status_code == 401
