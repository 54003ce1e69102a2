"""A server's address as a person types it, made whole and checked."""

from ipaddress import ip_address
from typing import Final
from urllib.parse import SplitResult, urlsplit

from client.errors import Invalid

_LONGEST_HOST: Final = 253
_EXAMPLE: Final = "Give an address such as https://desk.example.org."


def server_address(typed: str, *, allow_plain_http: bool = False) -> str:
    """Give `scheme://host[:port][/path]` without a slash at the end. Raises Invalid.

    Without a scheme `https` is meant, or `http` for this machine itself. `http` to another machine is
    refused unless allowed: passwords and tokens would travel readable.
    """
    typed = typed.strip()
    if "//" not in typed:
        typed = ("http://" if is_this_machine(_split(f"//{typed}").hostname or "") else "https://") + typed
    parts = _split(typed)
    host = parts.hostname or ""
    readable = typed.isprintable() and " " not in typed
    if parts.scheme not in ("http", "https") or not readable or not 0 < len(host) <= _LONGEST_HOST:
        raise Invalid("This is not the address of a server.", code="not_an_address", remedy=_EXAMPLE)
    if parts.username is not None or parts.query or parts.fragment:
        raise Invalid(
            "A server's address has no name, password, ? or # in it.", code="not_an_address", remedy=_EXAMPLE
        )
    if parts.scheme == "http" and not allow_plain_http and not is_this_machine(host):
        raise Invalid(
            "http:// would send passwords and customers readable over the network.",
            code="plain_http",
            safe="Nothing was sent.",
            remedy="Use https://.",
        )
    path = parts.path.rstrip("/").removesuffix("/v1")
    return f"{parts.scheme}://{parts.netloc.lower()}{path}"


def is_this_machine(host: str) -> bool:
    """Say whether a host name or address never leaves this machine."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _split(typed: str) -> SplitResult:
    try:
        parts = urlsplit(typed)
        _ = parts.port
    except ValueError:
        raise Invalid(
            "This is not the address of a server.", code="not_an_address", remedy=_EXAMPLE
        ) from None
    return parts
