"""What a record points to must be there."""

from collections.abc import Mapping
from functools import cache

from pydantic import BaseModel
from sqlalchemy import Table, select

from client.models.kinds import Reference
from client.models.written import kind_of
from server.problems import Fault, Refusal
from server.rules.work import Work


def unknown_references(
    work: Work, new: BaseModel, old: BaseModel | None, tables: Mapping[str, Table]
) -> list[Fault]:
    """Name the members of `new` that point to nothing; what `old` pointed to already is trusted.

    Members that point to what is not among `tables` are for the caller to look at.
    """
    faults: list[Fault] = []
    for name, collection in _references(type(new)).items():
        target = getattr(new, name)
        if target is None or collection not in tables or (old is not None and getattr(old, name) == target):
            continue
        table = tables[collection]
        if work.connection.execute(select(table.c.id).where(table.c.id == target)).first() is None:
            faults.append(Fault(f"/{name}", "unknown_reference", f"This is not in {collection} (any more)."))
    return faults


@cache
def _references(model: type[BaseModel]) -> Mapping[str, str]:
    """Give the members of a model that point to records, and the collections of those."""
    kinds = {name: kind_of(field) for name, field in model.model_fields.items()}
    return {name: kind.collection for name, kind in kinds.items() if isinstance(kind, Reference)}


def refuse_unknown(faults: list[Fault]) -> None:
    """Raise 409 where something points to nothing: the request is well made, but what is there is not so."""
    if faults:
        sentence = (
            faults[0].sentence if len(faults) == 1 else f"{len(faults)} things are not there (any more)."
        )
        raise Refusal(409, sentence, "unknown_reference", faults)
