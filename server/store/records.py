"""Rows and records: one mapping for every collection."""

from typing import Any

from pydantic import BaseModel
from sqlalchemy import Column, Row, Table


def record_columns(model: type[BaseModel], table: Table) -> list[Column[Any]]:
    """Name the columns of `table` that members of `model` are kept in."""
    return [column for column in table.columns if column.name in model.model_fields]


def members(row: Row[Any]) -> dict[str, Any]:
    """Give a row by column name."""
    return row._asdict()
