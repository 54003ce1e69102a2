"""Stopped by a key and gone on with, keys are read as before."""

import asyncio
import subprocess
import sys
from typing import Any

import pytest
from textual.app import App
from textual.events import Key
from textual.message import Message

from tui.terminal.keys import KeySettler


async def test_after_a_stop_in_mid_settling_keys_are_delivered_again() -> None:
    app: App[Any] = App()
    delivered: list[Message] = []
    came = asyncio.Event()

    def deliver(event: Message) -> None:
        delivered.append(event)
        came.set()

    async with app.run_test():
        settler = KeySettler(app, deliver)
        settler.accept(Key("down", None))
        settler.stop()
        settler.accept(Key("up", None))
        async with asyncio.timeout(5):
            await came.wait()
    assert [event.key for event in delivered if isinstance(event, Key)] == ["up"]


@pytest.mark.parametrize(
    ("started", "offered"),
    [({"process_group": 0}, "True"), ({"start_new_session": True}, "False"), ({}, "False")],
    ids=["by a shell with job control", "at the head of a session", "by a script"],
)
def test_stopping_is_offered_where_somebody_can_go_on(started: dict[str, Any], offered: str) -> None:
    asks = "from tui.terminal import signals; print(signals.has_shell())"
    answer = subprocess.run(
        [sys.executable, "-c", asks], capture_output=True, text=True, check=True, **started
    )
    assert answer.stdout.strip() == offered
