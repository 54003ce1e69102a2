"""What tests of sign-in share: an application with little else, accounts, and cheap hashes."""

from datetime import UTC, datetime
from typing import Annotated, Any

import httpx
from fastapi import FastAPI, Security

from client.models import Tokens
from server.accounts import add
from server.auth import Actor, current_actor
from server.auth.passwords import Passwords
from server.auth.routes import add_sign_in
from server.config import ServerSettings
from server.middleware import add_middleware
from server.problems import add_problems
from server.store.database import Database

PASSWORD = "a few words in a row"


def settings(**changes: Any) -> ServerSettings:
    cheap = {"password_memory_kib": 32, "password_passes": 1, "password_lanes": 1}
    return ServerSettings(**{**cheap, **changes})


def sign_in_app(database: Database, **changes: Any) -> FastAPI:
    """Give an application with sign-in, and two doors: `/who` for everyone, `/write` for writers."""
    app = FastAPI(redirect_slashes=False)
    app.state.database = database
    add_problems(app)
    add_middleware(app, settings(**changes))
    add_sign_in(app, settings(**changes), database)

    @app.get("/who")
    async def who(actor: Annotated[Actor, Security(current_actor)]) -> str:
        return f"{actor.name}, {actor.role}"

    @app.get("/write")
    async def write(
        actor: Annotated[Actor, Security(current_actor, scopes=["customers:write"])],
    ) -> str:
        return actor.id

    return app


def account(database: Database, login: str = "anna", role: str = "staff", password: str = PASSWORD) -> str:
    """Make an account and give its id."""
    hashed = Passwords(settings()).hash_now(password) if password else ""
    given = {"login": login, "name": login.title(), "role": role}
    return database.write_now(lambda connection: add(connection, given, hashed, datetime.now(UTC))).id


class Desk(httpx.AsyncClient):
    """A client of an application in this process, from an address of choice."""

    def __init__(self, app: FastAPI, address: str = "192.0.2.1") -> None:
        transport = httpx.ASGITransport(app, client=(address, 40000))
        super().__init__(transport=transport, base_url="http://desk.test")

    async def try_sign_in(self, login: str = "anna", password: str = PASSWORD) -> httpx.Response:
        form = {"grant_type": "password", "username": login, "password": password}
        return await self.post("/v1/oauth/token", data=form)

    async def sign_in(self, login: str = "anna", password: str = PASSWORD) -> Tokens:
        answer = await self.try_sign_in(login, password)
        assert answer.status_code == 200, answer.text
        return Tokens(**answer.json())

    async def try_refresh(self, token: str) -> httpx.Response:
        form = {"grant_type": "refresh_token", "refresh_token": token}
        return await self.post("/v1/oauth/token", data=form)

    async def refresh(self, token: str) -> Tokens:
        answer = await self.try_refresh(token)
        assert answer.status_code == 200, answer.text
        return Tokens(**answer.json())

    async def who(self, token: str) -> httpx.Response:
        return await self.get("/who", headers={"Authorization": f"Bearer {token}"})
