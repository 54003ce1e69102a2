"""The service document, and the person behind a request."""

from collections.abc import Callable, Sequence
from typing import Any, Final

from fastapi import Response
from sqlalchemy import Connection, select

from client.models import Me, Service
from server.config import ServerSettings
from server.problems import Refusal
from server.routes.answer import PEOPLE, found
from server.routes.call import Call
from server.routes.contract import IF_NONE_MATCH
from server.routes.operation import Operation, Shown
from server.rules.office import OFFICE_SAYS
from server.store.records import members, record_columns
from server.store.tables import settings as office
from server.store.tables import staff


async def _me(call: Call) -> Response:
    statement = select(*record_columns(Me, staff)).where(staff.c.id == call.actor.id)

    def work(connection: Connection) -> dict[str, Any]:
        row = connection.execute(statement).first()
        if row is None:
            raise Refusal(401, "This account is no longer there.")
        return Me.model_validate({**members(row), "permissions": sorted(call.actor.permissions)}).to_json()

    return found(call.request, await call.database.read(work), PEOPLE).response()


ME: Final = Operation(
    method="GET",
    path="/v1/me",
    name="get_me",
    tag="service",
    summary="Who am I",
    description="The signed-in person, with what the role allows.",
    permission="",
    handle=_me,
    answers={
        200: Shown(description="The signed-in person.", model=Me, headers=("ETag", "Cache-Control")),
        304: Shown(description="Nothing changed.", headers=("ETag", "Cache-Control")),
    },
    parameters=(IF_NONE_MATCH,),
)


def service_operation(settings: ServerSettings, features: Sequence[str]) -> Operation:
    """Give the operation that names the server; what the settings leave open, the database says."""
    given = {name: getattr(settings, name) for name in OFFICE_SAYS if getattr(settings, name)}

    async def tell(call: Call) -> Response:
        def work(connection: Connection) -> dict[str, Any]:
            known = {
                row.name: row.value for row in connection.execute(select(office)) if row.name in OFFICE_SAYS
            }
            service = Service(
                software_version=_software_version(),
                features=list(features),
                permissions=sorted(call.actor.permissions),
                **(known | given),
            )
            return service.to_json()

        return found(call.request, await call.database.read(work), PEOPLE).response()

    return _documented(tell)


def _documented(tell: Callable[[Call], Any]) -> Operation:
    return Operation(
        method="GET",
        path="/v1/",
        name="get_service",
        tag="service",
        summary="What this server is and can do",
        description="Works before sign-in too; `permissions` is then left out. What `features` does not "
        "name, this server does not have, and a client does not show.",
        permission="",
        open=True,
        handle=tell,
        answers={
            200: Shown(description="The service document.", model=Service, headers=("ETag", "Cache-Control")),
            304: Shown(description="Nothing changed.", headers=("ETag", "Cache-Control")),
        },
        parameters=(IF_NONE_MATCH,),
    )


def _software_version() -> str:
    from importlib.metadata import version

    return version("keeptabs")
