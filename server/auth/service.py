"""What sign-in works with, made once for an application."""

from dataclasses import dataclass

from fastapi import FastAPI, Request

from server.auth.limits import SignInLimits
from server.auth.passwords import Passwords
from server.auth.tokens import Lifetimes
from server.config import ServerSettings
from server.store.database import Database


@dataclass(frozen=True, slots=True)
class SignIn:
    """The parts that sign-in needs."""

    database: Database
    lifetimes: Lifetimes
    passwords: Passwords
    limits: SignInLimits | None
    public_url: str

    @classmethod
    def install(cls, app: FastAPI, settings: ServerSettings, database: Database) -> "SignIn":
        """Make it for an application; `SignIn.of` finds it from a request."""
        made = cls(
            database=database,
            lifetimes=Lifetimes.of(settings),
            passwords=Passwords(settings),
            limits=SignInLimits() if settings.sign_in_limits else None,
            public_url=settings.public_url.rstrip("/"),
        )
        app.state.sign_in = made
        return made

    @classmethod
    def of(cls, request: Request) -> "SignIn":
        """Find it from a request."""
        found: SignIn = request.app.state.sign_in
        return found
