"""Devices of the business that customers have."""

from datetime import datetime
from typing import Annotated, Final

from pydantic import Field

from client.models.base import Model, Record
from client.models.kinds import READ_ONLY, Choice, Initially, Line

DEVICE_STATUSES: Final = {
    "assigned": "With the customer",
    "returned": "Returned",
    "lost": "Lost",
    "broken": "Came back broken",
}
"""Where a device is. One that is not `assigned` can go to somebody else."""

_ENDS: Final = {name: meaning for name, meaning in DEVICE_STATUSES.items() if name != "assigned"}


class Device(Record):
    """An item of the inventory that a customer has or had. TMF639: `PhysicalResource`."""

    item_id: Annotated[str, Line(max_length=64, required=True), Field(title="Item")]
    """Names the item in the inventory, such as its serial number; it is with one customer at most."""
    product: Annotated[str, Line(max_length=100, required=True), Field(title="Product")]
    """What it is."""
    barcode: Annotated[str, Line(max_length=64), Field(title="Barcode")] = ""
    """As a scanner reads it."""
    note: Annotated[str, Line(max_length=200), Field(title="Note")] = ""
    """Where it stands, what belongs to it."""
    status: Annotated[str, READ_ONLY, Choice(options=DEVICE_STATUSES), Field(title="Status")] = "assigned"
    """Where it is."""
    assigned_at: Annotated[datetime | None, READ_ONLY, Field(title="Since")] = None
    """When the customer got it, RFC 3339 in UTC."""
    returned_at: Annotated[datetime | None, READ_ONLY, Field(title="Until")] = None
    """When it came back or was given up, RFC 3339 in UTC."""


class DeviceReturn(Model):
    """How a customer's time with a device ended."""

    status: Annotated[str, Choice(options=_ENDS), Initially("returned"), Field(title="It is")] = "returned"
    """returned, lost or broken."""
