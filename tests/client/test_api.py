"""The client on the real server: what travels there and back."""

from pathlib import Path

import pytest

from client import errors
from client.api import CustomerApi
from client.merge import merge, patch_between
from client.models import CustomerSearch, DuplicateQuery
from client.session import SessionStore
from tests.client.conftest import Desk


@pytest.mark.feature("F1.7")
async def test_a_customer_needs_only_a_name_and_is_found_by_it(api: CustomerApi) -> None:
    made = await api.customers.create({"given_name": "Joanna", "family_name": "Quill"})
    assert made.status == 201
    assert made.version == made.value.version == 1
    assert made.value.display_name == "Joanna Quill"
    page = (await api.customers.search(CustomerSearch(q="quill joa"))).value
    assert [row.id for row in page.items] == [made.value.id]


async def test_a_record_not_changed_costs_no_body(api: CustomerApi) -> None:
    customer = (await api.customers.create({"display_name": "Etag Reader"})).value
    opened = await api.customers.open(customer.id, include=("notes", "events"))
    assert opened.value.notes is not None
    assert opened.value.events is not None
    assert "customers.created" in [event.kind for event in opened.value.events.items]
    again = await api.customers.open_if_changed(customer.id, opened.etag, include=("notes", "events"))
    assert again is None
    await api.notes(customer.id).create({"body": "Called back"})
    changed = await api.customers.open_if_changed(customer.id, opened.etag, include=("notes", "events"))
    assert changed is not None
    assert changed.value.notes is not None
    assert [note.body for note in changed.value.notes.items] == ["Called back"]
    plain = await api.customers.get(customer.id)
    assert await api.customers.get_if_changed(customer.id, plain.etag) is None


async def test_a_save_gives_the_new_version_with_or_without_the_record(api: CustomerApi) -> None:
    customer = (await api.customers.create({"display_name": "Saved Twice"})).value
    saved = await api.customers.save(customer.id, {"language": "pt"}, version=1)
    assert (saved.status, saved.value) == (204, 2)
    updated = await api.customers.update(customer.id, {"language": None}, version=saved.value)
    assert (updated.value.language, updated.value.version) == ("", 3)


async def test_a_save_from_a_known_record_is_made_whole_of_what_differs(api: CustomerApi) -> None:
    base = (await api.customers.create({"given_name": "Ann", "family_name": "Lee", "language": "pt"})).value
    patch = {"family_name": "Low", "language": None, "emails": [{"address": "ann@example.org"}]}
    saved = await api.customers.update(base.id, patch, version=1, base=base.to_json())
    assert saved.value == (await api.customers.get(base.id)).value
    assert (saved.value.display_name, saved.value.version, saved.value.language) == ("Ann Low", 2, "")


@pytest.mark.feature("F11.3")
async def test_a_stale_save_carries_what_a_merge_needs_and_both_edits_survive(api: CustomerApi) -> None:
    base = (await api.customers.create({"display_name": "Merge Me"})).value
    await api.customers.update(base.id, {"language": "pt"}, version=base.version)
    mine = base.to_json() | {"status_reason": "moved"}
    with pytest.raises(errors.Stale) as caught:
        await api.customers.update(base.id, {"status_reason": "moved"}, version=base.version)
    theirs = caught.value.current.to_json()
    merged = merge(base.to_json(), mine, theirs)
    assert merged.clashes == ()
    patch = patch_between(theirs, merged.value)
    assert patch == {"status_reason": "moved"}
    final = await api.customers.update(base.id, patch, version=caught.value.current.version)
    assert (final.value.language, final.value.status_reason) == ("pt", "moved")


async def test_a_wrong_field_is_named_by_its_pointer(api: CustomerApi) -> None:
    with pytest.raises(errors.Invalid) as caught:
        await api.customers.create({"display_name": "X", "emails": [{"address": "no address"}]})
    assert [error.pointer for error in caught.value.errors] == ["/emails/0/address"]
    assert caught.value.request_id


async def test_the_same_key_makes_one_record(api: CustomerApi) -> None:
    made = [
        (await api.customers.create({"display_name": "Once Only"}, idempotency_key="key-of-a-draft")).value
        for _ in range(2)
    ]
    assert made[0].id == made[1].id


async def test_pages_follow_one_another_to_the_end(desk: Desk, store: SessionStore) -> None:
    async with await desk.api(store, "admin") as admin:
        for number in range(7):
            await admin.labels.create({"name": f"page {number}"})
        names = [label.name async for label in admin.labels.each(limit=3)]
        assert sum(name.startswith("page ") for name in names) == 7
        sizes = [len(page.items) async for page in admin.labels.pages(limit=3)]
        assert max(sizes) == 3


async def test_actions_and_deletion_go_by_their_rules(desk: Desk, api: CustomerApi, tmp_path: Path) -> None:
    customer = (await api.customers.create({"display_name": "Gone Soon"})).value
    archived = (await api.customers.archive(customer.id)).value
    assert archived.archived_at is not None
    back = (await api.customers.unarchive(customer.id)).value
    assert back.archived_at is None
    async with await desk.api(SessionStore(tmp_path / "admin"), "admin") as admin:
        with pytest.raises(errors.Conflict):
            await admin.customers.delete(customer.id, version=back.version)
        again = (await admin.customers.archive(customer.id)).value
        await admin.customers.delete(customer.id, version=again.version)
        with pytest.raises(errors.NotFound):
            await admin.customers.get(customer.id)


async def test_likely_duplicates_are_told(api: CustomerApi) -> None:
    phones = [{"number": "+442079460958"}]
    made = (await api.customers.create({"display_name": "Dup Licate", "phones": phones})).value
    found = (await api.customers.duplicates(DuplicateQuery(phones=["+442079460958"]))).value
    assert made.id in [row.id for row in found.items]


@pytest.mark.feature("F12.3")
async def test_a_viewer_is_told_what_the_role_does_not_allow(desk: Desk, store: SessionStore) -> None:
    async with await desk.api(store, "viewer") as viewer:
        assert (await viewer.me()).value.role == "viewer"
        with pytest.raises(errors.Forbidden):
            await viewer.customers.create({"display_name": "No"})


@pytest.mark.feature("F12.4")
async def test_the_server_says_what_it_has_and_what_one_may_do(desk: Desk, api: CustomerApi) -> None:
    service = (await api.service()).value
    assert "customers" in service.features
    assert "customers:write" in service.permissions


@pytest.mark.feature("F9.4")
async def test_the_history_of_one_field_tells_old_and_new(api: CustomerApi) -> None:
    customer = (await api.customers.create({"display_name": "History"})).value
    await api.customers.save(customer.id, {"language": "pt"}, version=1)
    await api.customers.save(customer.id, {"time_zone": "Europe/Lisbon"}, version=2)
    events = (await api.events(customer.id, field="/language").list()).value.items
    assert [(change.old, change.new) for event in events for change in event.changes] == [(None, "pt")]
