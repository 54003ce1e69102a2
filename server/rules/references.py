"""What a record points to must be there."""

from collections.abc import Mapping

from pydantic import BaseModel
from sqlalchemy import Table, select

from client.models.kinds import Reference
from client.models.written import kind_of
from server.problems import Fault, Refusal
from server.rules.work import Work


def unknown_references(
    work: Work, new: BaseModel, old: BaseModel | None, tables: Mapping[str, Table]
) -> list[Fault]:
    """Name the members of `new` that point to nothing; what `old` pointed to already is trusted."""
    faults: list[Fault] = []
    for name, field in type(new).model_fields.items():
        kind = kind_of(field)
        target = getattr(new, name)
        if (
            not isinstance(kind, Reference)
            or target is None
            or (old is not None and getattr(old, name) == target)
        ):
            continue
        table = tables[kind.collection]
        if work.connection.execute(select(table.c.id).where(table.c.id == target)).first() is None:
            faults.append(
                Fault(f"/{name}", "unknown_reference", f"This is not in {kind.collection} (any more).")
            )
    return faults


def refuse_unknown(faults: list[Fault]) -> None:
    """Raise 409 where something points to nothing: the request is well made, but what is there is not so."""
    if faults:
        sentence = (
            faults[0].sentence if len(faults) == 1 else f"{len(faults)} things are not there (any more)."
        )
        raise Refusal(409, sentence, "unknown_reference", faults)
