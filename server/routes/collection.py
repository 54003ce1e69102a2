"""One declaration for each collection; its routes, their mechanics and their part of the contract follow."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final, Generic, TypeVar

from pydantic import BaseModel
from sqlalchemy import ColumnElement, Connection, Table, TextClause

from client.models import Model
from client.models.kinds import ADMIN_ONLY, WRITE_ONLY
from client.models.written import initial_value, new_model, objects_model, patch_model
from server.auth.actor import Actor
from server.routes.answer import PEOPLE
from server.routes.erasure import REMOVED, Erasure
from server.routes.operation import Handler, Operation
from server.rules.work import Rules, Work

M = TypeVar("M", bound=Model)

EVERYTHING: Final = frozenset({"list", "get", "create", "patch", "delete"})
EXAMPLE_ID: Final = "0190e1c0-7f3a-7c3e-9c5b-2f6a3d1e8b47"
CUSTOMER: Final = "customer_id"
"""The part of an address that names the customer, and the column that keeps it."""

Condition = ColumnElement[bool] | TextClause
"""What a row must fulfil."""


Compute = Callable[[Connection, Actor, str], Mapping[str, Any]]
"""From who asks and the id of a record to what comes along with it."""


Settle = Callable[[Work, "Collection[Any]", str, str], None]
"""From the work, the collection, and the ids of the customer who stays and of the one who goes."""


Beforehand = Callable[[Any, dict[str, Any]], Awaitable[tuple[Any, dict[str, Any]]]]
"""From the call and what it sets to both as the transaction sees them, the body fit to be remembered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Action(Generic[M]):
    """Something done to a record that is more than setting members."""

    name: str
    summary: str
    description: str
    event: str
    """What the history calls it, after the path of the collection and a dot.

    Empty: what it sets is counted, not told; it gets neither history nor version.
    """
    change: Callable[..., Mapping[str, Any]]
    """From the work and the record, and the body where one is sent, to the members to set, possibly none.

    It may write other records in the same transaction, with `server.routes.making` or with statements and
    history of its own. Raises `Refusal`.
    """
    sent: type[Model] | None = None
    """What is sent along: read strictly, as if a record were made of it. None: no body."""
    example: Mapping[str, Any] = field(default_factory=dict)
    """What somebody might send."""
    permission: str = ""
    """The word that the role must grant; empty: to write in the collection."""
    further: frozenset[str] = frozenset()
    """Words that the role must grant beside that for parts of it; `change` looks at them."""
    beforehand: "Beforehand | None" = None
    """What it needs that takes too long for a transaction, such as hashing a password."""

    @property
    def sent_model(self) -> type[BaseModel] | None:
        """Give the model of the body."""
        return None if self.sent is None else new_model(self.sent)


@dataclass(frozen=True, slots=True, kw_only=True)
class Include:
    """What comes along with a record that asks for it: a collection's first page, a single record, or more.

    A collection comes along only for those who may read it.
    """

    collection: "Collection[Any] | None" = None
    limit: int = 50
    compute: Compute | None = None
    """Makes what comes along, where it is no collection; looks itself at what the person may see."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Collection(Generic[M]):
    """Records of one kind: what they are, where they are kept, who may do what, and what is special."""

    model: type[M]
    table: Table
    path: str
    """The plural in addresses and permissions, such as `labels`."""
    singular: str
    """What one record is called, such as `label`."""
    about: str
    """What the collection is for, in the contract."""
    rules: Rules[M]
    order: Sequence[tuple[str, bool]] = (("id", True),)
    """Columns that a list is ordered by, and whether downwards; the last one is unique."""
    ordered: str = "Newest first."
    """The same in a sentence, for the contract."""
    of_customer: bool = False
    """Whether its records belong to a customer: `/v1/customers/{customer_id}/…`."""
    parent: "Collection[Any] | None" = None
    """The collection to whose records these belong: `…/memberships/{membership_id}/credits`.

    The table has a column for each id in the address, such as `customer_id` and `membership_id`.
    """
    single: bool = False
    """Whether there is at most one, which then has no id in its address."""
    feature: str = ""
    """What a server that lacks it does not name; empty: the path, with `_` for `-`."""
    verbs: frozenset[str] = EVERYTHING
    cache: str = PEOPLE
    unversioned: bool = False
    """Whether members change without a new version, so that the ETag must come from the body too."""
    keeps_removed: bool = True
    """Whether the history keeps what a removed record held."""
    erasure: Erasure = REMOVED
    """What becomes of its records when the person they are about is erased."""
    settle: Settle | None = None
    """What must give way before its records move along with a customer who is merged into another one.

    None: nothing; of a single record that of the customer who stays is kept.
    """
    extra_columns: Callable[[str], Sequence[ColumnElement[Any]]] = field(default=lambda _dialect: ())
    """Members that are not columns of the table, for a dialect."""
    filters: Mapping[str, "Filterable"] = field(default_factory=dict)
    """Query parameters of the list beside limit, cursor and fields."""
    includes: Mapping[str, Include] = field(default_factory=dict)
    actions: Sequence[Action[M]] = ()
    handlers: Mapping[str, Handler] = field(default_factory=dict)
    """What does a verb that needs more than a transaction, such as an answer from elsewhere."""
    operations: Sequence[Operation] = ()
    """What can be done beside all this."""
    document: type[BaseModel] | None = None
    """The model of one record with its includes, where there are any."""
    removal: str = ""
    """What must hold before a record can be removed, in a sentence."""
    part_links: Mapping[str, str] = field(default_factory=dict)
    """Operations on the parts of a new record, by what they are for."""
    beforehand: "Beforehand | None" = None
    """What a patch needs that takes too long for a transaction, such as hashing a password."""
    new_schema: Mapping[str, Any] = field(default_factory=dict)
    """JSON Schema keywords for a new record that the model cannot say."""
    patch_schema: Mapping[str, Any] = field(default_factory=dict)
    """The same for a patch."""
    example: Mapping[str, Any] = field(default_factory=dict)
    """What somebody might send to make one."""
    given: Mapping[str, Any] = field(default_factory=dict)
    """What the server adds to the example."""

    @property
    def address(self) -> str:
        """Give the path of the list."""
        if self.parent is not None:
            return f"{self.parent.item_address}/{self.path}"
        return f"/v1/customers/{{{CUSTOMER}}}/{self.path}" if self.of_customer else f"/v1/{self.path}"

    @property
    def owners(self) -> tuple[tuple[str, str], ...]:
        """Name the ids in the address that are not the record's own, outermost first, and what each is of."""
        if self.parent is not None:
            return (*self.parent.owners, (self.parent.id_name, self.parent.singular))
        return ((CUSTOMER, "customer"),) if self.of_customer else ()

    @property
    def features(self) -> frozenset[str]:
        """Name the features that must be there: its own, and those of what it belongs to."""
        own = frozenset({self.own_feature})
        return own if self.parent is None else own | self.parent.features

    @property
    def own_feature(self) -> str:
        """Give the feature that the service document names it by."""
        return self.feature or self.path.replace("-", "_")

    @property
    def id_name(self) -> str:
        """Give the name of the part of the address that is a record's id."""
        return f"{self.singular.replace(' ', '_')}_id"

    @property
    def item_address(self) -> str:
        """Give the path of one record."""
        return self.address if self.single else f"{self.address}/{{{self.id_name}}}"

    @property
    def new_model(self) -> type[BaseModel]:
        """Give the model of what is sent to make a record."""
        return new_model(self.model)

    @property
    def patch_model(self) -> type[BaseModel]:
        """Give the model of what is sent to change a record."""
        return patch_model(self.model)

    @property
    def objects_model(self) -> type[BaseModel] | None:
        """Give the model of those members that are objects, as they are once a patch is merged into them."""
        return objects_model(self.model)

    @property
    def shown_example(self) -> dict[str, Any]:
        """Give the example as it is shown once it is made."""
        made = "2026-03-02T09:30:00Z"
        record = {"id": EXAMPLE_ID, "version": 1, "created_at": made, "updated_at": made}
        needed = {name: field for name, field in self.model.model_fields.items() if field.is_required()}
        first = {name: initial_value(field) for name, field in needed.items()}
        begun = {name: value for name, value in first.items() if value is not ...}
        whole = record | begun | dict(self.example) | dict(self.given)
        told = {name for name, found in self.model.model_fields.items() if WRITE_ONLY not in found.metadata}
        return {name: value for name, value in whole.items() if name in told}

    @property
    def hidden_members(self) -> frozenset[str]:
        """Name the members that leave the server for admins only."""
        return _hidden_members(self.model)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filterable:
    """A query parameter that narrows a list."""

    pattern: str
    description: str
    example: str
    condition: Callable[[str, str], Condition]
    """From the value of the parameter and the dialect to what a row must fulfil."""


@cache
def _hidden_members(model: type[Model]) -> frozenset[str]:
    return frozenset(name for name, found in model.model_fields.items() if ADMIN_ONLY in found.metadata)
