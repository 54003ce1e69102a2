"""Documents over HTTP: pieces, lost answers, damage, parts, and names that lead nowhere."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from hashlib import sha256
from typing import Any

import httpx
import pytest
from sqlalchemy import update

from client.models.files import LARGEST_DOCUMENT, MOST_OF_CUSTOMER, MOST_UNFINISHED
from server.daily import Daily
from server.store.clock import now
from server.store.tables import documents
from tests.desk import Desk, make_customer

Api = Callable[..., Awaitable[httpx.AsyncClient]]

PDF = b"%PDF-1.7\n" + bytes(range(256)) * 3000


async def announced(staff: httpx.AsyncClient, content: bytes = PDF, **members: Any) -> str:
    """Make a customer and a document whose content is still to come; give the document's address."""
    customer = await make_customer(staff)
    sent = {"name": "agreement.pdf", "size": len(content), "sha256": sha256(content).hexdigest()} | members
    answer = await staff.post(f"/v1/customers/{customer.id}/documents", json=sent)
    assert answer.status_code == 201, answer.text
    return str(answer.headers["Location"])


async def send(staff: httpx.AsyncClient, place: str, begins: int, piece: bytes) -> httpx.Response:
    headers = {"Content-Type": "application/octet-stream", "Upload-Offset": str(begins)}
    return await staff.patch(f"{place}/content", content=piece, headers=headers)


async def stored(staff: httpx.AsyncClient, content: bytes = PDF, **members: Any) -> str:
    place = await announced(staff, content, **members)
    for begins in range(0, len(content), 200_000):
        answer = await send(staff, place, begins, content[begins : begins + 200_000])
        assert answer.status_code == 204, answer.text
    return place


@pytest.mark.feature("F8.2")
async def test_a_document_arrives_piece_by_piece_and_is_read_back_whole_or_in_parts(api: Api) -> None:
    staff = await api()
    place = await stored(staff)
    record = (await staff.get(place)).json()
    assert record["state"] == "stored"
    assert record["media_type"] == "application/pdf"
    assert record["received"] == record["size"] == len(PDF)
    whole = await staff.get(f"{place}/content")
    assert whole.content == PDF
    assert whole.headers["Cache-Control"] == "no-store"
    assert whole.headers["Content-Disposition"].startswith("attachment")
    part = await staff.get(f"{place}/content", headers={"Range": "bytes=199990-200009"})
    assert part.status_code == 206
    assert part.content == PDF[199_990:200_010]
    rest = await staff.get(
        f"{place}/content", headers={"Range": "bytes=700000-", "If-Range": whole.headers["ETag"]}
    )
    assert rest.content == PDF[700_000:]
    other = await staff.get(f"{place}/content", headers={"Range": "bytes=5-", "If-Range": '"another"'})
    assert (other.status_code, other.content) == (200, PDF)
    beyond = await staff.get(f"{place}/content", headers={"Range": f"bytes={len(PDF)}-"})
    assert (beyond.status_code, beyond.json()["code"]) == (416, "nothing_there")
    assert beyond.headers["Content-Range"] == f"bytes */{len(PDF)}"


@pytest.mark.feature("F8.2")
async def test_a_piece_whose_answer_was_lost_is_not_kept_twice(api: Api) -> None:
    staff = await api()
    place = await announced(staff)
    assert (await send(staff, place, 0, PDF[:1000])).headers["Upload-Offset"] == "1000"
    again = await send(staff, place, 0, PDF[:1000])
    assert (again.status_code, again.json()["code"]) == (409, "other_piece_next")
    assert again.headers["Upload-Offset"] == "1000"
    assert (await staff.get(place)).json()["received"] == 1000
    unfinished = await staff.get(f"{place}/content")
    assert (unfinished.status_code, unfinished.json()["code"]) == (409, "incomplete")


@pytest.mark.feature("F8.2")
async def test_what_was_damaged_on_the_way_is_sent_again_from_its_beginning(api: Api) -> None:
    staff = await api()
    place = await announced(staff, PDF[:1000])
    damaged = PDF[:999] + b"?"
    answer = await send(staff, place, 0, damaged)
    assert (answer.status_code, answer.json()["code"]) == (422, "damaged")
    assert (await staff.get(place)).json().get("received", 0) == 0
    assert (await send(staff, place, 0, PDF[:1000])).status_code == 204


@pytest.mark.feature("F8.2")
async def test_content_that_is_not_what_its_name_says_is_refused(api: Api) -> None:
    staff = await api()
    script = b"#!/bin/sh\nrm -rf ~\n"
    place = await announced(staff, script, name="holiday.png")
    answer = await send(staff, place, 0, script)
    assert (answer.status_code, answer.json()["code"]) == (422, "not_this_kind")


@pytest.mark.feature("F8.2")
@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("../../etc/passwd.txt", "not_a_file_name"),
        ("C:\\windows\\a.txt", "not_a_file_name"),
        (".bashrc.txt", "not_a_file_name"),
        ("con.txt", "not_a_file_name"),
        ("run.exe", "kind_not_taken"),
        ("page.html", "kind_not_taken"),
        ("a\u202etxt.pdf", "control_character"),
        ("pdf", "not_a_file_name"),
    ],
)
async def test_a_name_that_leads_elsewhere_is_refused(api: Api, name: str, code: str) -> None:
    staff = await api()
    customer = await make_customer(staff)
    sent = {"name": name, "size": 1, "sha256": "0" * 64}
    answer = await staff.post(f"/v1/customers/{customer.id}/documents", json=sent)
    assert answer.status_code == 422
    assert answer.json()["errors"][0] == answer.json()["errors"][0] | {"pointer": "/name", "code": code}


@pytest.mark.feature("F8.2")
async def test_more_than_was_announced_or_is_taken_is_refused(api: Api) -> None:
    staff = await api()
    place = await announced(staff, PDF[:1000])
    for piece in (PDF[:1001], b""):
        answer = await send(staff, place, 0, piece)
        assert (answer.status_code, answer.json()["code"]) == (422, "bad_piece")
    headers = {"Content-Type": "text/plain", "Upload-Offset": "0"}
    assert (await staff.patch(f"{place}/content", content=b"a", headers=headers)).status_code == 415
    customer = await make_customer(staff)
    sent = {"name": "a.txt", "size": LARGEST_DOCUMENT + 1, "sha256": "0" * 64}
    answer = await staff.post(f"/v1/customers/{customer.id}/documents", json=sent)
    assert answer.json()["errors"][0]["code"] == "out_of_range"


@pytest.mark.feature("F8.2")
async def test_a_stored_document_keeps_its_kind_and_takes_nothing_more(api: Api) -> None:
    staff = await api()
    place = await stored(staff, PDF[:500])
    again = await send(staff, place, 500, b"more")
    assert (again.status_code, again.json()["code"]) == (409, "complete")
    headers = {"Content-Type": "application/merge-patch+json", "If-Match": "*"}
    answer = await staff.patch(place, json={"name": "agreement.txt"}, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (409, "another_kind")
    answer = await staff.patch(place, json={"show_to_customer": True}, headers=headers)
    assert answer.json()["show_to_customer"] is True
    viewer = await api("viewer")
    assert (await viewer.get(f"{place}/content")).content == PDF[:500]
    assert (await send(viewer, place, 0, b"a")).status_code == 403
    assert (await staff.delete(place)).status_code == 204
    assert (await staff.get(f"{place}/content")).status_code == 404


async def test_announced_uploads_fill_no_disk(api: Api) -> None:
    staff = await api()
    customer, other = await make_customer(staff), await make_customer(staff)
    members = {"name": "scan.pdf", "size": 1, "sha256": "0" * 64}
    place = f"/v1/customers/{customer.id}/documents"
    for _ in range(MOST_UNFINISHED):
        begun = await staff.post(place, json=members)
        assert begun.status_code == 201, begun.text
    refused = await staff.post(place, json=members)
    assert (refused.status_code, refused.json()["code"]) == (409, "too_many_unfinished")
    assert "Finish or remove some" in refused.json()["detail"]
    assert (await staff.delete(begun.headers["Location"])).status_code == 204
    assert (await staff.post(place, json=members)).status_code == 201
    assert (await staff.post(f"/v1/customers/{other.id}/documents", json=members)).status_code == 201


async def test_a_customer_has_so_much_of_documents_and_no_more(desk: Desk) -> None:
    async with desk.client() as staff:
        customer = await make_customer(staff)
        place = f"/v1/customers/{customer.id}/documents"
        members = {"name": "scan.pdf", "size": LARGEST_DOCUMENT, "sha256": "0" * 64}
        for _ in range(MOST_OF_CUSTOMER // LARGEST_DOCUMENT):
            assert (await staff.post(place, json=members)).status_code == 201
        await desk.database.write(
            lambda connection: connection.execute(update(documents), {"state": "stored"})
        )
        refused = await staff.post(place, json=members | {"size": 1})
        assert (refused.status_code, refused.json()["code"]) == (409, "too_much")
        assert "500 MiB" in refused.json()["detail"]


@pytest.mark.feature("F8.2")
async def test_an_upload_that_nobody_finishes_is_removed_after_a_week_and_the_history_tells(
    api: Api, desk: Desk
) -> None:
    staff = await api()
    kept = await stored(staff)
    left = await announced(staff)
    assert (await send(staff, left, 0, PDF[:1000])).status_code == 204
    for days, status in ((6, 200), (8, 404)):
        moment = now() + timedelta(days=days)
        await Daily(desk.database, None, clock=lambda at=moment: at).look()  # type: ignore[misc]
        assert (await staff.get(left)).status_code == status
    assert (await staff.get(kept)).json()["state"] == "stored"
    events = (await staff.get(f"{left.rpartition('/documents/')[0]}/events")).json()["items"]
    assert (events[0]["kind"], events[0]["actor"]) == ("documents.removed", "the server")
