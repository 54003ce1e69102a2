"""The application: the routes, the sign-in and the layers around them, on one database."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import cache
from typing import Final

from fastapi import FastAPI

from server.auth.routes import add_sign_in
from server.config import ServerSettings
from server.daily import day_after_day
from server.live.hub import Hub
from server.live.others import among_others
from server.middleware import add_middleware
from server.openapi import describe
from server.portal.routes import PORTAL, add_portal
from server.problems import add_problems
from server.routes import COLLECTIONS
from server.routes.audience import AUDIENCE
from server.routes.bulk import BULK
from server.routes.charging import charging_for, takes_payments
from server.routes.customers import SEARCHES
from server.routes.exporting import EXPORTS
from server.routes.likely_same import LIKELY_SAME
from server.routes.live import LIVE
from server.routes.merging import merging
from server.routes.offer import feature_names, offered
from server.routes.operation import Operation, add_operations
from server.routes.operations import operations_of
from server.routes.personal_data import personal_data
from server.routes.service import ME, service_operation
from server.routes.settling import SETTLERS
from server.store.database import Database

OTHERS: Final[Mapping[str, Sequence[Operation]]] = {
    "live": LIVE,
    "personal_data": personal_data(COLLECTIONS),
    "merging": (*LIKELY_SAME, *merging(COLLECTIONS)),
}
"""Features that are no collection, each with its operations."""


def build_app(settings: ServerSettings, database: Database) -> FastAPI:
    """Give the application that serves `database`, which must be migrated. The caller closes the database.

    Raises CannotStart where the settings leave out a feature that is not there.
    """
    hub = Hub(database, settings.streams_per_person)
    app = FastAPI(
        title="Customer API",
        version="1",
        redirect_slashes=False,
        docs_url="/docs" if settings.docs else None,
        redoc_url=None,
        openapi_url="/openapi.json",
        lifespan=lambda app: _beside(app, hub, database),
    )
    app.state.live = hub
    database.committed = hub.wake
    app.state.settings = settings
    app.state.database = database
    app.state.charging = charging_for(settings, database, SETTLERS)
    operations = all_operations(settings)
    app.state.permissions = frozenset().union(*(operation.words for operation in operations))
    add_operations(app, operations)
    add_sign_in(app, settings, database)
    add_portal(app, settings, database)
    add_problems(app)
    add_middleware(app, settings)
    app.openapi = cache(lambda: describe(app, operations))  # type: ignore[method-assign]
    return app


@asynccontextmanager
async def _beside(app: FastAPI, hub: Hub, database: Database) -> AsyncIterator[None]:
    """Run what goes on beside the requests for as long as they are served."""
    async with (
        among_others(hub, database),
        day_after_day(database, app.state.charging, app.state.permissions),
    ):
        yield


def all_operations(settings: ServerSettings) -> list[Operation]:
    """Give every operation that is made from declarations, the busiest first."""
    collections, others = offered(COLLECTIONS, settings.without, OTHERS)
    made = [operation for collection in collections for operation in operations_of(collection)]
    made += [operation for operations in others.values() for operation in operations]
    payments = ["payments"] if takes_payments(settings) else []
    mail = ["mail"] if settings.sends_mail else []
    features = [*feature_names(collections), *others, *payments, *mail]
    portal = PORTAL if "portal_account" in features else ()
    return [*SEARCHES, AUDIENCE, *EXPORTS, BULK, *made, *portal, ME, service_operation(settings, features)]
