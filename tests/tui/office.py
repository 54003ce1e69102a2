"""An office to test screens in: application, client and server are real, the link between them obeys."""

import asyncio
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import httpx
from textual import events
from textual.pilot import Pilot

import tui.app
from client.api import CustomerApi
from client.auth.authority import SessionAuthority
from client.models import CustomerRow
from client.session.store import Session, SessionStore
from client.transport import LinkSettings, Transport
from tests.desk import Desk as ServerDesk
from tests.desk import make_customer
from tui.app import KeeptabsApp
from tui.screens.customers import CustomersScreen
from tui.services.desk import Desk
from tui.services.search import spoken
from tui.widgets.find_line import FindBox, FindCount
from tui.widgets.footer import KeyLine, StatusLine
from tui.widgets.lines import Lines

SERVER = "http://127.0.0.1:8765"

CUSTOMERS: Sequence[dict[str, Any]] = (
    {"given_name": "Ann", "family_name": "Salem", "phones": [{"number": "+442079460101"}]},
    {"given_name": "José", "family_name": "Pérez", "emails": [{"address": "jose.perez@example.org"}]},
    {"display_name": "王小明", "addresses": [{"city": "Taipei"}], "status": "active"},
    {"given_name": "Ray", "family_name": "Smithson", "status": "blocked", "addresses": [{"city": "Salem"}]},
    {
        "given_name": "Joanna",
        "family_name": "Smith",
        "status": "active",
        "phones": [{"number": "+442079460958", "is_primary": True}, {"number": "+442079460777"}],
        "emails": [{"address": "joanna@example.org"}],
        "addresses": [{"line1": "1 Quay", "city": "Bristol", "postal_code": "BS1 4DJ", "country": "GB"}],
        "labels": ["vip", "donor"],
    },
)


class Link(httpx.AsyncBaseTransport):
    """A link to the server in this process that can hold answers back, lose them, or bring something else."""

    def __init__(self, app: Any) -> None:
        self._server = httpx.ASGITransport(app=app)
        self._held: dict[str, asyncio.Event] = {}
        self.asked: list[tuple[str, str, str]] = []
        """Method, path and body of every request."""
        self.down = False
        self.lost: frozenset[int] = frozenset()
        """Which requests, counted from 1, get no answer though the server did what they ask."""
        self.answer: tuple[int, str] | None = None
        """Status and text given for an answer instead of the server's."""

    def hold(self, part: str = "") -> None:
        """Keep back the answers to requests that have `part` in their body, until `release`."""
        self._held[part] = asyncio.Event()

    def release(self, part: str = "") -> None:
        """Let held answers arrive."""
        self._held.pop(part).set()

    @property
    def searches(self) -> list[str]:
        """The bodies of all searches."""
        return [body for _, path, body in self.asked if path.endswith("/search")]

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Pass a request to the server, or do to it what the test wants."""
        body = (await request.aread()).decode()
        self.asked.append((request.method, request.url.path, body))
        if self.down:
            raise httpx.ConnectError("down")
        if self.answer is not None:
            status, text = self.answer
            return httpx.Response(status, stream=httpx.ByteStream(text.encode()))
        answer = await self._server.handle_async_request(request)
        if len(self.asked) in self.lost:
            raise httpx.ReadError("lost")
        for held in [event for part, event in self._held.items() if part in body]:
            await held.wait()
        return answer


class Office:
    """A desk of the application that is signed in to a server in this process."""

    def __init__(self, server: ServerDesk, root: Path, role: str = "staff") -> None:
        self.server = server
        self.link = Link(server.app)
        store = SessionStore(root)
        session = Session(
            name=f"{role}@office",
            server=SERVER,
            login=role,
            access_token=server.tokens[role],
            refresh_token="none",
            expires_at=2.0**40,
            renew_at=2.0**40,
        )
        self.desk = Desk(store, session, root=root, environment={})
        transport = Transport(LinkSettings(server=SERVER), carrier=self.link)
        transport.authority = SessionAuthority(transport, store, session)
        self.desk.__dict__["api"] = CustomerApi(transport)

    async def fill(self, customers: Sequence[dict[str, Any]] = CUSTOMERS) -> None:
        """Make the labels and customers."""
        async with self.server.client("admin") as client:
            for name in sorted({label for one in customers for label in one.get("labels", ())}):
                await client.post("/v1/labels", json={"name": name})
            for members in customers:
                names = {"given_name": "", "family_name": ""} | members
                await make_customer(client, **names)


class ListApp(KeeptabsApp):
    """The application, which notes what it is to open instead of opening it."""

    CSS_PATH = str(Path(tui.app.__file__).with_name("app.tcss"))

    def __init__(self, office: Office) -> None:
        super().__init__(office.desk)
        self.opened: list[CustomerRow] = []

    def open_customer(self, customer_id: str, row: CustomerRow | None = None) -> None:
        """Note the customer."""
        assert row is not None
        assert row.id == customer_id
        self.opened.append(row)

    @property
    def customers(self) -> CustomersScreen:
        """The screen."""
        assert isinstance(self.screen, CustomersScreen)
        return self.screen


async def settled(pilot: Pilot[Any], seconds: float = 3.0) -> None:
    """Wait until what was typed is answered."""
    app = pilot.app
    assert isinstance(app, ListApp)
    async with asyncio.timeout(seconds):
        while True:
            await pilot.pause()
            search = app.customers.search
            if search.generation and not search.asking and search.question.q == spoken(box(app).value):
                break
            await asyncio.sleep(0.005)
    await pilot.pause()


async def until(condition: Callable[[], Any], pilot: Pilot[Any], seconds: float = 3.0) -> None:
    """Wait until a condition holds."""
    ends = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < ends, pilot.app.screen
        await pilot.pause(0.005)


async def burst(pilot: Pilot[Any], *keys: str) -> None:
    """Type faster than anybody can."""
    for key in keys:
        character = key if len(key) == 1 else "\r" if key == "enter" else None
        pilot.app.post_message(events.Key(key, character))
    handled = asyncio.Event()
    focused = pilot.app.focused
    assert focused is not None
    pilot.app.call_later(lambda: focused.call_later(handled.set))
    await handled.wait()


def shown(widget: Lines) -> list[str]:
    """Give the lines of a widget as they are on the screen."""
    return [widget.render_line(y).text.rstrip() for y in range(widget.size.height)]


def names(app: ListApp) -> list[str]:
    """Give the customers on the screen."""
    screen = app.customers
    keys = [row.key for row in screen.driven.rows if row.key is not None]
    return [screen.driven._customers[str(key)].display_name for key in keys]


def counts(app: ListApp) -> str:
    """Give what stands at the right of the find line."""
    return shown(app.customers.query_one(FindCount))[0].strip()


def status(app: ListApp) -> str:
    """Give the status line."""
    return shown(app.screen.query_one(StatusLine))[0].strip()


def footer(app: ListApp) -> str:
    """Give the key line."""
    return shown(app.screen.query_one(KeyLine))[0]


def box(app: ListApp) -> FindBox:
    """Give the line that is typed in."""
    return app.customers.box
