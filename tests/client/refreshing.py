"""A process that refreshes a session over and over, beside others that do the same."""

import asyncio
import sys
from pathlib import Path

from client.auth.sign_in import open_api
from client.session import SessionStore
from client.transport import LinkSettings


async def refresh_often(root: Path, name: str, times: int) -> None:
    """Refresh `times` times, then prove to be signed in."""
    store = SessionStore(root)
    session = store.load(name)
    assert session is not None
    async with open_api(store, session, LinkSettings(server=session.server)) as api:
        authority = api.transport.authority
        assert authority is not None
        token = session.access_token
        print("begun", flush=True)
        for _ in range(times):
            token = await authority.renewed(token)
        print((await api.me()).value.login, flush=True)


if __name__ == "__main__":
    asyncio.run(refresh_often(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])))
