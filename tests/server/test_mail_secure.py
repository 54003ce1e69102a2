"""Mail goes out over TLS and after a sign-in where the mail server wants them, and never past a doubt."""

import asyncio
import ssl
from base64 import b64decode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from server.mail.delivery import Delivery, Outcome
from server.mail.letter import letter
from server.mail.settings import MailServer
from tests.client.test_tls import certificate
from tests.server.mailing import OFFICE, post
from tests.server.test_mail_sender import queued

LOGIN = b"\0desk\0p/w"


class Strict:
    """A mail server that talks of nothing before TLS, and takes nothing before a sign-in."""

    def __init__(self, pem: Path, *, implicit: bool) -> None:
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(pem)
        self.secure = self.implicit = implicit
        self.entered = False
        self.taken: list[str] = []

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 strict\r\n")
        while line := (await reader.readline()).decode().strip():
            answer = self.answer(line)
            writer.write(answer.encode() + b"\r\n")
            if line.upper() == "STARTTLS":
                await writer.start_tls(self.context)
                self.secure = True
            elif line.upper() == "DATA" and answer.startswith("354"):
                self.taken.append((await reader.readuntil(b"\r\n.\r\n")).decode())
                writer.write(b"250 taken\r\n")
        writer.close()

    def answer(self, line: str) -> str:
        command, _, rest = line.partition(" ")
        command = command.upper()
        if command == "EHLO":
            return "250-strict\r\n250 " + ("AUTH PLAIN" if self.secure else "STARTTLS")
        if command == "STARTTLS":
            return "220 go on"
        if not self.secure:
            return "530 TLS first"
        if command == "AUTH":
            self.entered = b64decode(rest.removeprefix("PLAIN ")) == LOGIN
            return "235 welcome" if self.entered else "535 5.7.8 wrong password"
        if not self.entered:
            return "530 sign in first"
        return "354 go on" if command == "DATA" else "250 OK"


@asynccontextmanager
async def strict(folder: Path, *, implicit: bool = False) -> AsyncIterator[tuple[Strict, int, Path]]:
    pem = certificate(folder, "127.0.0.1")
    made = Strict(pem, implicit=implicit)
    server = await asyncio.start_server(made.talk, "127.0.0.1", ssl=made.context if implicit else None)
    try:
        yield made, server.sockets[0].getsockname()[1], pem
    finally:
        server.close()


async def handed_over(url: str, pem: Path | None) -> Outcome:
    trusted = ssl.create_default_context(cafile=pem) if pem is not None else None
    delivery = Delivery(MailServer.of(url), "desk.example", 5, trusted)

    def send() -> Outcome:
        try:
            return delivery.send(letter(queued(), "Desk", OFFICE), OFFICE, "a@example.org")
        finally:
            delivery.close()

    return await asyncio.to_thread(send)


@pytest.mark.parametrize("implicit", [True, False])
async def test_mail_goes_out_over_tls_after_a_sign_in(tmp_path: Path, implicit: bool) -> None:
    async with strict(tmp_path, implicit=implicit) as (server, port, pem):
        scheme = "smtps" if implicit else "smtp"
        outcome = await handed_over(f"{scheme}://desk:p%2Fw@127.0.0.1:{port}", pem)
    assert outcome == Outcome("sent")
    assert len(server.taken) == 1
    assert server.entered


@pytest.mark.parametrize("implicit", [True, False])
async def test_a_mail_server_that_cannot_prove_who_it_is_gets_no_password(
    tmp_path: Path, implicit: bool
) -> None:
    async with strict(tmp_path, implicit=implicit) as (server, port, _):
        scheme = "smtps" if implicit else "smtp"
        outcome = await handed_over(f"{scheme}://desk:p%2Fw@127.0.0.1:{port}", None)
    assert (outcome.state, outcome.unreachable) == ("later", True)
    assert outcome.sentence.startswith("The mail server's TLS cannot be trusted")
    assert not server.entered
    assert not server.taken


async def test_a_wrong_password_is_no_fault_of_the_message(tmp_path: Path) -> None:
    async with strict(tmp_path) as (_, port, pem):
        outcome = await handed_over(f"smtp://desk:wrong@127.0.0.1:{port}", pem)
    assert outcome == Outcome(
        "later", "The mail server does not let us in: 535 5.7.8 wrong password", unreachable=True
    )


async def test_a_password_and_another_machine_both_need_tls() -> None:
    async with post() as arrived:
        port = arrived.sink.url.rpartition(":")[2]
        unknown = MailServer("127.0.0.1", int(port), implicit_tls=False, may_be_clear=False)
        delivery = Delivery(unknown, "desk.example", 5)
        made = letter(queued(), "Desk", OFFICE)
        outcome = await asyncio.to_thread(delivery.send, made, OFFICE, "a@example.org")
    assert outcome.sentence == "The mail server does not offer TLS or the sign-in that it needs."
    assert (outcome.state, outcome.unreachable) == ("later", True)
    assert not arrived.raw
