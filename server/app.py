"""The application: the routes, the sign-in and the layers around them, on one database."""

from functools import cache

from fastapi import FastAPI

from server.auth.routes import add_sign_in
from server.config import ServerSettings
from server.middleware import add_middleware
from server.openapi import describe
from server.problems import add_problems
from server.routes import COLLECTIONS
from server.routes.customers import SEARCHES
from server.routes.operation import Operation, add_operations
from server.routes.operations import operations_of
from server.routes.service import ME, service_operation
from server.store.database import Database


def build_app(settings: ServerSettings, database: Database) -> FastAPI:
    """Give the application that serves `database`, which must be migrated. The caller closes the database."""
    app = FastAPI(
        title="Customer API",
        version="1",
        redirect_slashes=False,
        docs_url="/docs" if settings.docs else None,
        redoc_url=None,
        openapi_url="/openapi.json",
    )
    app.state.settings = settings
    app.state.database = database
    operations = all_operations(settings)
    add_operations(app, operations)
    add_sign_in(app, settings, database)
    add_problems(app)
    add_middleware(app, settings)
    app.openapi = cache(lambda: describe(app, operations))  # type: ignore[method-assign]
    return app


def all_operations(settings: ServerSettings) -> list[Operation]:
    """Give every operation that is made from declarations, the busiest first."""
    features = [collection.path for collection in COLLECTIONS]
    made = [operation for collection in COLLECTIONS for operation in operations_of(collection)]
    return [*SEARCHES, *made, ME, service_operation(settings, features)]
