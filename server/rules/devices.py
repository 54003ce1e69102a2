"""Devices: an item is with one customer at most."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from client.models import Device, DeviceReturn
from server.problems import Fault, Refusal
from server.rules.work import Rules, Work
from server.store.tables import customers, devices


class DeviceRules(Rules[Device]):
    """The rules of devices."""

    def fill(self, work: Work, values: dict[str, Any], parent_id: str) -> None:
        """Say since when the customer has it."""
        del parent_id
        values["assigned_at"] = work.now

    def check(self, work: Work, old: Device | None, new: Device, given: frozenset[str]) -> Device:
        """Refuse an item that another customer has, or this one already, with 409."""
        changed = old is None or (old.item_id, old.status) != (new.item_id, new.status)
        if new.status == "assigned" and changed:
            _refuse_taken(work, new.item_id)
        return new


def _refuse_taken(work: Work, item_id: str) -> None:
    statement = (
        select(customers.c.id, customers.c.number)
        .join(devices, devices.c.customer_id == customers.c.id)
        .where(devices.c.item_id == item_id, devices.c.status == "assigned")
    )
    row = work.connection.execute(statement).first()
    if row is None:
        return
    who = "this customer already" if row.id == work.customer_id else f"customer {row.number}"
    sentence = f"Item {item_id} is with {who}. It must come back before it can go out again."
    raise Refusal(409, sentence, "assigned_already", [Fault("/item_id", "assigned_already", sentence)])


def give_back(work: Work, device: Device, how: DeviceReturn) -> Mapping[str, Any]:
    """End the customer's time with a device; one that was lost may still come back."""
    if device.status == how.status:
        return {}
    return {"status": how.status, "returned_at": work.now}


def assign_again(work: Work, device: Device) -> Mapping[str, Any]:
    """Let the customer have it after all, or once more."""
    del work
    return {} if device.status == "assigned" else {"status": "assigned", "returned_at": None}
