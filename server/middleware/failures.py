"""What goes wrong inside becomes an answer and a log entry, never a broken connection without a word."""

import logging
from typing import Final

from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.middleware.refusals import refuse, request_id
from server.problems import Refusal, Withdrawn

_log = logging.getLogger("keeptabs.server")
_GONE: Final = {"OperationalError", "InterfaceError", "TimeoutError"}
"""What PEP 249 calls a database that does not answer, and SQLAlchemy a pool without a free connection."""
_DATABASES: Final = ("sqlalchemy", "sqlite3", "psycopg")
_NO_DATABASE: Final = "The server cannot reach its database right now. Try again in a moment."


class Failures:
    """Answers 503 where the database is gone and 500 where the program is wrong."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        async def noting(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self._app(scope, receive, noting)
        except ClientDisconnect:
            _log.info("the client left before it had said everything id=%s", request_id(scope))
        except Withdrawn:
            _log.info("an answer was ended, whose reader may not have the rest id=%s", request_id(scope))
        except Exception as error:  # noqa: BLE001 - whatever it is, the client gets an answer
            refusal = _refusal(error, request_id(scope))
            # An answer that has begun cannot be taken back; it ends short, which the client notices.
            if not started:
                await refuse(scope, receive, send, refusal)


def _refusal(error: Exception, request: str) -> Refusal:
    if _database_is_gone(error):
        reason = str(getattr(error, "orig", error)).partition("\n")[0]
        _log.error("the database does not answer id=%s: %s", request, reason)
        return Refusal(503, _NO_DATABASE, headers={"Retry-After": "5"})
    _log.error("a request failed id=%s", request, exc_info=error)
    return Refusal(500, f"Something in the server went wrong; its log tells more, under {request}.")


def _database_is_gone(error: BaseException) -> bool:
    return any(
        kind.__name__ in _GONE and kind.__module__.partition(".")[0] in _DATABASES
        for kind in type(error).__mro__
    )
