"""A password among what is sent: only its hash goes on, and what is kept of the request does not know it."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from pydantic_core import to_json

from server.auth.passwords import weakness
from server.auth.service import SignIn
from server.problems import Fault, invalid
from server.routes.call import Call

LoginOf = Callable[[Call, dict[str, Any]], Awaitable[str]]
"""Gives the sign-in name that a password must not be made of; empty where there is none yet."""


async def _no_login(call: Call, sent: dict[str, Any]) -> str:
    del call, sent
    return ""


def hashed(login_of: LoginOf = _no_login) -> Callable[[Call, dict[str, Any]], Awaitable[Any]]:
    """Give what puts the hash of `password` in its place. Raises 422 for one that is guessed too easily."""

    async def hash_password(call: Call, sent: dict[str, Any]) -> tuple[Call, dict[str, Any]]:
        password = sent.get("password")
        if password is None:
            return call, sent
        sentence = weakness(password, await login_of(call, sent))
        if sentence is not None:
            raise invalid(Fault("/password", "weak_password", sentence))
        kept = await SignIn.of(call.request).passwords.hash(password)
        return replace(call, body=to_json({**sent, "password": ""})), {**sent, "password": kept}

    return hash_password
