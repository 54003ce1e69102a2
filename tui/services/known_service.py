"""What the server said of itself at the last start: names and formats are right before it answers again."""

import json
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from client.errors import CustomerApiError
from client.models import Service
from client.session.names import account_folder
from client.session.private_files import PrivateFolder
from client.text import clean_json

_FILE: Final = "service.json"
_TAG: Final = "$etag"
_MEMBERS: Final = "$members"


class KnownService:
    """Keeps the service document of one user of one server. Losing it is a pity, never an error.

    What the person may do is learnt anew each time; until then what it was last time is offered, and the
    server refuses what is no longer allowed.
    """

    def __init__(self, root: Path, server: str, login: str) -> None:
        self._folder = PrivateFolder(root / account_folder(server, login))

    def load(self) -> Service:
        """Give the document, an empty one where none is known."""
        return self._read()[0].model_copy(update={"permissions": []})

    def granted(self) -> frozenset[str]:
        """Give what the person might do last time."""
        return frozenset(self._read()[0].permissions)

    def last(self) -> tuple[Service, str]:
        """Give the whole document with its entity tag, which is empty where it must be fetched anew."""
        service, kept = self._read()
        # What an older client kept lacks members that it did not know.
        return service, str(kept.get(_TAG, "")) if kept.get(_MEMBERS) == _members() else ""

    def save(self, service: Service, etag: str = "") -> None:
        """Keep a document and its entity tag."""
        kept = service.to_json() | {_TAG: etag, _MEMBERS: _members()}
        try:
            self._folder.write(_FILE, json.dumps(kept).encode())
        except CustomerApiError:
            return

    def _read(self) -> tuple[Service, dict[str, Any]]:
        try:
            kept = clean_json(json.loads(self._folder.read(_FILE) or b"{}"))
            return Service.model_validate(kept), kept
        except (CustomerApiError, ValueError, TypeError, ValidationError, RecursionError):
            return Service(), {}


def _members() -> str:
    return " ".join(Service.model_fields)
