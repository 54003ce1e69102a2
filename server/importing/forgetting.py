"""What came of imports that nobody finished does not lie about."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, delete

from server.store.tables import imports

IMPORTS_KEPT: Final = timedelta(days=7)


def forget_old(connection: Connection, before: datetime) -> int:
    """Forget imports that were made before and are not done, with all that came; give how many."""
    old = (imports.c.created_at < before) & (imports.c.state != "done")
    return connection.execute(delete(imports).where(old)).rowcount
