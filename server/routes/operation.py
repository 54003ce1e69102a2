"""A route and its part of the contract from one declaration."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from fastapi import FastAPI, Request, Response
from pydantic import BaseModel
from starlette.routing import Match, Route
from starlette.types import Scope

from server.auth.actor import Actor
from server.auth.scheme import optional_actor
from server.problems import Refusal
from server.routes.addresses import Addresses
from server.routes.call import JSON, Call
from server.routes.former import where_to

NOBODY: Final = Actor(id="", name="", role="", session_id="")
"""Who asks before sign-in: may do nothing."""

Handler = Callable[[Call], Awaitable[Response]]
Schema = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A request body: its model, its media type, and what somebody might send."""

    model: type[BaseModel] | None
    """None: bytes that the contract says nothing of."""
    example: Mapping[str, Any]
    media_type: str = JSON
    more: Mapping[str, Any] = field(default_factory=dict)
    """JSON Schema keywords that the model cannot say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """An answer that is no refusal."""

    description: str
    model: type[BaseModel] | None = None
    media_type: str = JSON
    other_media_types: Mapping[str, Schema] = field(default_factory=dict)
    """What the answer may be instead, where the caller wished for it: schemas by media type."""
    trimmed: type[BaseModel] | None = None
    """The model of which `fields` may leave members out: `model` itself, or the items of it."""
    example: Mapping[str, Any] | None = None
    headers: Sequence[str] = ()
    """Names of headers in `server.routes.contract.HEADERS`."""
    links: Mapping[str, Schema] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One method of one address."""

    method: str
    path: str
    name: str
    """The operation's id in the contract, such as `list_labels`."""
    tag: str
    summary: str
    description: str
    permission: str
    """The word that the role must grant; empty where being signed in is enough."""
    further: frozenset[str] = frozenset()
    """Words that parts of it need beside that one."""
    open: bool = False
    """Whether it works before sign-in too."""
    handle: Handler
    answers: Mapping[int, Shown]
    refusals: Sequence[int] = ()
    """Statuses of problems beside those that every operation may answer with."""
    parameters: Sequence[Schema] = ()
    query: type[BaseModel] | None = None
    separated: frozenset[str] = frozenset()
    """Query parameters that are lists with commas between."""
    sent: Sent | None = None

    @property
    def words(self) -> frozenset[str]:
        """Give every permission word that it has a use for."""
        return self.further | ({self.permission} if self.permission else frozenset())

    @property
    def operation_id(self) -> str:
        """Give the name under which the log knows the operation."""
        return self.name


class AddressRoute(Route):
    """Every operation of one address; a method that is not among them gets 405."""

    def __init__(self, path: str, operations: Sequence[Operation]) -> None:
        self.operations = {operation.method: operation for operation in operations}
        endpoints = {operation.method: _endpoint(operation) for operation in operations}

        async def endpoint(request: Request) -> Response:
            request.scope["route"] = self.operations[request.method]
            return await endpoints[request.method](request)

        super().__init__(path, endpoint, methods=list(self.operations), include_in_schema=False)
        self.methods = set(self.operations)

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Take a request whose address fits, whatever its method."""
        match, child = super().matches(scope)
        return (Match.FULL if match is Match.PARTIAL else match), child


def add_operations(app: FastAPI, operations: Sequence[Operation]) -> None:
    """Give an application the routes of these operations."""
    for operation in operations:
        _build_models(operation)
    addresses: dict[str, list[Operation]] = {}
    for operation in operations:
        addresses.setdefault(operation.path, []).append(operation)
    app.router.routes.append(Addresses([AddressRoute(path, found) for path, found in addresses.items()]))


def _build_models(operation: Operation) -> None:
    """Build what reads and checks now: no request shall wait for it."""
    models = [operation.query, operation.sent.model if operation.sent else None]
    for shown in operation.answers.values():
        models += [shown.model, shown.trimmed]
    for model in models:
        if model is not None:
            model.model_rebuild()


def _endpoint(operation: Operation) -> Callable[[Request], Awaitable[Response]]:
    permission, handle = operation.permission, operation.handle
    reads_body = operation.sent is not None or operation.method == "POST"

    async def endpoint(request: Request) -> Response:
        actor = await optional_actor(request)
        if actor is None:
            if not operation.open:
                raise Refusal(401, headers={"WWW-Authenticate": "Bearer"})
            actor = NOBODY
        if permission and not actor.may(permission):
            raise Refusal(403, f"Your role, {actor.role}, does not allow this ({permission}).")
        body = await request.body() if reads_body else b""
        call = Call(request, request.app.state.database, actor, body)
        try:
            return await handle(call)
        except Refusal as refusal:
            raise await where_to(call, refusal) from None

    return endpoint
