"""The payment provider of the demo: a real one over HTTP, on loopback, whose money is made up.

What it knows of a card stands in the card's own reference, so that it forgets nothing when it ends. Outcomes
follow from the token that a card came with.
"""

import json
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final
from urllib.parse import parse_qs, unquote

CARDS: Final[dict[str, tuple[str, str, int, int]]] = {
    "tok_visa": ("visa", "4242", 12, 2031),
    "tok_mastercard": ("mastercard", "4444", 8, 2030),
    "tok_amex": ("amex", "0005", 3, 2032),
    "tok_declined": ("visa", "0002", 6, 2031),
    "tok_insufficient": ("mastercard", "9995", 9, 2029),
    "tok_expired": ("visa", "0069", 1, 2024),
}
"""Every token it takes: brand, last four, month and year of expiry."""
_REFUSED: Final = {
    "declined": "The card was declined.",
    "insufficient": "There is not enough money on the account.",
    "expired": "The card has expired.",
}
"""Why the cards of some tokens are never charged."""


class DemoProvider(ThreadingHTTPServer):
    """The provider's server; `url` and `secret` are what Keeptabs needs to know."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Requests)
        self.secret = secrets.token_urlsafe(24)
        self.url = f"http://127.0.0.1:{self.server_address[1]}"
        self.answers: dict[str, tuple[int, dict[str, Any]]] = {}
        """The first answer under each idempotency key."""
        self.pages: dict[str, str] = {}
        """The customer of each page."""
        self.typed: dict[str, list[str]] = {}
        """References of the cards that were chosen on a customer's page."""
        self.charged: list[tuple[str, dict[str, Any]]] = []
        """Every charge that was carried out: its reference and its amount."""
        self.lock = threading.Lock()


@contextmanager
def demo_provider() -> Iterator[DemoProvider]:
    """Run the provider until the end of the block."""
    provider = DemoProvider()
    thread = threading.Thread(target=provider.serve_forever, args=(0.05,), name="payments", daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        provider.shutdown()
        provider.server_close()
        thread.join()


class _Requests(BaseHTTPRequestHandler):
    server: DemoProvider
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        """Keep a card, charge one, open a page, or take what was chosen on a page."""
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.path.startswith("/pages/"):
            self._choose(self.path.removeprefix("/pages/"), body)
        elif self._trusted():
            self._once(json.loads(body or b"{}"))

    def do_GET(self) -> None:
        """Show a page, or the cards of a customer."""
        if self.path.startswith("/pages/"):
            self._show(self.path.removeprefix("/pages/"))
        elif self._trusted():
            customer = unquote(self.path.split("/")[2])
            self._answer(200, {"items": [_card(one) for one in self.server.typed.get(customer, [])]})

    def do_DELETE(self) -> None:
        """Forget a card."""
        if self._trusted():
            reference = unquote(self.path.rsplit("/", 1)[1])
            for typed in self.server.typed.values():
                if reference in typed:
                    typed.remove(reference)
            self._answer(200, {})

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - its name in http.server
        """Say nothing: addresses of pages are secrets."""

    def _trusted(self) -> bool:
        trusted = secrets.compare_digest(
            self.headers.get("Authorization", "").encode(), f"Bearer {self.server.secret}".encode()
        )
        if not trusted:
            self._answer(401, {"detail": "The secret is wrong."})
        return trusted

    def _once(self, body: dict[str, Any]) -> None:
        """Carry a request out, or give the first answer again."""
        key = self.headers.get("Idempotency-Key", "")
        with self.server.lock:
            answer = self.server.answers.get(key) or self._made(body, key)
            if key:
                self.server.answers[key] = answer
        self._answer(*answer)

    def _made(self, body: dict[str, Any], key: str) -> tuple[int, dict[str, Any]]:
        if self.path == "/payment-methods":
            token = str(body.get("token", ""))
            if token not in CARDS:
                known = ", ".join(CARDS)
                return 422, {"code": "unknown_token", "detail": f"The provider knows only {known}."}
            return 201, _card(_reference(token, key))
        if self.path == "/charges":
            return self._charged(str(body["payment_method"]), body["amount"])
        page = secrets.token_urlsafe(18)
        self.server.pages[page] = str(body["customer"])
        return 201, {"url": f"{self.server.url}/pages/{page}"}

    def _charged(self, reference: str, amount: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        kind = reference.split("_")[1] if reference.count("_") == 2 else ""
        if f"tok_{kind}" not in CARDS:
            return 422, {"code": "unknown_payment_method", "detail": "The provider does not know this card."}
        made = {"id": f"pay_{secrets.token_hex(8)}"}
        if kind in _REFUSED:
            return 200, made | {"status": "failed", "reason": _REFUSED[kind]}
        self.server.charged.append((reference, amount))
        return 200, made | {"status": "succeeded"}

    def _show(self, page: str) -> None:
        if page not in self.server.pages:
            self._html(404, "<h1>This page is gone.</h1>")
            return
        choices = "".join(
            f'<p><button name="token" value="{token}">{escape(brand.title())} ending in {last4}</button></p>'
            for token, (brand, last4, _, _) in CARDS.items()
        )
        self._html(200, f'<h1>Choose a card that does not exist</h1><form method="post">{choices}</form>')

    def _choose(self, page: str, body: bytes) -> None:
        customer = self.server.pages.pop(page, None)
        token = parse_qs(body.decode()).get("token", [""])[0]
        if customer is None or token not in CARDS:
            self._html(404, "<h1>This page is gone.</h1>")
            return
        self.server.typed.setdefault(customer, []).append(_reference(token, page))
        self._html(200, "<h1>Thank you. You may close this page.</h1>")

    def _html(self, status: int, body: str) -> None:
        page = f'<!doctype html><meta charset="utf-8"><title>Riverside payments</title>{body}'
        self._send(status, "text/html; charset=utf-8", page.encode())

    def _answer(self, status: int, value: dict[str, Any]) -> None:
        self._send(status, "application/json", json.dumps(value).encode())

    def _send(self, status: int, media_type: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def _reference(token: str, key: str) -> str:
    """Give the lasting name of a card: another one each time it is kept."""
    made = sha256(key.encode()).hexdigest() if key else secrets.token_hex(8)
    return f"card_{token.removeprefix('tok_')}_{_letters(made)}"


def _letters(digits: str) -> str:
    """Write a number in letters, so that no run of digits looks like a card number."""
    return digits[:16].translate(str.maketrans("0123456789", "ghijklmnop"))


def _card(reference: str) -> dict[str, Any]:
    brand, last4, month, year = CARDS[f"tok_{reference.split('_')[1]}"]
    return {
        "reference": reference,
        "brand": brand,
        "last4": last4,
        "exp_month": month,
        "exp_year": year,
    }
