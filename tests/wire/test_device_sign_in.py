"""Signing in from another device on a real terminal with a real server: the code, and what waiting costs."""

import asyncio
import re
import shutil
import time
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from tests.browser import Browser
from tests.wire.office import LOGIN, PASSWORD, office


def approve(url: str, code: str) -> str:
    async def browse() -> str:
        async with httpx.AsyncClient(base_url=url, trust_env=False) as client:
            begun = {"verification_uri_complete": f"/device?user_code={code}"}
            return (await Browser(client).approve(begun, LOGIN, PASSWORD)).text

    return asyncio.run(browse())


@pytest.mark.feature("F12.1")
def test_waiting_for_the_other_device_writes_nothing_and_then_the_list_opens(
    sample: Path, tmp_path: Path
) -> None:
    shutil.copyfile(sample, tmp_path / "office.sqlite")
    impatient = {"KEEPTABS_SERVER_DEVICE_POLL_SECONDS": "1"}
    with office(tmp_path, str(tmp_path / "office.sqlite"), impatient) as one:
        fresh = replace(one, folder=tmp_path / "fresh", closing=ExitStack())
        with fresh.closing:
            terminal = fresh.open("--server", one.url)
            terminal.wait_for("F3 by phone or browser")
            terminal.press("f3")
            terminal.wait_for("type the code that you see here:")
            terminal.wait_quiet(0.5)
            shown = terminal.byte_count
            time.sleep(4)
            assert terminal.byte_count == shown
            assert shown <= 3_500
            code = re.search(r"[A-Z]{4}-[A-Z]{4}", terminal.text)
            assert code
            assert "Approved." in approve(one.url, code.group())
            terminal.wait_for(" customers")
