"""Signing a desk in from another device (RFC 8628)."""

import asyncio
from collections.abc import Callable
from importlib import import_module

from client.models import DeviceAuthorization
from tui.services.desk import Desk


async def offers_device_sign_in(desk: Desk, server: str) -> bool:
    """Ask a server whether people may sign in from another device. Raises CustomerApiError."""
    # The HTTP library takes longer to import than a key may wait: beside the loop.
    await asyncio.to_thread(import_module, "client.auth.endpoints")
    from client.auth.endpoints import discover

    async with desk.link_to(server) as transport:
        return (await discover(transport)).by_device


async def sign_in_by_device(desk: Desk, server: str, show: Callable[[DeviceAuthorization], None]) -> None:
    """Begin a session that is approved on another device, to which `show` leads the person.

    Whoever cancels this gives the code up. Raises CustomerApiError.
    """
    await asyncio.to_thread(import_module, "client.auth.device")
    from client.auth.device import device_sign_in

    async with desk.link_to(server) as transport, device_sign_in(transport) as waiting:
        show(waiting.begun)
        session = await waiting.finished(desk.store)
    await desk.go_on_as(session)
