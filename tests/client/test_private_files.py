"""Private files on a shared host: whole or not at all, and nobody else's business."""

import os
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from client.errors import NotKept, NotPrivate
from client.session.private_files import PrivateFolder


@pytest.fixture
def folder(tmp_path: Path) -> PrivateFolder:
    return PrivateFolder(tmp_path / "state" / "kept")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.lstat().st_mode)


def test_what_is_written_is_read_and_only_its_owner_may(folder: PrivateFolder) -> None:
    before = os.umask(0)
    try:
        folder.write("a", b"secret")
    finally:
        os.umask(before)
    assert folder.read("a") == b"secret"
    assert mode(folder.path / "a") == 0o600
    assert mode(folder.path) == mode(folder.path.parent) == 0o700
    assert folder.names("") == ["a"]


def test_nothing_is_there_before_something_is_written(folder: PrivateFolder) -> None:
    assert folder.read("a") is None
    assert folder.names("") == []
    folder.remove("a")
    assert not folder.path.exists()


@pytest.mark.parametrize("open_to", [0o640, 0o604, 0o620, 0o666])
def test_a_file_that_others_can_open_is_refused_with_a_sentence(folder: PrivateFolder, open_to: int) -> None:
    folder.write("a", b"secret")
    (folder.path / "a").chmod(open_to)
    with pytest.raises(NotPrivate, match="other users"):
        folder.read("a")


def test_a_file_or_folder_of_another_user_is_refused(
    folder: PrivateFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder.write("a", b"planted")
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    for use in (lambda: folder.read("a"), lambda: folder.write("a", b""), lambda: folder.names("")):
        with pytest.raises(NotPrivate, match="another user"):
            use()
    monkeypatch.setattr(os, "fstat", _folder_mine_but_not_its_files(os.fstat))
    with pytest.raises(NotPrivate, match="a belongs to another user"):
        folder.read("a")


def _folder_mine_but_not_its_files(fstat: Callable[[int], os.stat_result]) -> Callable[[int], object]:
    def look(file: int) -> object:
        found = fstat(file)
        owner = os.geteuid() if stat.S_ISDIR(found.st_mode) else found.st_uid
        return SimpleNamespace(st_mode=found.st_mode, st_uid=owner, st_size=found.st_size)

    return look


def test_a_link_is_followed_neither_to_read_nor_to_write(folder: PrivateFolder, tmp_path: Path) -> None:
    folder.write("a", b"mine")
    target = tmp_path / "target"
    target.write_bytes(b"theirs")
    target.chmod(0o600)
    (folder.path / "b").symlink_to(target)
    with pytest.raises(NotPrivate):
        folder.read("b")
    folder.write("b", b"new")
    assert target.read_bytes() == b"theirs"
    assert folder.read("b") == b"new"
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (tmp_path / "link").symlink_to(elsewhere)
    with pytest.raises(NotPrivate):
        PrivateFolder(tmp_path / "link").write("a", b"x")
    assert list(elsewhere.iterdir()) == []


def test_a_pipe_in_the_place_of_a_file_makes_nobody_wait(folder: PrivateFolder) -> None:
    folder.write("a", b"")
    os.mkfifo(folder.path / "b", 0o600)
    with pytest.raises(NotPrivate):
        folder.read("b")


def test_a_folder_that_was_open_to_others_is_closed(folder: PrivateFolder) -> None:
    folder.write("a", b"")
    folder.path.chmod(0o777)
    folder.read("a")
    assert mode(folder.path) == 0o700


@pytest.mark.parametrize("name", ["", ".", "..", "../a", ".a", "a/b", "a\0"])
def test_a_name_that_is_no_plain_name_is_refused(folder: PrivateFolder, name: str) -> None:
    with pytest.raises(NotKept):
        folder.write(name, b"")


def test_a_full_disk_is_said_and_the_old_content_stays(
    folder: PrivateFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder.write("a", b"old")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(NotKept, match="disk is full"):
            folder.write("a", b"new")
    assert folder.read("a") == b"old"
    assert [path.name for path in folder.path.iterdir()] == ["a"]


def test_what_a_killed_writer_left_is_swept_up(folder: PrivateFolder) -> None:
    folder.write("a", b"")
    for name, age in ((".new-old", 10_000), (".new-fresh", 0)):
        (folder.path / name).write_bytes(b"")
        os.utime(folder.path / name, (time.time() - age,) * 2)
    folder.names("")
    assert sorted(path.name for path in folder.path.iterdir()) == [".new-fresh", "a"]


def test_a_lock_keeps_threads_and_processes_out_and_ends_with_its_process(folder: PrivateFolder) -> None:
    script = (
        "import sys, time; from pathlib import Path; from client.session.private_files import PrivateFolder\n"
        f"with PrivateFolder(Path({str(folder.path)!r})).locked('a'): print('in', flush=True); time.sleep(60)"
    )
    holder = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE)
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"in\n"
        with pytest.raises(NotKept, match="does not let go"), folder.locked("a", seconds=0.1):
            pass
    finally:
        holder.kill()
        holder.communicate()
    with folder.locked("a", seconds=5):
        inside: list[bool] = []
        thread = threading.Thread(target=lambda: inside.append(folder.lock("a").taken()))
        thread.start()
        thread.join()
    assert inside == [False]


def test_a_writer_killed_at_any_instant_leaves_one_of_two_whole_contents(folder: PrivateFolder) -> None:
    script = (
        "from pathlib import Path; from client.session.private_files import PrivateFolder\n"
        f"folder = PrivateFolder(Path({str(folder.path)!r}))\n"
        "n = 0\n"
        "while True:\n"
        "    n += 1\n"
        "    folder.write('a', (b'%09d' % n) * 20000)\n"
        "    if n == 1: print('begun', flush=True)\n"
    )
    for round_number in range(8):
        writer = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE)
        assert writer.stdout is not None
        writer.stdout.readline()
        time.sleep(0.001 + 0.007 * round_number)
        writer.kill()
        writer.communicate()
        content = folder.read("a")
        assert content is not None
        assert content == content[:9] * 20000
