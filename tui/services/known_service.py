"""What the server said of itself at the last start: names and formats are right before it answers again."""

import json
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from client.errors import CustomerApiError
from client.models import Service
from client.session.names import account_folder
from client.session.private_files import PrivateFolder
from client.text import clean_json

_FILE: Final = "service.json"


class KnownService:
    """Keeps the service document of one user of one server. Losing it is a pity, never an error.

    What the person may do is learnt anew each time; until then what it was last time is offered, and the
    server refuses what is no longer allowed.
    """

    def __init__(self, root: Path, server: str, login: str) -> None:
        self._folder = PrivateFolder(root / account_folder(server, login))

    def load(self) -> Service:
        """Give the document, an empty one where none is known."""
        return self._read().model_copy(update={"permissions": []})

    def granted(self) -> frozenset[str]:
        """Give what the person might do last time."""
        return frozenset(self._read().permissions)

    def save(self, service: Service) -> None:
        """Keep a document."""
        try:
            self._folder.write(_FILE, json.dumps(service.to_json()).encode())
        except CustomerApiError:
            return

    def _read(self) -> Service:
        try:
            return Service.model_validate(clean_json(json.loads(self._folder.read(_FILE) or b"{}")))
        except (CustomerApiError, ValueError, TypeError, ValidationError, RecursionError):
            return Service()
