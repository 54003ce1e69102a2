"""Uploads that nobody finishes do not lie about, nor count against what a customer may have."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, select

from client.models.files import DAYS_UNFINISHED
from server.payments.charging import SERVER
from server.routes import making, shelf
from server.routes.collection import CUSTOMER
from server.routes.documents import DOCUMENTS
from server.rules.work import Work
from server.store.database import Database
from server.store.tables import documents


async def remove_unfinished(database: Database, moment: datetime) -> int:
    """Remove every upload that was begun too long ago and never finished. Gives how many were found."""
    old = await database.read(
        lambda connection: _left_lying(connection, moment - timedelta(days=DAYS_UNFINISHED))
    )
    for customer_id, document_id in old:
        await database.write(_removal(customer_id, document_id, moment))
    return len(old)


def _left_lying(connection: Connection, before: datetime) -> list[tuple[str, str]]:
    columns = documents.c
    statement = select(columns.customer_id, columns.id).where(
        columns.state == "receiving", columns.created_at < before
    )
    return [(row.customer_id, row.id) for row in connection.execute(statement)]


def _removal(customer_id: str, document_id: str, moment: datetime) -> Any:
    def remove(connection: Connection) -> None:
        owners = {CUSTOMER: customer_id}
        # Locked and read anew: the last piece may have come a moment before.
        document = shelf.lock(connection, DOCUMENTS, SERVER, document_id, owners)
        if document is not None and document.state == "receiving":
            making.remove(Work(connection, SERVER, moment, "", owners), DOCUMENTS, document)

    return remove
