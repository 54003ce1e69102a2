"""The desk: everything the screens share, with one owner.

It holds the signed-in session's client, what the server said of itself, reference lists, the open profiles,
and the stores on disk: drafts, recently opened and pinned customers.
"""

import asyncio
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from client.errors import CustomerApiError
from client.meter import Frugality, LinkMeter
from client.models import Service
from client.session.store import Session, SessionStore, state_folder
from tui.forms.formats import Formats
from tui.options import OpenOptions
from tui.services.kept import KeepsOnThisMachine
from tui.services.known_lists import KnowsLists
from tui.services.known_service import KnownService
from tui.services.link_back import LinkBack
from tui.services.live import Live
from tui.services.outgoing import Outgoing

if TYPE_CHECKING:
    from client.api import CustomerApi
    from client.early_connection import EarlyConnection
    from client.models import Hint
    from client.outbox import Edit
    from client.transport import Transport
    from tui.screens.profile import ProfileScreen


class Desk(KnowsLists, KeepsOnThisMachine):
    """State and services of one person at one server; without a session, what is needed to sign in."""

    granted_before: frozenset[str]
    """What the person might do last time: counts until the server has said what it is now."""

    def __init__(
        self,
        store: SessionStore,
        session: Session | None,
        *,
        root: Path | None = None,
        environment: Mapping[str, str] | None = None,
        server: str = "",
        login: str = "",
        read_only: bool = False,
    ) -> None:
        self.store = store
        self.root = root or state_folder()
        self.read_only = read_only
        self.keeps = True
        self._environment = os.environ if environment is None else environment
        self.trouble = ""
        """Why the cached session could not be taken: a file open to others, a keyring that is locked."""
        self.opened: EarlyConnection | None = None
        """A connection that was opened while the application was loaded."""
        self._asked_server = server
        self._asked_login = login
        self.downloads = ""
        """The folder for downloads that is configured, if any."""
        self.frugality: Frugality = "auto"
        """Whether the link is spared: by itself while it is slow, or as configured."""
        self.uploads_from = Path.home()
        """The folder that the last file was sent from."""
        self.tell: Callable[[CustomerApiError], None] = lambda _: None
        """Hears of what fails behind the screen, such as a draft that cannot be written."""
        self.counted: Callable[[], None] = lambda: None
        """Hears that more or less waits for the link."""
        self._warming: asyncio.Future[None] | None = None
        self._begin(session)

    @classmethod
    def for_options(cls, options: OpenOptions) -> "Desk":
        """Take the cached session that the options name, or else the one used last."""
        store = SessionStore.of_this_user(os.environ)
        server, login = options.server or "", options.user or ""
        session, trouble = None, ""
        try:
            found = store.find(server, login)
            session = store.load(found.name) if found is not None and found.signed_in else None
        except CustomerApiError as error:
            trouble = error.sentence
        if session is None and not trouble and not server:
            trouble = _after_demo(store)
        desk = cls(store, session, server=server, login=login, read_only=options.read_only)
        desk.trouble = trouble
        desk.opened = options.opened
        return desk

    @property
    def signed_in(self) -> bool:
        """Whether there is a session, as far as this machine knows."""
        return self.session is not None

    @property
    def server(self) -> str:
        """The address of the server, or what to propose for it at sign-in."""
        return self.session.server if self.session else self._asked_server

    @property
    def login(self) -> str:
        """The sign-in name, or what to propose for it."""
        return self.session.login if self.session else self._asked_login

    @cached_property
    def api(self) -> "CustomerApi":
        """The server as this person. Nothing is sent before it is used."""
        from client.auth.sign_in import open_api
        from client.remembering import RememberingTransport
        from client.transport import LinkSettings

        if self.session is None:
            raise LookupError("Nobody is signed in.")
        settings = LinkSettings.of(self.session.server, self._environment)
        transport = RememberingTransport(replace(settings, opened=self.opened), meter=self.meter)
        if self.seen is not None:
            transport.remember(self.seen, self.customer_gone)
        return open_api(self.store, self.session, settings, transport)

    @cached_property
    def meter(self) -> LinkMeter:
        """How the link does, from the first request on."""
        return LinkMeter(self.frugality)

    @cached_property
    def formats(self) -> Formats:
        """How dates, numbers and phones are written here."""
        return Formats.of(self.service, self._environment)

    @cached_property
    def link_back(self) -> LinkBack:
        """Tells those who wait for the link that it is back."""
        return LinkBack(self.connect)

    @cached_property
    def outgoing(self) -> Outgoing:
        """Saves, and sends what waits for the link."""
        outgoing = Outgoing(self)
        outgoing.counted = lambda: self.counted()
        outgoing.done = self._sent
        return outgoing

    @property
    def unsent(self) -> "tuple[Edit, ...]":
        """What waits for the link, as far as anybody has looked."""
        return self.outgoing.edits if "outgoing" in self.__dict__ else ()

    @cached_property
    def live(self) -> Live:
        """Follows what others do to the customers that are open."""
        live = Live(lambda: self.open_profiles)
        live.heard = self._heard
        return live

    def follow_changes(self) -> None:
        """Hear that a profile was opened or closed: its changes are followed, where the server tells them."""
        if self.signed_in and self.has("live"):
            self.live.look(self.api)

    def _heard(self, hints: "Sequence[Hint]") -> None:
        for customer_id, shown in tuple(self.open_profiles.items()):
            told = [hint for hint in hints if hint.customer_id == customer_id]
            if told or not hints:
                shown.call_later(shown.changed_elsewhere, told)

    def _sent(self, edits: "Sequence[Edit]", saved: bool) -> None:
        for customer_id, shown in tuple(self.open_profiles.items()):
            count = sum(edit.customer_id == customer_id for edit in edits)
            if count:
                shown.call_later(shown.waits_no_longer, count if saved else 0)

    async def connect(self) -> None:
        """Learn what the server is and what this person may do. Raises CustomerApiError."""
        # The HTTP library takes longer to import than a screen to paint: beside the loop, behind the paint.
        await asyncio.to_thread(import_module, "client.auth.sign_in")
        known = KnownService(self.root, self.server, self.login)
        last, etag = known.last()
        answer = await self.api.service_if_changed(etag)
        self.service = last if answer is None else answer.value
        if answer is not None:
            known.save(answer.value, answer.etag)
        before = self.granted_before
        self.granted_before = frozenset(self.service.permissions)
        if before and before != self.granted_before:
            self._may_otherwise()
        self.__dict__.pop("formats", None)
        # The first form would wait for languages and numbering plans to load: they load while nobody waits.
        self.outgoing.start()
        self._warming = asyncio.get_running_loop().run_in_executor(None, self.formats.warm)

    def _may_otherwise(self) -> None:
        """Show nothing that was seen under other rights."""
        self.forget_seen()
        if not self.may("customers:read"):
            self.recents.clear()
        self.forget_references()
        for shown in tuple(self.open_profiles.values()):
            shown.call_later(shown.begin_anew)

    async def sign_in(self, server: str, login: str, password: str) -> None:
        """Begin a session with name and password and keep it. Raises CustomerApiError."""
        await asyncio.to_thread(import_module, "client.auth.sign_in")
        from client.auth.grants import password as by_password
        from client.auth.sign_in import sign_in

        async with self.link_to(server) as transport:
            session = await sign_in(transport, self.store, login, by_password(login, password))
        await self.go_on_as(session)

    def link_to(self, server: str) -> "Transport":
        """Give a link to a server for signing in, to be closed after it."""
        from client.transport import LinkSettings, Transport

        return Transport(LinkSettings.of(server, self._environment))

    async def go_on_as(self, session: Session) -> None:
        """Work with a session that has just begun."""
        await self.close()
        self._begin(session)

    async def sign_out(self) -> None:
        """End the session here, and at the server if it can be reached."""
        from client.auth.sign_in import sign_out
        from client.transport import LinkSettings, Transport

        session = self.session
        if session is None:
            return
        await self.close()
        self.forget_seen()
        async with Transport(LinkSettings.of(session.server, self._environment)) as transport:
            await sign_out(transport, self.store, session.name)
        self._asked_server, self._asked_login = session.server, session.login
        self._begin(None)

    @property
    def has_desktop(self) -> bool:
        """Whether the person sits at this machine, whose programs take `tel:` and `mailto:` links."""
        here = self._environment
        remote = "SSH_CONNECTION" in here or "SSH_TTY" in here
        return not remote and (sys.platform == "darwin" or "DISPLAY" in here or "WAYLAND_DISPLAY" in here)

    @property
    def downloads_to(self) -> Path:
        """The folder that documents are saved in."""
        usual = Path.home() / "Downloads"
        if self.downloads:
            return Path(self.downloads).expanduser()
        return usual if usual.is_dir() else Path.home()

    def may(self, permission: str) -> bool:
        """Say whether the signed-in person may do something, as `collection:verb`."""
        if self.read_only and not permission.endswith(":read"):
            return False
        return permission in (self.service.permissions or self.granted_before)

    def has(self, feature: str) -> bool:
        """Say whether the server has a part."""
        return feature in self.service.features

    def flush(self) -> None:
        """Write drafts that wait, at once: the program ends."""
        if "draft_saver" in self.__dict__:
            self.draft_saver.flush()
        if "seen_rows" in self.__dict__:
            self.seen_rows.flush()

    async def close(self) -> None:
        """Write what waits and let the connections go."""
        self.flush()
        for name in ("live", "link_back", "outgoing"):
            if name in self.__dict__:
                await self.__dict__[name].close()
        if "api" in self.__dict__:
            await self.api.close()

    def _begin(self, session: Session | None) -> None:
        self.session = session
        known = None if session is None else KnownService(self.root, self.server, self.login)
        self.service = known.load() if known else Service()
        self.granted_before = known.granted() if known else frozenset()
        self.open_profiles: dict[str, ProfileScreen] = {}
        self.forget_references()
        for name in ("api", "meter", "live", "link_back", "outgoing", "formats"):
            self.__dict__.pop(name, None)
        self.close_stores()


def _after_demo(store: SessionStore) -> str:
    """Say what to do where nobody is signed in but in a demo."""
    told = "To try the sample business again: keeptabs demo. To work with a server, sign in here."
    return told if any(session.demo for session in store.sessions()) else ""
