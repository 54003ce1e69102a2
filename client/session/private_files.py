"""Files that belong to one person on a host that many share: the one mechanism for all that is kept.

Folders are 0700 and files 0600; a file is replaced whole or not at all, by a crash or a power cut too. What
others could have read or planted is refused. Everything goes through an open folder, so that no path can
be swapped for a link while it is used.
"""
# ruff: noqa: PTH208 - pathlib cannot work from an open folder

import errno
import os
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from client.errors import NotKept, NotPrivate
from client.session.lock import Lock

LARGEST_FILE: Final = 8 * 1024 * 1024
"""Bytes; nothing kept here is ever that long."""

_TEMPORARY: Final = ".new-"
_LEFT_BEHIND_SECONDS: Final = 600
_READ: Final = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK
_WRITE: Final = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_LOCK: Final = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK
_FOLDER: Final = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


@dataclass(frozen=True, slots=True)
class FileSize:
    """How long a file is, and when it was written."""

    size: int
    at: float
    """In seconds since 1970."""


class PrivateFolder:
    """One folder of private files. Nothing is touched before the first use. Raises NotPrivate and NotKept."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self, name: str) -> bytes | None:
        """Give what a file holds, None where there is no such file."""
        with self._sentences(name), self._opened(make=False) as folder:
            if folder is None:
                return None
            try:
                file = os.open(_checked(name), _READ, dir_fd=folder)
            except FileNotFoundError:
                return None
            with os.fdopen(file, "rb") as stream:
                self._refuse_shared(os.fstat(file), name)
                return stream.read(LARGEST_FILE)

    def write(self, name: str, content: bytes) -> None:
        """Put `content` in the place of what the file held; when this returns, it is on disk."""
        with self._sentences(name), self._opened(make=True) as folder:
            temporary = f"{_TEMPORARY}{os.urandom(8).hex()}"
            try:
                with os.fdopen(os.open(temporary, _WRITE, 0o600, dir_fd=folder), "wb") as stream:
                    stream.write(content)
                    stream.flush()
                    os.fsync(stream.fileno())
                os.replace(temporary, _checked(name), src_dir_fd=folder, dst_dir_fd=folder)
            except BaseException:
                with suppress(FileNotFoundError):
                    os.unlink(temporary, dir_fd=folder)
                raise
            _settle(folder)

    def remove(self, name: str) -> None:
        """Remove a file; it is fine if there is none."""
        with self._sentences(name), self._opened(make=False) as folder:
            if folder is not None:
                with suppress(FileNotFoundError):
                    os.unlink(_checked(name), dir_fd=folder)
                _settle(folder)

    def set_aside(self, name: str) -> str:
        """Rename a damaged file, so that it is in nobody's way and not lost; give its new name."""
        aside = f"{name}.damaged-{time.strftime('%Y%m%d-%H%M%S')}-{os.urandom(2).hex()}"
        with self._sentences(name), self._opened(make=False) as folder:
            if folder is not None:
                with suppress(FileNotFoundError):
                    os.rename(_checked(name), aside, src_dir_fd=folder, dst_dir_fd=folder)
        return aside

    def names(self, suffix: str) -> list[str]:
        """Name the files that end with `suffix`, in order."""
        with self._sentences(""), self._opened(make=False) as folder:
            if folder is None:
                return []
            found = os.listdir(folder)
            _sweep(folder, (name for name in found if name.startswith(_TEMPORARY)))
            return sorted(name for name in found if name.endswith(suffix) and not name.startswith("."))

    def sizes(self) -> dict[str, FileSize]:
        """Say how long every file is and when it was written."""
        with self._sentences(""), self._opened(make=False) as folder:
            if folder is None:
                return {}
            names, found = os.listdir(folder), dict[str, FileSize]()
            _sweep(folder, (name for name in names if name.startswith(_TEMPORARY)))
            for name in names:
                if not name.startswith("."):
                    with suppress(FileNotFoundError):
                        known = os.stat(name, dir_fd=folder, follow_symlinks=False)
                        found[name] = FileSize(known.st_size, known.st_mtime)
            return found

    def empty(self) -> None:
        """Remove every file, those that were set aside or half written too; locks stay."""
        with self._sentences(""), self._opened(make=False) as folder:
            for name in os.listdir(folder) if folder is not None else []:
                if not name.startswith(".") or name.startswith(_TEMPORARY):
                    with suppress(FileNotFoundError):
                        os.unlink(name, dir_fd=folder)
            _settle(folder)

    def lock(self, name: str) -> Lock:
        """Give a lock on `name` that holds across processes and ends with its process, however that ends."""
        with self._sentences(name), self._opened(make=True) as folder:
            return Lock(os.open(f".{_checked(name)}.lock", _LOCK, 0o600, dir_fd=folder))

    @contextmanager
    def locked(self, name: str, *, seconds: float = 10.0) -> Iterator[None]:
        """Keep other processes and threads out of `name` while the block runs; wait at most `seconds`."""
        with self.lock(name) as lock:
            lock.wait(seconds)
            yield

    @contextmanager
    def _opened(self, *, make: bool) -> Iterator[int | None]:
        if make:
            _make(self.path)
        try:
            folder = os.open(self.path, _FOLDER)
        except FileNotFoundError:
            if make:
                raise
            yield None
            return
        try:
            found = os.fstat(folder)
            if found.st_uid != os.geteuid():
                raise NotPrivate(f"{self.path} belongs to another user.", remedy="Use a folder of your own.")
            if stat.S_IMODE(found.st_mode) & 0o077:
                os.fchmod(folder, 0o700)
            yield folder
        finally:
            os.close(folder)

    def _refuse_shared(self, found: os.stat_result, name: str) -> None:
        path = self.path / name
        if not stat.S_ISREG(found.st_mode):
            raise NotPrivate(f"{path} is no file.", remedy="Remove it.")
        if found.st_uid != os.geteuid():
            raise NotPrivate(f"{path} belongs to another user.", remedy="Remove it.")
        if stat.S_IMODE(found.st_mode) & 0o077:
            raise NotPrivate(
                f"{path} can be read or written by other users of this machine.",
                remedy="Remove it, or run chmod 600 on it if you are sure that nobody did.",
            )

    @contextmanager
    def _sentences(self, name: str) -> Iterator[None]:
        try:
            yield
        except OSError as problem:
            path = self.path / name
            if problem.errno in (errno.ELOOP, errno.EMLINK, errno.ENOTDIR):
                raise NotPrivate(f"{path} is a link, or lies behind one.", remedy="Remove it.") from problem
            full = problem.errno in (errno.ENOSPC, errno.EDQUOT)
            raise NotKept(
                f"{'The disk is full' if full else (problem.strerror or 'Failed')}: {path} could not be used."
            ) from problem


def _make(path: Path) -> None:
    for folder in [*reversed(path.parents), path]:
        if not folder.is_dir():
            with suppress(FileExistsError):
                folder.mkdir(mode=0o700)


def _checked(name: str) -> str:
    if not name or name.startswith(".") or "/" in name or "\0" in name:
        raise OSError(errno.EINVAL, "Not a file name")
    return name


def _settle(folder: int | None) -> None:
    """Have a new or removed name on disk too."""
    if folder is not None:
        os.fsync(folder)


def _sweep(folder: int, names: Iterator[str]) -> None:
    """Remove what a process that was killed while writing left behind."""
    for name in names:
        with suppress(OSError):
            if (
                time.time() - os.stat(name, dir_fd=folder, follow_symlinks=False).st_mtime
                > _LEFT_BEHIND_SECONDS
            ):
                os.unlink(name, dir_fd=folder)
