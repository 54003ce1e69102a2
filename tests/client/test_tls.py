"""A server must prove who it is before it is told anything."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from client import errors
from client.api import CustomerApi
from client.transport import LinkSettings, Transport


def certificate(folder: Path, address: str, days: int = 1) -> Path:
    """Make a certificate that vouches for itself, with its key in the same file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "desk")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=2))
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(address))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / "desk.pem"
    unprotected = serialization.NoEncryption()
    path.write_bytes(
        made.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, unprotected)
    )
    return path


@asynccontextmanager
async def tls_server(pem: Path) -> AsyncIterator[tuple[str, list[bytes]]]:
    """Run a server with that certificate; give its address and what it was told."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    told: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        told.append(await reader.readuntil(b"\r\n\r\n"))
        body = b'{"business":"TLS"}'
        head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        writer.write(head.encode() + body)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context)
    async with server:
        yield f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}", told


async def test_a_server_with_the_offices_own_certificate_is_trusted_by_its_authority(tmp_path: Path) -> None:
    pem = certificate(tmp_path, "127.0.0.1")
    async with (
        tls_server(pem) as (url, _),
        CustomerApi(Transport(LinkSettings.of(url, {"KEEPTABS_CA_FILE": str(pem)}))) as api,
    ):
        assert (await api.service()).value.business == "TLS"


@pytest.mark.parametrize(
    ("address", "days", "known"), [("127.0.0.1", 1, False), ("127.0.0.2", 1, True), ("127.0.0.1", -1, True)]
)
async def test_a_server_that_is_unknown_another_or_out_of_date_is_told_nothing(
    tmp_path: Path, address: str, days: int, *, known: bool
) -> None:
    pem = certificate(tmp_path, address, days)
    async with (
        tls_server(pem) as (url, told),
        CustomerApi(Transport(LinkSettings(server=url, ca_file=str(pem) if known else ""))) as api,
    ):
        with pytest.raises(errors.Unreachable) as caught:
            await api.service()
    assert caught.value.code == "untrusted_server"
    assert told == []


async def test_a_server_that_speaks_no_tls_is_no_server_to_trust() -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        url = f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        async with CustomerApi(Transport(LinkSettings(server=url))) as api:
            with pytest.raises(errors.Unreachable):
                await api.service()


async def test_a_handshake_cut_off_is_no_matter_of_trust() -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(4096)
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        url = f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        async with CustomerApi(Transport(LinkSettings(server=url))) as api:
            with pytest.raises(errors.Unreachable) as caught:
                await api.service()
    assert caught.value.code == ""


@pytest.mark.parametrize("content", [None, b"", b"no certificate"])
def test_certificates_that_cannot_be_read_are_said(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "ca.pem"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(errors.NotKept, match="certificates"):
        Transport(LinkSettings(server="https://desk.example", ca_file=str(path)))
