"""The history explains every state: played from the beginning, it gives the record as it is."""

import random
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

from tests.desk import MERGE_PATCH

Api = Callable[..., Awaitable[httpx.AsyncClient]]

_UNTOLD = {"id", "version", "created_at", "updated_at", "number"}


def played(events: list[dict[str, Any]]) -> dict[str, Any]:
    """Give the state after `events`, oldest first, as nothing but they tell it."""
    state: dict[str, Any] = {}
    for event in events:
        gone = [change for change in event["changes"] if "new" not in change]
        for change in [*reversed(gone), *(change for change in event["changes"] if "new" in change)]:
            _play(state, change["field"].split("/")[1:], change)
    return {name: value for name, value in state.items() if value != []}


def _play(place: Any, pointer: list[str], change: dict[str, Any]) -> None:
    *way, last = pointer
    for step in way:
        place = place.setdefault(step, []) if isinstance(place, dict) else place[int(step)]
    if isinstance(place, list):
        at = int(last)
        if "new" not in change:
            assert place.pop(at) == change["old"]
        elif "old" not in change:
            place.insert(at, change["new"])
        return
    assert place.get(last) == change.get("old"), change
    place.pop(last, None)
    if "new" in change:
        place[last] = change["new"]


def _wish(dice: random.Random, now: dict[str, Any], labels: list[str]) -> dict[str, Any]:
    """Give a random patch of a customer."""
    phones = [dict(phone) for phone in now.get("phones", [])]
    dice.shuffle(phones)
    for phone in phones:
        phone["is_primary"] = False
        if dice.random() < 0.3:
            phone["type"] = dice.choice(["home", "work", "fax"])
    kept = phones[: dice.randrange(4)]
    fresh = [{"number": f"+4420794609{dice.randrange(10, 99)}"} for _ in range(dice.randrange(3))]
    wishes: dict[str, Any] = {
        "given_name": dice.choice(["Jo", "Joanna", None]),
        "family_name": "Byrne",
        "born_on": dice.choice(["1990-12-31", None]),
        "status": dice.choice(["new", "active", "blocked"]),
        "phones": dice.choice([kept + fresh, fresh + kept, None]),
        "labels": dice.sample(labels, dice.randrange(3)),
        # An opt-out ends with a consent alone, which is no patch of the customer.
        "mail_opt_out": now.get("mail_opt_out", False) or dice.random() < 0.5,
    }
    return {name: wishes[name] for name in dice.sample(sorted(wishes), 3)}


@pytest.mark.feature("F9.4")
@pytest.mark.parametrize("seed", range(4))
async def test_the_history_played_from_the_beginning_gives_the_record(api: Api, seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311 - the same dice each time
    admin = await api("admin")
    labels = ["donor", "vip", "late"]
    ids = [(await admin.post("/v1/labels", json={"name": name})).json()["id"] for name in labels]
    now = (await admin.post("/v1/customers", json={"given_name": "Jo", "family_name": "Byrne"})).json()
    place = f"/v1/customers/{now['id']}"
    for _ in range(25):
        headers = MERGE_PATCH | {"If-Match": f'"{now["version"]}"'}
        answer = await admin.patch(place, json=_wish(dice, now, labels), headers=headers)
        assert answer.status_code == 200, answer.text
        now = answer.json()
    await admin.patch(f"/v1/labels/{ids[0]}", json={"name": "zeal"}, headers=MERGE_PATCH | {"If-Match": "*"})
    await admin.delete(f"/v1/labels/{ids[1]}")
    now = (await admin.get(place)).json()
    events = (await admin.get(f"{place}/events", params={"limit": 200})).json()["items"]
    events.reverse()
    assert [event["version"] for event in events] == list(range(1, now["version"] + 1))
    assert played(events) == {name: value for name, value in now.items() if name not in _UNTOLD}
    of_phones = (
        await admin.get(f"{place}/events", params={"field": "/phones/0/number", "limit": 200})
    ).json()
    assert 0 < len(of_phones["items"]) < len(events)
