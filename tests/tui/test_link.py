"""How the link is, and what went over it, in a box that is asked for."""

from pathlib import Path

import pytest

from tests.live import LiveServer
from tests.tui.desks import at_desk

pytestmark = pytest.mark.feature("F11.4")


async def test_it_tells_state_bytes_and_what_is_counted(live_server: LiveServer, tmp_path: Path) -> None:
    async with at_desk(live_server, tmp_path) as person:
        await person.sees("customers")
        await person.press("f9")
        await person.type("how the link")
        await person.press("enter")
        await person.sees("Received")
        meter = person.app.desk.api.transport.meter
        assert f"{meter.requests} requests" in person.screen
        assert "online" in person.screen
        assert "all of it, with TLS, TCP and IP" in person.screen
        await person.press("escape")
        await person.sees_no("Received")
