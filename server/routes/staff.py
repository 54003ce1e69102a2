"""Staff accounts, their passwords, and where they are signed in."""

from collections.abc import Mapping
from typing import Any, Final

from fastapi import Response
from sqlalchemy import Connection, select

from client.models import SignIn, Staff, StaffPassword
from server.accounts import set_password
from server.auth.tokens import revoke_session
from server.problems import not_found
from server.routes.answer import PEOPLE, Answer, found
from server.routes.call import Call
from server.routes.collection import EVERYTHING, Action, Collection
from server.routes.contract import id_parameter
from server.routes.hashing import hashed
from server.routes.operation import Operation, Shown
from server.routes.operations import page_model
from server.rules import history
from server.rules.staff import StaffRules
from server.rules.work import Work
from server.store.clock import now
from server.store.tables import sessions, staff

_STAFF: Final = "staff_member_id"
_SIGN_IN: Final = "sign_in_id"


async def _login_of(call: Call, sent: dict[str, Any]) -> str:
    del sent
    known = select(staff.c.login).where(staff.c.id == call.request.path_params[_STAFF])
    return await call.database.read(lambda connection: connection.execute(known).scalar()) or ""


def _set_password(work: Work, account: Staff, given: Any) -> Mapping[str, Any]:
    set_password(work.connection, account.id, given.password, work.actor, work.now)
    return {}


async def _sign_ins(call: Call) -> Response:
    """List the sign-ins of an account that are still good, the last used first."""
    staff_id = call.place(_STAFF, "staff member")

    def read(connection: Connection) -> dict[str, Any]:
        _require(connection, staff_id)
        columns = sessions.c
        statement = (
            select(sessions)
            .where(columns.staff_id == staff_id, columns.revoked_at.is_(None))
            .order_by(columns.last_used_at.desc())
            .limit(200)
        )
        items = [
            SignIn(
                id=row.id,
                version=1,
                created_at=row.created_at,
                updated_at=row.last_used_at,
                last_used_at=row.last_used_at,
                device=row.device,
                is_this=row.id == call.actor.session_id,
            ).to_json()
            for row in connection.execute(statement)
        ]
        return {"items": items, "total": len(items)}

    return found(call.request, await call.database.read(read), PEOPLE).response()


async def _end_sign_in(call: Call) -> Response:
    """End one sign-in: its tokens are good for nothing from then on."""
    staff_id, session_id = call.place(_STAFF, "staff member"), call.place(_SIGN_IN, "sign-in")

    def end(connection: Connection) -> Answer:
        columns = sessions.c
        known = select(columns.device).where(
            columns.id == session_id, columns.staff_id == staff_id, columns.revoked_at.is_(None)
        )
        row = connection.execute(known).first()
        if row is None:
            raise not_found("sign-in")
        revoke_session(connection, session_id, now())
        work = call.work(connection, {})
        ended = {"field": "/sign_ins", "old": row.device}
        history.record(work, "staff.sign_in_ended", changes=[ended], version=0, record_id=staff_id)
        return Answer(204)

    return (await call.database.write(end)).response()


def _require(connection: Connection, staff_id: str) -> None:
    if connection.scalar(select(staff.c.id).where(staff.c.id == staff_id)) is None:
        raise not_found("staff member")


_ADDRESS: Final = f"/v1/staff/{{{_STAFF}}}/sign-ins"

STAFF: Final = Collection(
    model=Staff,
    table=staff,
    path="staff",
    singular="staff member",
    about="The people who work with customers. There is always an admin. An account is disabled, never "
    "removed, so that the history keeps its people; disabling it ends its sessions at once.",
    order=(("login", False),),
    ordered="Ordered by sign-in name.",
    rules=StaffRules(),
    unversioned=True,  # the last sign-in
    verbs=EVERYTHING - {"delete"},
    actions=(
        Action(
            name="set-password",
            summary="Set the password of an account",
            description="The person's sessions end, but for the one that asks.",
            event="",
            sent=StaffPassword,
            example={"password": "tall ships at anchor"},
            beforehand=hashed(_login_of),
            change=_set_password,
        ),
    ),
    operations=(
        Operation(
            method="GET",
            path=_ADDRESS,
            name="list_sign_ins",
            tag="staff",
            summary="List where somebody is signed in",
            description="The sign-ins that are still good, the last used first.",
            permission="staff:write",
            handle=_sign_ins,
            answers={
                200: Shown(
                    description="A page.", model=page_model(SignIn), headers=("ETag", "Cache-Control")
                ),
                304: Shown(description="Nothing changed.", headers=("ETag", "Cache-Control")),
            },
            refusals=(404,),
            parameters=(id_parameter(_STAFF, "staff member"),),
        ),
        Operation(
            method="DELETE",
            path=f"{_ADDRESS}/{{{_SIGN_IN}}}",
            name="end_sign_in",
            tag="staff",
            summary="End a sign-in",
            description="Its tokens are good for nothing from then on.",
            permission="staff:write",
            handle=_end_sign_in,
            answers={204: Shown(description="Ended.")},
            refusals=(404,),
            parameters=(id_parameter(_STAFF, "staff member"), id_parameter(_SIGN_IN, "sign-in")),
        ),
    ),
    example={"login": "anna", "name": "Anna Lind", "role": "staff", "email": "anna@example.org"},
)
