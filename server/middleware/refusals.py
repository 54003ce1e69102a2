"""Refusals from outside the routes, in the same form as theirs."""

from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from server.problems import Refusal, problem_response


async def refuse(scope: Scope, receive: Receive, send: Send, refusal: Refusal) -> None:
    """Answer a request with a problem (RFC 9457)."""
    await problem_response(Request(scope), refusal)(scope, receive, send)


def request_id(scope: Scope) -> str:
    """Give the id of a request, which `Requests` has put into its state."""
    found: str = scope.get("state", {}).get("request_id", "")
    return found
