"""Drafts: on disk within a second, whole after any crash, never in the way."""

import asyncio
import subprocess
import sys
import time
from pathlib import Path

import pytest

from client.drafts import Draft, DraftSaver, DraftStore
from client.errors import CustomerApiError, NotKept
from client.session.private_files import PrivateFolder

DRAFT = Draft(
    key="customers/1",
    title="Joanna Smith",
    base_version=3,
    base={"given_name": "Jo"},
    patch={"given_name": "Joanna"},
    typed={"/born_on": "12.3.8"},
)


@pytest.fixture
def store(tmp_path: Path) -> DraftStore:
    return DraftStore(tmp_path, "https://desk.example", "anna")


def test_a_draft_is_there_again_with_what_was_typed(store: DraftStore, tmp_path: Path) -> None:
    before = time.time()
    store.save(DRAFT)
    kept = DraftStore(tmp_path, "https://desk.example", "anna").load("customers/1")
    assert kept is not None
    assert kept.saved_at >= before
    assert (kept.base, kept.patch, kept.typed) == (DRAFT.base, DRAFT.patch, DRAFT.typed)


def test_drafts_of_other_users_servers_and_records_are_apart(store: DraftStore, tmp_path: Path) -> None:
    store.save(DRAFT)
    assert DraftStore(tmp_path, "https://desk.example", "bob").list() == []
    assert DraftStore(tmp_path, "https://other.example", "anna").list() == []
    assert store.load("customers/2") is None


def test_drafts_are_listed_newest_first_and_gone_when_discarded(store: DraftStore) -> None:
    for key in ("a", "b", "c"):
        store.save(Draft(key=key))
    assert [draft.key for draft in store.list()] == ["c", "b", "a"]
    store.discard("b")
    store.discard("never there")
    assert [draft.key for draft in store.list()] == ["c", "a"]


def test_text_that_no_terminal_should_send_is_kept_all_the_same(store: DraftStore) -> None:
    typed = {"/given_name": "\ud800\x00\x1b[2J" + "ü" * 10_000}
    store.save(Draft(key="k", typed=typed))
    kept = store.load("k")
    assert kept is not None
    assert kept.typed == typed


@pytest.mark.parametrize(
    "damage", [b"", b"{", b"[1]", b'{"key": 7}', b'{"key": "k", "typed": []}', b"\xff\xfe"]
)
def test_a_damaged_draft_is_set_aside_and_not_lost(store: DraftStore, tmp_path: Path, damage: bytes) -> None:
    store.save(DRAFT)
    (file,) = tmp_path.rglob("*.draft")
    file.write_bytes(damage)
    assert store.load(DRAFT.key) is None
    assert store.list() == []
    assert [path.read_bytes() for path in tmp_path.rglob("*.damaged-*")] == [damage]


async def test_what_is_typed_without_a_pause_is_still_on_disk_within_a_second(store: DraftStore) -> None:
    saver = DraftSaver(store)
    begun = time.monotonic()
    while time.monotonic() - begun < 0.9:
        saver.keep(Draft(key="k", typed={"/body": "x"}))
        await asyncio.sleep(0.02)
    assert store.load("k") is not None
    saver.flush()


async def test_many_keys_make_few_writes(store: DraftStore, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[str] = []
    monkeypatch.setattr(store, "save", lambda draft: written.append(draft.typed["/body"]))
    saver = DraftSaver(store, quiet_seconds=0.05, longest_seconds=5)
    for number in range(50):
        saver.keep(Draft(key="k", typed={"/body": str(number)}))
    await asyncio.sleep(0.2)
    assert written == ["49"]


async def test_a_discarded_draft_does_not_come_back(store: DraftStore) -> None:
    saver = DraftSaver(store, quiet_seconds=0.01)
    saver.keep(DRAFT)
    saver.discard(DRAFT.key)
    await asyncio.sleep(0.1)
    assert store.load(DRAFT.key) is None


async def test_flush_writes_now_and_an_older_draft_never_comes_last(
    store: DraftStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    save = store.save

    def slow_at_first(draft: Draft) -> None:
        if draft.typed["/body"] == "old":
            time.sleep(0.2)
        save(draft)

    monkeypatch.setattr(store, "save", slow_at_first)
    saver = DraftSaver(store, quiet_seconds=0.0)
    saver.keep(Draft(key="k", typed={"/body": "old"}))
    await asyncio.sleep(0.05)
    saver.keep(Draft(key="k", typed={"/body": "new"}))
    saver.flush()
    await asyncio.sleep(0.3)
    kept = store.load("k")
    assert kept is not None
    assert kept.typed == {"/body": "new"}


async def test_a_disk_that_takes_nothing_is_told_and_breaks_nothing(
    store: DraftStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise NotKept("The disk is full.")

    monkeypatch.setattr(PrivateFolder, "write", full)
    told: list[CustomerApiError] = []
    saver = DraftSaver(store, quiet_seconds=0.0, failed=told.append)
    saver.keep(DRAFT)
    await asyncio.sleep(0.1)
    assert [str(problem) for problem in told] == [str(NotKept("The disk is full."))]
    saver.keep(DRAFT)
    saver.flush()
    assert len(told) == 2


TYPING = """
import asyncio, sys
from pathlib import Path
from client.drafts import Draft, DraftSaver, DraftStore

async def main():
    saver = DraftSaver(DraftStore(Path(sys.argv[1]), "https://desk.example", "anna"))
    text = ""
    while True:
        text += chr(97 + len(text) % 26)
        saver.keep(Draft(key="notes/new", typed={"/body": text}))
        print(len(text), flush=True)
        await asyncio.sleep(0.003)

asyncio.run(main())
"""


def test_a_kill_in_mid_typing_loses_nothing_older_than_a_second(store: DraftStore, tmp_path: Path) -> None:
    for round_number in range(4):
        typist = subprocess.Popen(
            [sys.executable, "-c", TYPING, str(tmp_path)], stdout=subprocess.PIPE, text=True
        )
        assert typist.stdout is not None
        typed: list[tuple[float, int]] = []
        begun = time.monotonic()
        while time.monotonic() - begun < 1.2 + 0.17 * round_number:
            typed.append((time.monotonic(), int(typist.stdout.readline())))
        killed = time.monotonic()
        typist.kill()
        typist.communicate()
        older = [length for at, length in typed if at < killed - 1.0]
        kept = store.load("notes/new")
        assert kept is not None
        assert len(kept.typed["/body"]) >= max(older, default=0)
        store.discard("notes/new")
