"""Handing messages to a mail server (RFC 5321, RFC 6409), and what it says to that."""

import re
import socket
import ssl
from contextlib import suppress
from dataclasses import dataclass
from email.message import EmailMessage
from smtplib import (
    SMTP,
    SMTP_SSL,
    SMTPAuthenticationError,
    SMTPException,
    SMTPNotSupportedError,
    SMTPRecipientsRefused,
    SMTPResponseException,
    SMTPServerDisconnected,
)
from typing import Final, Literal

from client.text import clean
from server.mail.settings import MailServer

_LONGEST_SENTENCE: Final = 300


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one attempt."""

    state: Literal["sent", "later", "failed"]
    sentence: str = ""
    """Why it was not sent."""
    unreachable: bool = False
    """Whether the next message would meet the same: the mail server is away, or does not let us in."""


SENT: Final = Outcome("sent")


class Delivery:
    """A connection to the mail server, opened when it is needed. For one thread at a time."""

    def __init__(
        self, server: MailServer, own_name: str, seconds: float, trusted: ssl.SSLContext | None = None
    ) -> None:
        self._server = server
        self._own_name = own_name
        self._seconds = seconds
        self._trusted = trusted
        self._open: SMTP | None = None

    @property
    def is_open(self) -> bool:
        """Whether there is a connection."""
        return self._open is not None

    def send(self, message: EmailMessage, bounces_to: str, to: str) -> Outcome:
        """Hand over one message. Never raises for what a mail server or the way to it may do."""
        try:
            connection = self._connection()
        except (SMTPException, OSError) as error:
            self.close()
            return Outcome("later", _why_not_reached(error), unreachable=True)
        try:
            connection.send_message(message, bounces_to, [to])
        except SMTPRecipientsRefused as refused:
            return _answered(*refused.recipients[to])
        except SMTPNotSupportedError:
            return Outcome("failed", "The mail server cannot send to addresses with such letters.")
        except SMTPResponseException as refused:
            return _answered(refused.smtp_code, refused.smtp_error)
        except (SMTPException, OSError) as error:
            self.close()
            return Outcome("later", _why_not_reached(error), unreachable=True)
        return SENT

    def abort(self) -> None:
        """End what is under way, from another thread."""
        sock = getattr(self._open, "sock", None)
        if sock is not None:
            with suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Say goodbye, where there is a connection."""
        connection, self._open = self._open, None
        if connection is not None:
            with suppress(SMTPException, OSError):
                connection.quit()
            connection.close()

    def _connection(self) -> SMTP:
        """Give the connection, a fresh one where it is no longer good."""
        if self._open is not None:
            with suppress(SMTPException, OSError):
                if self._open.noop()[0] == 250:
                    return self._open
            self.close()
        server = self._server
        trusted = self._trusted or ssl.create_default_context()
        place = (server.host, server.port, self._own_name)
        if server.implicit_tls:
            self._open = SMTP_SSL(*place, timeout=self._seconds, context=trusted)
        else:
            self._open = SMTP(*place, timeout=self._seconds)
            self._open.ehlo_or_helo_if_needed()
            if self._open.has_extn("starttls") or not server.may_be_clear:
                self._open.starttls(context=trusted)
        if server.user:
            self._open.login(server.user, server.password)
        return self._open


def _answered(code: int, said: bytes | str) -> Outcome:
    """Read a reply: 5yz is for good, everything else for now (RFC 5321, section 4.2.1)."""
    sentence = f"The mail server said: {code} {_cleaned(said)}".rstrip()
    return Outcome("failed" if 500 <= code < 600 else "later", sentence)


def _why_not_reached(error: Exception) -> str:
    if isinstance(error, SMTPAuthenticationError):
        return f"The mail server does not let us in: {error.smtp_code} {_cleaned(error.smtp_error)}"
    if isinstance(error, SMTPNotSupportedError):
        return "The mail server does not offer TLS or the sign-in that it needs."
    if isinstance(error, SMTPResponseException):
        return f"The mail server said: {error.smtp_code} {_cleaned(error.smtp_error)}"
    if isinstance(error, ssl.SSLError):
        return f"The mail server's TLS cannot be trusted: {_cleaned(str(error.reason or error))}"
    if isinstance(error, TimeoutError) or "timed out" in str(error):
        return "The mail server does not answer."
    if isinstance(error, SMTPServerDisconnected):
        return "The mail server hung up."
    reason = _cleaned(getattr(error, "strerror", None) or str(error))
    return f"The mail server cannot be reached: {reason}".removesuffix(": ")


def _cleaned(said: bytes | str) -> str:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return re.sub(r"\s+", " ", clean(text)).strip()[:_LONGEST_SENTENCE]
