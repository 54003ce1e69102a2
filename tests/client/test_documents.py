"""Documents over a real link, which is cut: every byte arrives, once, and nothing lands elsewhere."""

import asyncio
import stat
from pathlib import Path
from random import Random
from typing import Any

import pytest

from client import documents, errors, models
from client.api import CustomerApi
from client.session import SessionStore
from client.transport import LinkSettings, Transport
from tests.client.conftest import Desk
from tests.client.cutting_proxy import Way, cutting_proxy

CONTENT = b"%PDF-1.7\n" + Random(7).randbytes(400_000)  # noqa: S311 - noise that no coding shortens
MEMBERS: dict[str, Any] = {"name": "agreement.pdf", "type": "agreement"}


class Steps(list[tuple[int, int]]):
    """What a progress bar heard."""

    def __call__(self, have: int, whole: int) -> None:
        self.append((have, whole))


async def customer(api: CustomerApi) -> str:
    return (await api.customers.create({"display_name": "Joanna Byrne"})).value.id


def file(tmp_path: Path, content: bytes = CONTENT) -> Path:
    path = tmp_path / "agreement.pdf"
    path.write_bytes(content)
    return path


@pytest.mark.feature("F8.2")
async def test_a_file_goes_up_and_comes_down_the_same_with_its_progress(
    api: CustomerApi, tmp_path: Path
) -> None:
    customer_id, up, down = await customer(api), Steps(), Steps()
    document = await documents.upload(api, customer_id, file(tmp_path), MEMBERS, up)
    assert document.state == "stored"
    assert up == sorted(up)
    assert up[-1] == (len(CONTENT), len(CONTENT))
    folder = tmp_path / "downloads"
    path = await documents.download(api, customer_id, document, folder, down)
    assert path == folder / "agreement.pdf"
    assert path.read_bytes() == CONTENT
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert down[-1] == (len(CONTENT), len(CONTENT))
    second = await documents.download(api, customer_id, document, folder, Steps())
    assert second.name == "agreement (2).pdf"
    assert sorted(found.name for found in folder.iterdir()) == ["agreement (2).pdf", "agreement.pdf"]


@pytest.mark.feature("F8.2")
@pytest.mark.parametrize(("way", "after"), [("up", 90_000), ("up", 250_000), ("down", 1_500)])
async def test_an_upload_goes_on_where_the_link_was_cut(
    desk: Desk, api: CustomerApi, store: SessionStore, tmp_path: Path, way: Way, after: int
) -> None:
    customer_id = await customer(api)
    async with (
        cutting_proxy(desk.port) as proxy,
        Transport(LinkSettings(server=proxy.url), api.transport.authority) as transport,
    ):
        proxy.arm(way, after)
        document = await documents.upload(
            CustomerApi(transport), customer_id, file(tmp_path), MEMBERS, Steps()
        )
        assert proxy.way is None
        assert proxy.bytes_up < len(CONTENT) * 1.9
    assert await documents.fetch(api, customer_id, document, Steps()) == CONTENT
    assert [found.id async for found in api.documents(customer_id).each()] == [document.id]


@pytest.mark.feature("F8.2")
async def test_an_upload_that_ended_with_the_program_goes_on_at_the_next_try(
    api: CustomerApi, tmp_path: Path
) -> None:
    customer_id = await customer(api)

    def stop(have: int, whole: int) -> None:
        if have > 100_000:
            raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        await documents.upload(api, customer_id, file(tmp_path), MEMBERS, stop)
    steps = Steps()
    document = await documents.upload(api, customer_id, file(tmp_path), MEMBERS, steps)
    assert steps[0][0] > 100_000
    assert document.state == "stored"


@pytest.mark.feature("F8.2")
async def test_a_download_goes_on_with_what_had_come(api: CustomerApi, tmp_path: Path) -> None:
    customer_id = await customer(api)
    document = await documents.upload(api, customer_id, file(tmp_path), MEMBERS, Steps())
    folder = tmp_path / "downloads"

    def stop(have: int, whole: int) -> None:
        if have > 100_000:
            raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        await documents.download(api, customer_id, document, folder, stop)
    (part,) = folder.iterdir()
    assert stat.S_IMODE(part.stat().st_mode) == 0o600
    steps = Steps()
    path = await documents.download(api, customer_id, document, folder, steps)
    assert steps[0][0] > 100_000
    assert path.read_bytes() == CONTENT
    assert list(folder.iterdir()) == [path]


@pytest.mark.feature("F8.2")
async def test_what_was_planted_in_place_of_a_part_is_found_out(api: CustomerApi, tmp_path: Path) -> None:
    customer_id = await customer(api)
    document = await documents.upload(api, customer_id, file(tmp_path), MEMBERS, Steps())
    folder = tmp_path / "downloads"
    folder.mkdir()
    (folder / f".agreement.pdf.{document.id[-8:]}.part").write_bytes(b"planted" * 1000)
    path = await documents.download(api, customer_id, document, folder, Steps())
    assert path.read_bytes() == CONTENT


def test_nothing_is_written_into_what_others_can_read(tmp_path: Path) -> None:
    part = documents.Part(tmp_path / "begun.part", 100)
    (tmp_path / "begun.part").touch(0o666)
    with pytest.raises(PermissionError):
        part.add(b"of a person")
    assert documents.Part(tmp_path / "begun.part", 100).content == b""
    documents.Part(tmp_path / "begun.part", 100).add(b"of a person")
    assert documents.Part(tmp_path / "begun.part", 100).content == b"of a person"


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../.ssh/authorized_keys", "authorized_keys.bin"),
        ("/etc/cron.d/job.txt", "job.txt"),
        ("C:\\Users\\x\\run.exe", "run.exe.bin"),
        ("..", "document.bin"),
        (".bashrc", "bashrc.bin"),
        ("a\x1b[2Jb.pdf", "a_[2Jb.pdf"),
        ("Vertrag Müller (2).pdf", "Vertrag Müller (2).pdf"),
        ("契" * 150 + ".pdf", "契" * 66 + ".pdf"),
        ("." * 9 + "x" * 300 + ".txt", "x" * 200 + ".txt"),
    ],
)
def test_no_name_leads_out_of_the_folder(name: str, safe: str) -> None:
    assert documents.safe_name(name) == safe


async def test_a_hostile_server_cannot_choose_where_a_file_goes(tmp_path: Path, api: CustomerApi) -> None:
    customer_id = await customer(api)
    kept = await documents.upload(api, customer_id, file(tmp_path), MEMBERS, Steps())
    hostile = models.Document.model_construct(**dict(kept) | {"name": "../../outside.pdf"})
    path = await documents.download(api, customer_id, hostile, tmp_path / "in", Steps())
    assert path == tmp_path / "in" / "outside.pdf"


@pytest.mark.parametrize("content", [b"", None])
async def test_what_cannot_be_sent_is_told_before_anything_is_sent(
    api: CustomerApi, tmp_path: Path, content: bytes | None
) -> None:
    path = tmp_path / "missing.pdf" if content is None else file(tmp_path, content)
    with pytest.raises(errors.NotKept):
        await documents.upload(api, "nobody", path, MEMBERS, Steps())
