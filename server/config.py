"""What the server can be told, once, at its start."""

from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class ServerSettings(BaseSettings):
    """Settings of one server process: arguments first, then `KEEPTABS_SERVER_*` variables, then defaults.

    Made once by the command that starts the server and handed down; nothing else reads the environment.
    """

    model_config = SettingsConfigDict(
        env_prefix="KEEPTABS_SERVER_", frozen=True, extra="forbid", use_attribute_docstrings=True
    )

    database: Annotated[str, Field(repr=False)] = "keeptabs.db"
    """A SQLite file, or the URL of a PostgreSQL database (`postgresql://user@host/name`)."""

    host: str = "127.0.0.1"
    """Address to listen on. Others than loopback need TLS, a proxy, or `insecure_http`."""
    port: Annotated[int, Field(ge=0, le=65535)] = 8765
    """Port to listen on; 0 takes a free one and tells it when ready."""
    socket_fd: Annotated[int | None, Field(ge=0)] = None
    """A socket that is bound already, by its descriptor, instead of host and port."""
    tls_certificate: Path | None = None
    """PEM file with the certificate chain."""
    tls_key: Path | None = None
    """PEM file with the private key, where it is not in the certificate's file."""
    insecure_http: bool = False
    """Listen without TLS on addresses that others can reach: passwords then travel in clear."""
    public_url: str = ""
    """Where clients reach the server, such as `https://desk.example.org`. Empty: where the request went."""
    trusted_proxies: str = ""
    """Addresses or networks, separated by commas, whose `X-Forwarded-*` headers are believed."""
    heartbeat_seconds: Annotated[float, Field(gt=0)] = 45
    """After how long without news a stream of changes gets a few bytes, so that the way to it stays open."""
    streams_per_person: Annotated[int, Field(ge=1)] = 10
    """How many streams of changes one person may have open at a process."""
    keep_alive_seconds: Annotated[int, Field(ge=1)] = 900
    """How long an idle connection stays open, so that the next lookup needs no handshake."""
    shutdown_seconds: Annotated[int, Field(ge=0)] = 30
    """How long requests under way may take to finish when the server is told to stop."""

    business: str = ""
    """The business whose customers these are. Empty: what the database says."""
    country: str = ""
    """ISO 3166-1 alpha-2, for phone numbers without a country code. Empty: what the database says."""
    language: str = ""
    """BCP 47. Empty: what the database says."""
    currency: str = ""
    """ISO 4217. Empty: what the database says."""
    time_zone: str = ""
    """A name of the IANA time zone database. Empty: what the database says."""

    without: str = ""
    """Features that this server shall not have, separated by commas, such as `devices,rewards`."""

    smtp_url: Annotated[str, Field(repr=False)] = ""
    """The mail server: `smtp://user:password@host:587` with STARTTLS, or `smtps://…`. Empty: mail waits."""
    smtp_insecure: bool = False
    """Send without TLS where a mail server on another machine offers none."""
    mail_from: str = ""
    """The address of the business: bounces go there, and what the server itself writes comes from it."""
    mail_seconds: Annotated[float, Field(gt=0)] = 60
    """How long handing over one message may take."""
    mail_folder: Path | None = None
    """Send nothing: keep what would go out as files in this folder. For trying things out."""

    payments_url: str = ""
    """Where the payment provider answers, such as `https://pay.example.org/v1`. Empty: no cards."""
    payments_secret: Annotated[str, Field(repr=False)] = ""
    """What the provider knows this server by. Better in the environment than among the arguments."""
    demo_payments: bool = False
    """Whether the provider is one of made-up money that ends with the server: for demos."""

    access_token_seconds: Annotated[int, Field(ge=1)] = 600
    """How long an access token is good."""
    refresh_token_days: Annotated[float, Field(gt=0)] = 30
    """How long a session may rest before its person must sign in again."""
    session_days: Annotated[float, Field(gt=0)] = 90
    """How long a session lasts at most, however busy it is."""
    refresh_grace_seconds: Annotated[float, Field(ge=0)] = 30
    """How long a used refresh token still gives the same successor, for a client whose answer was lost."""

    device_sign_in: bool = True
    """Whether people may sign a terminal in from another device (RFC 8628)."""
    device_code_seconds: Annotated[int, Field(ge=1)] = 600
    """How long the codes of such a sign-in are good."""
    device_poll_seconds: Annotated[int, Field(ge=1)] = 5
    """How long the terminal waits before each question whether its person has approved."""

    password_memory_kib: Annotated[int, Field(ge=8)] = 65536
    """Argon2id: memory for one hash (RFC 9106, section 4, second choice)."""
    password_passes: Annotated[int, Field(ge=1)] = 3
    """Argon2id: passes over that memory."""
    password_lanes: Annotated[int, Field(ge=1)] = 4
    """Argon2id: lanes."""
    password_hashes_at_once: Annotated[int, Field(ge=1)] = 1
    """How many passwords of strangers are checked at the same time, and of people who were here before."""

    body_limit: Annotated[int, Field(ge=1024)] = 1024 * 1024
    """Largest request body in bytes; a larger one is refused with 413."""
    compress_above: Annotated[int, Field(ge=0)] = 400
    """Answers of at least so many bytes are compressed where the client can read it."""
    requests_per_minute: Annotated[int, Field(ge=0)] = 1200
    """Requests that one session, or one address without a session, may make; 0 for no limit."""
    request_burst: Annotated[int, Field(ge=1)] = 300
    """How many of them may come at once."""
    sign_in_limits: bool = True
    """Whether failed sign-ins slow down further ones; off for tests only."""
    access_log: bool = True
    """Whether each request gets a line in the log."""
    docs: bool = False
    """Whether `/docs` shows the contract to browsers; `/openapi.json` is always there."""

    @property
    def sends_mail(self) -> bool:
        """Whether messages go out, if only into a folder."""
        return bool(self.smtp_url or self.mail_folder)

    @field_validator("payments_url")
    @classmethod
    def _safe(cls, value: str) -> str:
        """Refuse to send the provider's secret in clear to anybody but this machine."""
        parts = urlsplit(value)
        here = parts.scheme == "http" and parts.hostname in ("127.0.0.1", "::1", "localhost")
        if value and not (parts.scheme == "https" and parts.hostname) and not here:
            raise ValueError("the payment provider's address must begin with https://")
        return value
