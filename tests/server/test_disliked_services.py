"""Services that a customer does not want: each once, and nobody books one."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import httpx
import pytest
from sqlalchemy import Connection

from server.auth.actor import Actor
from server.problems import Refusal
from server.rules.dislikes import refuse_disliked
from server.rules.work import Work
from server.store.database import Database
from tests.desk import MERGE_PATCH, make_customer

Api = Callable[..., Awaitable[httpx.AsyncClient]]

pytestmark = pytest.mark.feature("F4.4")


async def _service(admin: httpx.AsyncClient, name: str = "Aromatherapy") -> str:
    answer = await admin.post("/v1/services", json={"name": name, "duration_minutes": 60})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def test_only_admins_write_services_and_one_that_is_disliked_stays(api: Api) -> None:
    admin, staff = await api("admin"), await api()
    assert (await staff.post("/v1/services", json={"name": "Sauna"})).status_code == 403
    service = await _service(admin)
    taken = await admin.post("/v1/services", json={"name": "AROMATHERAPY"})
    assert (taken.status_code, taken.json()["code"]) == (409, "name_taken")
    customer = await make_customer(staff)
    place = f"/v1/customers/{customer.id}/disliked-services"
    assert (await staff.post(place, json={"service_id": service})).status_code == 201
    stays = await admin.delete(f"/v1/services/{service}")
    assert (stays.status_code, stays.json()["code"]) == (409, "in_use")
    (listed,) = (await staff.get("/v1/services")).json()["items"]
    assert (listed["name"], listed["duration_minutes"], listed.get("active", True)) == (
        "Aromatherapy",
        60,
        True,
    )


async def test_a_dislike_has_its_service_by_name_and_a_comment_that_can_be_changed(api: Api) -> None:
    staff, service = await api(), await _service(await api("admin"))
    customer = await make_customer(staff)
    place = f"/v1/customers/{customer.id}/disliked-services"
    made = (await staff.post(place, json={"service_id": service, "comment": "The oil itches"})).json()
    assert (made["service"], made["comment"]) == ("Aromatherapy", "The oil itches")
    twice = await staff.post(place, json={"service_id": service})
    assert (twice.status_code, twice.json()["code"]) == (409, "already_disliked")
    assert "change the comment" in twice.json()["detail"]
    unknown = await staff.post(place, json={"service_id": "nothing"})
    assert (unknown.status_code, unknown.json()["code"]) == (409, "unknown_reference")
    patch = MERGE_PATCH | {"If-Match": '"1"'}
    changed = await staff.patch(f"{place}/{made['id']}", json={"comment": "Hot stones"}, headers=patch)
    assert (changed.status_code, changed.json()["service"]) == (200, "Aromatherapy")
    document = (await staff.get(f"/v1/customers/{customer.id}?include=disliked_services")).json()
    assert [one["comment"] for one in document["disliked_services"]["items"]] == ["Hot stones"]
    assert (await staff.delete(f"{place}/{made['id']}")).status_code == 204


async def test_a_booking_of_a_disliked_service_is_refused_with_the_reason(
    api: Api, database: Database
) -> None:
    staff, admin = await api(), await api("admin")
    disliked, other = await _service(admin), await _service(admin, "Sauna")
    customer = await make_customer(staff)
    body = {"service_id": disliked, "comment": "The oil\nitches"}
    await staff.post(f"/v1/customers/{customer.id}/disliked-services", json=body)
    somebody = Actor(id="", name="", role="admin", session_id="")

    def book(service: str) -> Callable[[Connection], None]:
        return lambda connection: refuse_disliked(
            Work(connection, somebody, datetime.now(UTC)), customer.id, service
        )

    database.read_now(book(other))
    with pytest.raises(Refusal) as refused:
        database.read_now(book(disliked))
    assert (refused.value.status, refused.value.code) == (409, "disliked_service")
    assert 'Aromatherapy is a service that this customer does not like ("The oil itches")' in (
        refused.value.sentence
    )
    assert refused.value.faults[0].pointer == "/service_id"
