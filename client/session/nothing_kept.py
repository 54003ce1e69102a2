"""A folder for hosts where nothing of a customer may be kept: it lives as long as the program."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from client.errors import CustomerApiError
from client.session.private_files import PrivateFolder


class NothingKept(PrivateFolder):
    """Writes into memory. What lies in the folder from before can be read and removed."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self._files: dict[str, bytes] = {}

    def read(self, name: str) -> bytes | None:
        """Give what a file holds, None where there is no such file."""
        return self._files[name] if name in self._files else super().read(name)

    def write(self, name: str, content: bytes) -> None:
        """Put `content` in the place of what the file held; nothing of either is at rest then."""
        super().remove(name)
        self._files[name] = content

    def remove(self, name: str) -> None:
        """Remove a file; it is fine if there is none."""
        self._files.pop(name, None)
        super().remove(name)

    def set_aside(self, name: str) -> str:
        """Remove a damaged file."""
        self.remove(name)
        return ""

    def names(self, suffix: str) -> list[str]:
        """Name the files that end with `suffix`, in order."""
        before: list[str] = []
        with suppress(CustomerApiError):
            before = super().names(suffix)
        return sorted({*before, *(name for name in self._files if name.endswith(suffix))})

    def empty(self) -> None:
        """Remove every file."""
        self._files.clear()
        super().empty()

    @contextmanager
    def locked(self, name: str, *, seconds: float = 10.0) -> Iterator[None]:
        """Keep nobody out: what is in memory is this process's own."""
        del name, seconds
        yield
