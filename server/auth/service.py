"""What sign-in works with, made once for an application."""

from dataclasses import dataclass
from datetime import timedelta

from fastapi import FastAPI, Request

from server.auth.limits import DeviceLimits, SignInLimits
from server.auth.passwords import Passwords
from server.auth.tokens import Lifetimes
from server.config import ServerSettings
from server.middleware.buckets import Buckets
from server.store.database import Database


@dataclass(frozen=True, slots=True)
class SignIn:
    """The parts that sign-in needs."""

    database: Database
    lifetimes: Lifetimes
    passwords: Passwords
    limits: SignInLimits | None
    public_url: str
    devices: "Devices | None" = None
    """What signing in from another device needs; None where that is not offered."""

    @classmethod
    def install(cls, app: FastAPI, settings: ServerSettings, database: Database) -> "SignIn":
        """Make it for an application; `SignIn.of` finds it from a request."""
        made = cls(
            database=database,
            lifetimes=Lifetimes.of(settings),
            passwords=Passwords(settings),
            limits=SignInLimits() if settings.sign_in_limits else None,
            public_url=settings.public_url.rstrip("/"),
            devices=Devices.of(settings) if settings.device_sign_in else None,
        )
        app.state.sign_in = made
        return made

    @classmethod
    def of(cls, request: Request) -> "SignIn":
        """Find it from a request."""
        found: SignIn = request.app.state.sign_in
        return found

    def issuer(self, request: Request) -> str:
        """Give the server's URL: the one it was told, else the one that the request went to."""
        return self.public_url or str(request.base_url).rstrip("/")


@dataclass(frozen=True, slots=True)
class Devices:
    """The parts that signing in from another device needs."""

    good_for: timedelta
    interval: int
    pace: Buckets
    """How often one waiting terminal may ask: one question too early is no harm on a line that stutters."""
    limits: DeviceLimits | None

    @classmethod
    def of(cls, settings: ServerSettings) -> "Devices":
        """Take them from the settings."""
        return cls(
            good_for=timedelta(seconds=settings.device_code_seconds),
            interval=settings.device_poll_seconds,
            pace=Buckets(burst=2, per_second=1 / settings.device_poll_seconds),
            limits=DeviceLimits() if settings.sign_in_limits else None,
        )
