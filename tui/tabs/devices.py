"""Devices of the business that the open customer has: shown where there are any."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from client.models import Device, DeviceReturn
from client.models.device import DEVICE_STATUSES
from tui.commands import Command
from tui.forms.formats import Formats
from tui.tabs.records import RecordAction, Records
from tui.text import fit
from tui.widgets.lines import Row, Span, edges, within


class ReturnDevice(Command):
    """End the customer's time with the marked device."""

    keys = "r"
    footer = "return"


class AssignAgain(Command):
    """Let the customer have the marked device again."""

    keys = "k"
    footer = "assign"


_ITEM_WIDTH: Final = 18
_PRODUCT_WIDTH: Final = 26


def _device_rows(device: Device, formats: Formats, width: int) -> Sequence[Row]:
    left = [
        Span(f"{fit(device.item_id, _ITEM_WIDTH)} ", "accent"),
        Span(f"{fit(device.product, _PRODUCT_WIDTH)} ", "title"),
        Span(device.barcode, "muted"),
    ]
    if device.status == "assigned":
        right = Span(f"  {_since(device.assigned_at, formats)}", "muted")
    else:
        word = DEVICE_STATUSES.get(device.status, device.status).lower()
        right = Span(f"  {word} {_since(device.returned_at, formats)}", "warn")
    note = [Row(within((Span(f"   {device.note}", "muted"),), width))] if device.note else []
    return [Row(edges(left, [right], width).spans, device.id), *note]


def _since(at: datetime | None, formats: Formats) -> str:
    return formats.day(at.astimezone(formats.zone).date()) if at is not None else ""


def _order(device: Device) -> tuple[bool, float]:
    return (device.status != "assigned", -(device.assigned_at or device.created_at).timestamp())


DEVICES: Final = Records(
    one="device",
    title="Devices",
    model=Device,
    permission="devices",
    collection=lambda api, customer_id: api.devices(customer_id),
    rows=_device_rows,
    fields=("item_id", "product", "barcode", "note"),
    order=_order,
    name=lambda device: f"{device.product} {device.item_id}",
    hidden_when_empty=True,
    actions=(
        RecordAction(
            command=ReturnDevice,
            name="return",
            applies=lambda device: device.status in ("assigned", "lost"),
            body=DeviceReturn,
            done="It is no longer with the customer.",
            undo=lambda _: ("assign", None),
        ),
        RecordAction(
            command=AssignAgain,
            name="assign",
            applies=lambda device: device.status != "assigned",
            done="It is with the customer again.",
        ),
    ),
)
