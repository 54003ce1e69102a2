"""What sending mail needs to know, read from the settings of the server."""

from dataclasses import dataclass, field
from ipaddress import ip_address
from urllib.parse import unquote, urlsplit

from client.models.kinds import EmailAddress, Refused
from server.config import ServerSettings


class MailRefused(ValueError):
    """Why mail cannot be set up so: a sentence for a person."""


@dataclass(frozen=True, slots=True)
class MailServer:
    """The mail server that takes messages from us (RFC 6409)."""

    host: str
    port: int
    implicit_tls: bool
    """Whether TLS begins with the connection (RFC 8314); else STARTTLS is used (RFC 3207)."""
    may_be_clear: bool
    """Whether mail goes out without TLS where the server offers none."""
    user: str = ""
    password: str = field(default="", repr=False)

    @classmethod
    def of(cls, url: str, *, insecure: bool = False) -> "MailServer":
        """Read `smtp://user:password@host:587` or `smtps://…`. Raises MailRefused."""
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            raise MailRefused(_UNREADABLE) from None
        if parts.scheme not in ("smtp", "smtps") or not parts.hostname or parts.path.strip("/"):
            raise MailRefused(_UNREADABLE)
        implicit = parts.scheme == "smtps"
        return cls(
            host=parts.hostname,
            port=port or (465 if implicit else 587),
            implicit_tls=implicit,
            may_be_clear=insecure or _is_loopback(parts.hostname),
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
        )


@dataclass(frozen=True, slots=True)
class MailSettings:
    """How mail goes out, and from whom."""

    server: MailServer
    address: str
    """The address of the business: bounces go there, and what the server itself writes comes from it."""
    business: str = ""
    """The name beside it; empty: what the database says."""
    seconds: float = 60
    """How long sending one message may take."""
    poll_seconds: float = 2
    """How often the queue is looked at while nothing goes out."""
    portal_url: str = ""
    """Where customers reach the portal; empty: nowhere, and no confirmation can be sent."""

    @property
    def domain(self) -> str:
        """Give the domain of the business."""
        return self.address.rpartition("@")[2]

    @classmethod
    def of(cls, settings: ServerSettings, own_url: str = "") -> "MailSettings | None":
        """Take them from the settings; None where mail is not set up. Raises MailRefused.

        `own_url` is where the server listens: it stands in links where nothing better is known and the
        server is for this machine only.
        """
        if not settings.sends_mail:
            return None
        try:
            address: str = EmailAddress().check(settings.mail_from)
        except Refused:
            raise MailRefused("Mail needs --mail-from: the e-mail address that bounces go to.") from None
        host = urlsplit(own_url).hostname or ""
        return cls(
            server=MailServer.of(settings.smtp_url or "smtp://127.0.0.1", insecure=settings.smtp_insecure),
            address=address,
            business=settings.business,
            seconds=settings.mail_seconds,
            portal_url=(settings.public_url or (own_url if _is_loopback(host) else "")).rstrip("/"),
        )


_UNREADABLE = (
    "The mail server cannot be read: write smtp://user:password@host:587 or smtps://user:password@host."
)


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
