"""Devices that customers have."""

from typing import Final

from client.models import Device, DeviceReturn
from server.routes.collection import EVERYTHING, Action, Collection
from server.routes.erasure import without
from server.rules.devices import DeviceRules, assign_again, give_back
from server.store.tables import devices

DEVICES: Final = Collection(
    model=Device,
    table=devices,
    path="devices",
    singular="device",
    erasure=without("note"),
    about="Items of the inventory that a customer has or had. To make one is to assign the item; an item is "
    "with one customer at most (409, `assigned_already`, names the other's number).",
    order=(("assigned_at", True), ("id", True)),
    ordered="The latest assigned first.",
    rules=DeviceRules(),
    of_customer=True,
    verbs=EVERYTHING - {"delete"},
    actions=(
        Action(
            name="return",
            summary="End a customer's time with a device",
            description="It came back, came back broken, or is lost. The item can then go to somebody else.",
            event="returned",
            change=give_back,
            sent=DeviceReturn,
            example={"status": "returned"},
        ),
        Action(
            name="assign",
            summary="Let a customer have a device again",
            description="After it came back by mistake or was lost. Somebody else may have it by now (409).",
            event="assigned",
            change=assign_again,
        ),
    ),
    example={"item_id": "KS-20417", "product": "Key safe", "barcode": "5012345678900"},
    given={"status": "assigned", "assigned_at": "2026-03-02T09:30:00Z"},
)
