"""Rows and records: one mapping for every collection."""

from typing import Any

from pydantic import BaseModel
from sqlalchemy import Column, Row, Table

from server.store.tables import Json


def record_columns(model: type[BaseModel], table: Table) -> list[Column[Any]]:
    """Name the columns of `table` that members of `model` are kept in."""
    return [column for column in table.columns if column.name in model.model_fields]


def row_values(model: BaseModel, table: Table) -> dict[str, Any]:
    """Give the columns that store a record."""
    values: dict[str, Any] = {}
    for name in type(model).model_fields:
        column = table.columns.get(name)
        if column is not None:
            value = getattr(model, name)
            values[name] = _plain(value) if column.type is Json else value
    return values


def _plain(value: Any) -> Any:
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json", exclude_defaults=True)
    return [_plain(part) for part in value] if isinstance(value, list) else value


def members(row: Row[Any]) -> dict[str, Any]:
    """Give a row by column name."""
    return row._asdict()
