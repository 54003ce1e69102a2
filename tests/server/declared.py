"""Collections made up for tests of what any declaration can say: baskets with eggs in them, and one nest."""

from collections.abc import Mapping
from typing import Annotated, Any, Final

import pytest
from pydantic import Field
from sqlalchemy import Column, ColumnElement, Connection, MetaData, String, Table

from client.models import Model, Record
from client.models.kinds import CREATE_ONLY, Choice, Initially, Line, Number
from server.auth.actor import PERMISSIONS, Actor
from server.problems import Refusal
from server.routes import COLLECTIONS, making
from server.routes.collection import Action, Collection
from server.rules.work import Rules, Work
from server.store.database import Database
from server.store.tables import Id, Json
from server.store.tables.columns import record_columns
from tests.desk import Desk, open_desk

_metadata = MetaData()


class Lining(Model):
    """What a basket is lined with."""

    material: Annotated[str, Line(max_length=20, required=True), Field(title="Material")]
    """Such as straw."""
    layers: Annotated[int, Number(minimum=1, maximum=9), Field(title="Layers")] = 1
    """How many."""


class Basket(Record):
    """A basket."""

    name: Annotated[str, Line(max_length=20, required=True), Field(title="Name")]
    """Its name."""
    state: Annotated[str, Choice(options={"open": "", "shut": "", "secret": ""}), Initially("open")] = "open"
    """open, shut, or for admins."""
    lining: Lining | None = None
    """What is in it."""
    marks: dict[str, Annotated[str, Field(max_length=9)]] = {}  # noqa: RUF012 - pydantic copies it
    """Anything, by name."""


class Egg(Record):
    """An egg."""

    color: Annotated[str, CREATE_ONLY, Line(max_length=20, required=True), Field(title="Colour")]
    """Its colour."""


class Nest(Record):
    """A nest."""

    color: Annotated[str, Line(max_length=20, required=True), Field(title="Colour")]
    """Its colour."""


class Shutting(Model):
    """What is said when a basket is shut."""

    eggs: Annotated[int, Number(minimum=0, maximum=3), Field(title="Eggs")]
    """How many eggs are put in before."""


def _table(name: str, *columns: Column[Any]) -> Table:
    return Table(name, _metadata, *record_columns(), Column("customer_id", Id, nullable=False), *columns)


_baskets = _table(
    "baskets",
    Column("name", String(20)),
    Column("state", String(20)),
    Column("lining", Json),
    Column("marks", Json),
)
_eggs = _table("eggs", Column("basket_id", Id, nullable=False), Column("color", String(20)))
_nests = Table(
    "nests",
    _metadata,
    *record_columns(),
    Column("customer_id", Id, unique=True, nullable=False),
    Column("color", String(20)),
)


class _BasketRules(Rules[Basket]):
    def visible(self, actor: Actor) -> ColumnElement[bool] | None:
        return None if actor.is_admin else _baskets.c.state != "secret"


def _shut(work: Work, basket: Basket, body: Any) -> Mapping[str, Any]:
    if basket.state == "shut":
        return {}
    if body.eggs == 0:
        raise Refusal(409, "A basket is not shut without an egg.", "no_egg")
    for _ in range(body.eggs):
        making.make(work, EGGS, {"color": "white"}, owners={**work.owners, "basket_id": basket.id})
    return {"state": "shut"}


def _collection(model: type[Any], table: Table, singular: str, **said: Any) -> Collection[Any]:
    order = (("id", False),)
    return Collection(
        model=model, table=table, path=table.name, singular=singular, about="Made up.", order=order, **said
    )


BASKETS: Final = _collection(
    Basket,
    _baskets,
    "basket",
    of_customer=True,
    rules=_BasketRules(),
    actions=(
        Action(
            name="shut",
            summary="Shut a basket",
            description="Eggs go in before.",
            event="shut",
            sent=Shutting,
            example={"eggs": 2},
            change=_shut,
        ),
    ),
    example={"name": "Easter"},
)
EGGS: Final = _collection(Egg, _eggs, "egg", parent=BASKETS, rules=Rules[Egg](), example={"color": "blue"})
NESTS: Final = _collection(
    Nest,
    _nests,
    "nest",
    of_customer=True,
    single=True,
    rules=Rules[Nest](),
    verbs=frozenset({"get", "patch", "delete"}),
    example={"color": "blue"},
)


def baskets_desk(database: Database, monkeypatch: pytest.MonkeyPatch, **settings: Any) -> Desk:
    """Open a desk at which there are baskets, eggs and nests too; admins may do everything with them."""
    words = {
        f"{path}:{verb}" for path in ("baskets", "eggs", "nests") for verb in ("read", "write", "delete")
    }
    for role in ("admin", "staff"):
        monkeypatch.setitem(PERMISSIONS, role, PERMISSIONS[role] | words)
    monkeypatch.setattr("server.app.COLLECTIONS", (*COLLECTIONS, BASKETS, EGGS, NESTS))

    def create(connection: Connection) -> None:
        _metadata.create_all(connection)

    database.write_now(create)
    return open_desk(database, **settings)
