"""Which address a request is for: found step by step, however many addresses there are."""

from collections.abc import Sequence
from typing import NoReturn

from starlette.routing import BaseRoute, Match, NoMatchFound, Route
from starlette.types import Receive, Scope, Send


class Addresses(BaseRoute):
    """Routes by the steps of their paths. A step that is written out goes before one that stands for any."""

    def __init__(self, routes: Sequence[Route]) -> None:
        self._start = _Step()
        for route in routes:
            step = self._start
            for name in route.path.split("/"):
                step = step.after(name)
            step.route = route

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Find the route of a request, and what its path holds."""
        if scope["type"] != "http":
            return Match.NONE, {}
        route = self._start.find(scope["path"].split("/"), 0)
        if route is None:
            return Match.NONE, {}
        match, found = route.matches(scope)
        return match, {**found, "address": route}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Have the route that was found answer."""
        await scope["address"].handle(scope, receive, send)

    def url_path_for(self, name: str, /, **path_params: str) -> NoReturn:
        """Make no addresses: nothing asks for one by a route's name."""
        raise NoMatchFound(name, path_params)


class _Step:
    """What may come after some steps of a path, and the route that ends here."""

    def __init__(self) -> None:
        self.route: Route | None = None
        self._written: dict[str, _Step] = {}
        self._any: _Step | None = None

    def after(self, name: str) -> "_Step":
        """Give the step behind one more part of a path, making it where it is new."""
        if not name.startswith("{"):
            return self._written.setdefault(name, _Step())
        if self._any is None:
            self._any = _Step()
        return self._any

    def find(self, names: Sequence[str], place: int) -> Route | None:
        """Give the route for the parts of a path from a place on."""
        if place == len(names):
            return self.route
        name = names[place]
        written = self._written.get(name)
        found = written.find(names, place + 1) if written is not None else None
        if found is None and self._any is not None and name:
            found = self._any.find(names, place + 1)
        return found
