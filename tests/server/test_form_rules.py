"""Forms over HTTP: given by hand and by rule, filled in once, and then they stay."""

from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

from tests.desk import MERGE_PATCH, make_customer

Api = Callable[..., Awaitable[httpx.AsyncClient]]

QUESTIONS = [
    {"text": "Are you allergic to anything?", "type": "yes_no", "required": True},
    {"text": "Since when?", "type": "date"},
    {"text": "Pressure", "type": "choice", "options": ["soft", "firm"]},
]


async def template(admin: httpx.AsyncClient, name: str = "Health check", **members: Any) -> dict[str, Any]:
    answer = await admin.post("/v1/form-templates", json={"name": name, "questions": QUESTIONS} | members)
    assert answer.status_code == 201, answer.text
    return answer.json()  # type: ignore[no-any-return]


async def given_forms(staff: httpx.AsyncClient, customer_id: str) -> list[dict[str, Any]]:
    answer = await staff.get(f"/v1/customers/{customer_id}/forms")
    return answer.json()["items"]  # type: ignore[no-any-return]


@pytest.mark.feature("F8.1")
async def test_a_form_is_given_filled_in_once_and_then_stays(api: Api) -> None:
    staff, admin = await api(), await api("admin")
    made = await template(admin)
    customer = await make_customer(staff)
    place = f"/v1/customers/{customer.id}/forms"
    form = (await staff.post(place, json={"template_id": made["id"]})).json()
    assert (form["title"], form["state"], form["assigned_by"]) == ("Health check", "assigned", "Stan Staff")
    done = f"{place}/{form['id']}/complete"
    answer = await staff.post(done, json={"answers": [{"question": 2, "answer": "soft"}]})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["detail"] == "Are you allergic to anything?: this must be answered."
    answers = [{"question": 0, "answer": "no"}, {"question": 2, "answer": "soft"}]
    answer = await staff.post(done, json={"answers": answers})
    assert answer.json()["state"] == "completed"
    assert answer.json()["answers"] == [{"question": 0, "answer": "no"}, {"question": 2, "answer": "soft"}]
    assert (await staff.post(done, json={"answers": answers})).json()["code"] == "completed"
    removed = await staff.delete(f"{place}/{form['id']}")
    assert (removed.status_code, removed.json()["code"]) == (409, "completed")
    gone = await admin.delete(f"/v1/form-templates/{made['id']}")
    assert (gone.status_code, gone.json()["code"]) == (409, "in_use")


@pytest.mark.feature("F8.1")
@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ([{"question": 0, "answer": "maybe"}], "yes or no"),
        ([{"question": 0, "answer": "no"}, {"question": 1, "answer": "soon"}], "must be a date"),
        ([{"question": 0, "answer": "no"}, {"question": 2, "answer": "hard"}], "one of: soft, firm"),
        ([{"question": 0, "answer": "no"}, {"question": 9, "answer": "x"}], "one question of the form"),
        ([{"question": 0, "answer": "no"}, {"question": 0, "answer": "no"}], "one question of the form"),
    ],
)
async def test_answers_that_make_no_sense_are_refused(api: Api, answers: list[Any], said: str) -> None:
    staff, admin = await api(), await api("admin")
    made = await template(admin)
    customer = await make_customer(staff)
    form = await staff.post(f"/v1/customers/{customer.id}/forms", json={"template_id": made["id"]})
    place = f"/v1/customers/{customer.id}/forms/{form.json()['id']}"
    answer = await staff.post(f"{place}/complete", json={"answers": answers})
    assert answer.status_code == 422
    assert said in answer.json()["errors"][0]["detail"]
    assert (await staff.delete(place)).status_code == 204


@pytest.mark.feature("F8.1")
async def test_rules_give_a_form_to_new_customers_by_label_and_by_branch_once(api: Api) -> None:
    staff, admin = await api(), await api("admin")
    label = (await staff.post("/v1/labels", json={"name": "spa"})).json()
    branch = (await admin.post("/v1/branches", json={"name": "Riverside"})).json()
    await template(admin, "Welcome", given_to="new")
    await template(admin, "Spa check", given_to="label", label_id=label["id"])
    await template(admin, "House rules", given_to="branch", branch_id=branch["id"])
    await template(admin, "Old", given_to="new", active=False)
    customer = await make_customer(staff)
    assert [form["title"] for form in await given_forms(staff, customer.id)] == ["Welcome"]
    changes: list[dict[str, Any]] = [
        {"labels": ["spa"]},
        {"labels": []},
        {"labels": ["spa"]},
        {"branch_id": branch["id"]},
    ]
    for change in changes:
        headers = MERGE_PATCH | {"If-Match": "*"}
        answer = await staff.patch(f"/v1/customers/{customer.id}", json=change, headers=headers)
        assert answer.status_code == 200, answer.text
    forms = await given_forms(staff, customer.id)
    assert sorted(form["title"] for form in forms) == ["House rules", "Spa check", "Welcome"]
    assert all(form["by_rule"] for form in forms)


@pytest.mark.feature("F8.1")
async def test_a_template_that_cannot_work_is_refused(api: Api) -> None:
    admin, staff = await api("admin"), await api()
    answer = await admin.post("/v1/form-templates", json={"name": "A", "given_to": "label"})
    assert answer.json()["errors"][0]["pointer"] == "/label_id"
    choice = [{"text": "Which?", "type": "choice", "options": ["one"]}]
    answer = await admin.post("/v1/form-templates", json={"name": "A", "questions": choice})
    assert answer.json()["errors"][0]["pointer"] == "/questions/0/options"
    assert (await staff.post("/v1/form-templates", json={"name": "A"})).status_code == 403
    unused = await template(admin, active=False)
    customer = await make_customer(staff)
    answer = await staff.post(f"/v1/customers/{customer.id}/forms", json={"template_id": unused["id"]})
    assert (answer.status_code, answer.json()["code"]) == (409, "not_in_use")
