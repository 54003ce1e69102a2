"""Running the server: from settings to a socket that answers, and to an orderly end."""

import asyncio
import contextlib
import errno
import json
import logging
import os
import signal
import socket
import ssl
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from functools import partial
from importlib.util import find_spec
from ipaddress import ip_address
from typing import Final, Literal

import uvicorn
from fastapi import FastAPI

from server.accounts import has_admin
from server.app import build_app
from server.config import ServerSettings
from server.mail.room import MailRoom
from server.opening import CannotStart, open_database, shown_url
from server.rules.office import OFFICE_SAYS, say_of_office
from server.store.database import Database


@dataclass(frozen=True, slots=True)
class Ready:
    """Where a server answers now."""

    url: str
    host: str
    port: int
    pid: int


def serve(
    settings: ServerSettings, *, ready: Callable[[Ready], None] | None = None, stop_on_eof: int | None = None
) -> None:
    """Serve until SIGTERM, SIGINT or SIGHUP, then finish the requests under way.

    `ready` is called once, when requests are answered. With `stop_on_eof`, the end of that descriptor
    stops the server too: a pipe to the process that started it, so that it never outlives that one.
    Raises CannotStart with a sentence.
    """
    listener = _listener(settings)
    with contextlib.closing(listener):
        database = open_database(settings.database)
        try:
            _keep_office(settings, database)
            _warn_without_admin(settings, database)
            with _paying(settings) as paying:
                _run(build_app(paying, database), paying, listener, ready, stop_on_eof)
        finally:
            database.close()


def _keep_office(settings: ServerSettings, database: Database) -> None:
    told = {name: said for name in OFFICE_SAYS if (said := getattr(settings, name))}
    if told:
        database.write_now(partial(say_of_office, told=told))


@contextlib.contextmanager
def _paying(settings: ServerSettings) -> Iterator[ServerSettings]:
    """Give the settings with a payment provider of made-up money, where that is wanted."""
    if not settings.demo_payments:
        yield settings
        return
    from server.payments.demo import demo_provider

    with demo_provider() as provider:
        yield settings.model_copy(update={"payments_url": provider.url, "payments_secret": provider.secret})


def write_ready(descriptor: int, told: Ready) -> None:
    """Tell a waiting process where the server answers: one line of JSON, then the end."""
    with contextlib.suppress(BrokenPipeError), os.fdopen(descriptor, "w") as stream:
        stream.write(json.dumps(asdict(told)) + "\n")


def log_to_stderr(settings: ServerSettings) -> None:
    """Send the log to stderr: one line an entry, UTC."""
    handler = logging.StreamHandler(sys.stderr)
    formatter = logging.Formatter("%(asctime)sZ %(levelname)s %(name)s %(message)s", "%Y-%m-%dT%H:%M:%S")
    formatter.converter = time.gmtime
    handler.setFormatter(formatter)
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    logging.getLogger("uvicorn").setLevel(logging.WARNING)
    logging.getLogger("alembic").setLevel(logging.WARNING)
    if not settings.access_log:
        logging.getLogger("keeptabs.access").setLevel(logging.WARNING)


_SIGNALS: Final = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


class _Server(uvicorn.Server):
    """Uvicorn that tells when it is ready, and for which being told to stop is no failure."""

    def __init__(
        self,
        config: uvicorn.Config,
        started: Callable[[], None],
        stopping: Callable[[], None],
        mail: MailRoom,
        stop_on_eof: int | None,
    ) -> None:
        super().__init__(config)
        self._mail = mail
        self._when_started = started
        self._when_stopping = stopping
        self._stop_on_eof = stop_on_eof

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if not self.started:
            return
        if self._stop_on_eof is not None:
            asyncio.get_running_loop().add_reader(self._stop_on_eof, self._read_end, self._stop_on_eof)
        await self._mail.start()
        self._when_started()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End the streams, which would never end by themselves, then wait for the other requests."""
        self._when_stopping()
        await super().shutdown(sockets)
        await self._mail.stop()

    def _read_end(self, descriptor: int) -> None:
        if not os.read(descriptor, 1024):
            asyncio.get_running_loop().remove_reader(descriptor)
            self.should_exit = True

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Stop on a signal. Uvicorn's own raises it again at the end, as if the server had been killed."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        # A signal that the starter ignores (nohup) stays ignored.
        heard = [number for number in _SIGNALS if signal.getsignal(number) is not signal.SIG_IGN]
        before = {number: signal.signal(number, self.handle_exit) for number in heard}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


def _run(
    app: FastAPI,
    settings: ServerSettings,
    listener: socket.socket,
    ready: Callable[[Ready], None] | None,
    stop_on_eof: int | None,
) -> None:
    config = uvicorn.Config(
        app,
        loop="uvloop" if find_spec("uvloop") else "asyncio",
        http=_http(),
        ws="none",
        workers=1,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=settings.trusted_proxies,
        timeout_keep_alive=settings.keep_alive_seconds,
        timeout_graceful_shutdown=settings.shutdown_seconds,
        ssl_certfile=settings.tls_certificate,
        ssl_keyfile=settings.tls_key,
    )
    try:
        config.load()
    except (ssl.SSLError, OSError) as error:
        raise CannotStart(f"The TLS certificate or its key cannot be used: {error}.") from None
    told = _address(listener, secure=config.is_ssl)
    mail = MailRoom(settings, app.state.database, told.url)
    server = _Server(config, lambda: ready(told) if ready else None, app.state.live.close, mail, stop_on_eof)
    server.run(sockets=[listener])


def _http() -> type[asyncio.Protocol] | Literal["h11"]:
    if not find_spec("httptools"):
        return "h11"
    from server.connection import BoundedConnection

    return BoundedConnection


def _listener(settings: ServerSettings) -> socket.socket:
    """Bind the socket. Raises CannotStart."""
    if settings.tls_key and not settings.tls_certificate:
        raise CannotStart("There is a TLS key, but no certificate to go with it.")
    if settings.socket_fd is not None:
        try:
            listener = socket.socket(fileno=settings.socket_fd)
        except OSError as error:
            raise CannotStart(f"Descriptor {settings.socket_fd} is no socket: {error.strerror}.") from None
    else:
        listener = _bound(settings.host, settings.port)
    try:
        _refuse_clear_text(settings, listener)
    except CannotStart:
        listener.close()
        raise
    return listener


def _bound(host: str, port: int) -> socket.socket:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except (socket.gaierror, UnicodeError):
        raise CannotStart(f"There is no address {host!r} to listen on.") from None
    listener = socket.socket(family, kind, protocol)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(address)
    except OSError as error:
        listener.close()
        raise CannotStart(_why_not_bound(error, host, port)) from None
    return listener


def _why_not_bound(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} on {host} is taken. Stop what uses it, or choose another with --port."
    if error.errno == errno.EACCES:
        return f"Port {port} is reserved for the system. Choose one above 1023 with --port."
    if error.errno == errno.EADDRNOTAVAIL:
        return f"This machine has no address {host}."
    return f"Cannot listen on {host}, port {port}: {error.strerror}."


def _refuse_clear_text(settings: ServerSettings, listener: socket.socket) -> None:
    if settings.tls_certificate or settings.insecure_http or settings.trusted_proxies:
        return
    if listener.family not in (socket.AF_INET, socket.AF_INET6):
        return
    host = listener.getsockname()[0]
    if not ip_address(host.partition("%")[0]).is_loopback:
        raise CannotStart(
            f"Without TLS, passwords and customers would cross the network in clear, so {host} is refused. "
            "Give --tls-certificate and --tls-key, put a proxy in front and name it with "
            "--trusted-proxies, or say --insecure-http."
        )


def _address(listener: socket.socket, *, secure: bool) -> Ready:
    if listener.family not in (socket.AF_INET, socket.AF_INET6):
        return Ready(url="", host=str(listener.getsockname()), port=0, pid=os.getpid())
    host, port = listener.getsockname()[:2]
    named = f"[{host}]" if ":" in host else host
    return Ready(f"{'https' if secure else 'http'}://{named}:{port}", host, port, os.getpid())


def _warn_without_admin(settings: ServerSettings, database: Database) -> None:
    if not database.read_now(has_admin):
        logging.getLogger("keeptabs.server").warning(
            "nobody can sign in yet: make the first admin with "
            "keeptabs staff add LOGIN --name NAME --role admin --database %s",
            shown_url(settings.database),
        )
