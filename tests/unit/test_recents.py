"""Recently opened and pinned customers: there before any network answer, whatever happened to the file."""

import subprocess
import sys
from pathlib import Path

import pytest

from client.errors import NotKept
from client.recents import LONGEST, Recents, RecentStore
from client.session.private_files import PrivateFolder


def row(number: int, name: str = "") -> dict[str, object]:
    return {"id": f"id-{number}", "number": number, "display_name": name or f"Customer {number}"}


@pytest.fixture
def store(tmp_path: Path) -> RecentStore:
    return RecentStore(tmp_path, "https://desk.example", "anna")


def ids(rows: tuple[object, ...]) -> list[object]:
    return [known["id"] for known in rows if isinstance(known, dict)]


@pytest.mark.feature("F1.5")
def test_opened_customers_are_remembered_newest_first_each_once(store: RecentStore, tmp_path: Path) -> None:
    for number in (1, 2, 3, 1):
        store.opened(row(number))
    again = RecentStore(tmp_path, "https://desk.example", "anna").load()
    assert ids(again.opened) == ["id-1", "id-3", "id-2"]
    assert RecentStore(tmp_path, "https://desk.example", "bob").load() == Recents()


@pytest.mark.feature("F1.5")
def test_pinned_customers_stay_and_are_brought_up_to_date(store: RecentStore) -> None:
    store.pin(row(7))
    for number in range(LONGEST + 10):
        store.opened(row(number + 100))
    store.opened(row(7, "New Name"))
    known = store.load()
    assert len(known.opened) == LONGEST
    assert known.is_pinned("id-7")
    assert [pinned["display_name"] for pinned in known.pinned] == ["New Name"]
    assert not store.unpin("id-7").is_pinned("id-7")


def test_a_customer_who_is_gone_is_forgotten_in_both(store: RecentStore) -> None:
    store.opened(row(1))
    store.pin(row(1))
    assert store.forget("id-1") == Recents() == store.load()


def test_signing_out_can_forget_everyone(store: RecentStore, tmp_path: Path) -> None:
    store.opened(row(1, "Secret Name"))
    store.clear()
    assert store.load() == Recents()
    assert not any("Secret Name" in path.read_text() for path in tmp_path.rglob("*") if path.is_file())


@pytest.mark.parametrize(
    "damage", [b"", b"{", b"[]", b'{"opened": 1, "pinned": []}', b'{"opened": [{"id": 1}, 7], "pinned": []}']
)
def test_a_damaged_file_is_an_empty_list_that_can_be_filled_again(
    store: RecentStore, tmp_path: Path, damage: bytes
) -> None:
    store.opened(row(1))
    (file,) = tmp_path.rglob("recents.json")
    file.write_bytes(damage)
    assert store.load() == Recents()
    assert ids(store.opened(row(2)).opened) == ["id-2"]


def test_a_file_open_to_others_is_not_used_and_nothing_raises(store: RecentStore, tmp_path: Path) -> None:
    store.opened(row(1))
    (file,) = tmp_path.rglob("recents.json")
    file.chmod(0o666)
    assert store.load() == Recents()
    assert ids(store.opened(row(2)).opened) == ["id-2"]
    assert ids(store.load().opened) == ["id-2"]


def test_what_was_planted_in_the_file_cannot_command_a_terminal(store: RecentStore) -> None:
    store.opened(row(1, "\x1b]0;owned\x07Jo"))
    assert store.load().opened[0]["display_name"] == "]0;ownedJo"


def test_two_processes_at_once_lose_none_of_each_others_customers(store: RecentStore, tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from client.recents import RecentStore\n"
        f"store = RecentStore(Path({str(tmp_path)!r}), 'https://desk.example', 'anna')\n"
        "for n in range(20): store.opened({'id': sys.argv[1] + str(n)})"
    )
    both = [subprocess.Popen([sys.executable, "-c", script, name]) for name in "ab"]
    assert [process.wait(30) for process in both] == [0, 0]
    assert sorted(map(str, ids(store.load().opened))) == sorted(
        f"{name}{n}" for name in "ab" for n in range(20)
    )


def test_a_disk_that_takes_nothing_costs_only_the_memory(
    store: RecentStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise NotKept("The disk is full.")

    monkeypatch.setattr(PrivateFolder, "write", full)
    assert ids(store.opened(row(1)).opened) == ["id-1"]
    assert store.load() == Recents()
