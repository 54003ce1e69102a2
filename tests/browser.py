"""A browser without scripts: opens pages, fills in their one form, and presses a button of it."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin

import httpx


@dataclass
class Page(HTMLParser):
    """What a browser makes of a page."""

    address: str
    answer: httpx.Response
    action: str = ""
    fields: dict[str, str] = field(default_factory=dict)
    text: str = ""

    def __post_init__(self) -> None:
        super().__init__()
        self.feed(self.answer.text)

    def __hash__(self) -> int:
        return id(self)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take what a form would send."""
        given = dict(attrs)
        if tag == "form":
            self.action = urljoin(self.address, given["action"] or "")
        elif tag == "input" and given.get("type") != "checkbox":
            self.fields[given["name"] or ""] = given.get("value") or ""

    def handle_data(self, data: str) -> None:
        """Take what a person reads."""
        self.text += " ".join(data.split()) + " "


class Browser:
    """Somebody on another device, at the pages of a server."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client

    async def open(self, address: str) -> Page:
        """Go to an address."""
        return Page(address, await self.client.get(address))

    async def send(self, page: Page, **typed: str) -> Page:
        """Type into the form of a page and send it, as a browser marks what its own pages send."""
        headers = {"Sec-Fetch-Site": "same-origin"}
        answer = await self.client.post(page.action, data=page.fields | typed, headers=headers)
        return Page(page.action, answer)

    async def identify(self, begun: Any, login: str = "anna", password: str = "", **typed: str) -> Page:
        """Come by the complete address and sign in there: the page that shows who asks."""
        page = await self.open(begun["verification_uri_complete"])
        return await self.send(page, username=login, password=password, **typed)

    async def approve(self, begun: Any, login: str = "anna", password: str = "") -> Page:
        """Do all that lets a terminal in."""
        page = await self.identify(begun, login, password)
        return await self.send(page, decision="approve", mine="yes")
