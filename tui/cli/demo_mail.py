"""What the demo would have sent: its server hands every e-mail to a mail server that keeps it in a folder."""

from collections.abc import Iterator
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

from client.text import clean


def kept(folder: Path) -> list[Path]:
    """Name the e-mails in a folder, oldest first."""
    return sorted(folder.glob("*.eml"))


def shown(folder: Path) -> Iterator[str]:
    """Give every e-mail as lines to read, oldest first."""
    for place in kept(folder):
        message = message_from_bytes(place.read_bytes(), policy=default)
        for name in ("Date", "From", "To", "Subject"):
            yield f"{name + ':':9}{clean(str(message[name] or ''))}"
        yield ""
        yield from (clean(line) for line in _text(message).splitlines())
        yield "-" * 72


def _text(message: EmailMessage) -> str:
    body = message.get_body(("plain",))
    return str(body.get_content()) if body is not None else ""
