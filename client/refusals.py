"""From an answer that is no success to the error that says what it means."""

from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from time import time
from typing import Any, Final

from client import errors

_BY_STATUS: Final[Mapping[int, type[errors.CustomerApiError]]] = {
    400: errors.Invalid,
    401: errors.SignedOut,
    403: errors.Forbidden,
    404: errors.NotFound,
    405: errors.Unsupported,
    406: errors.Unsupported,
    409: errors.Conflict,
    410: errors.NotFound,
    412: errors.Stale,
    413: errors.TooLarge,
    415: errors.Unsupported,
    422: errors.Invalid,
    428: errors.Invalid,
    429: errors.TooMany,
    501: errors.Unsupported,
}
_LONGEST_SENTENCE: Final = 500


def refusal(
    status: int, problem: Mapping[str, Any] | None, *, request_id: str = "", retry_after: float | None = None
) -> errors.CustomerApiError:
    """Give the error for an HTTP `status` and its problem body (RFC 9457), or None where it had none."""
    if problem is None and status not in (413, 429) and status < 500:
        return errors.NotTheApi(status=status, request_id=request_id)
    kind = _BY_STATUS.get(status) or (errors.ServerFault if status >= 500 else errors.CustomerApiError)
    problem = problem or {}
    if problem.get("code") == "merged" and status == 410:
        kind = errors.Merged
    # A token endpoint has words of its own for the same two things (RFC 6749, section 5.2).
    detail = _sentence(problem.get("detail") or problem.get("error_description"))
    error = kind(
        detail,
        status=status,
        code=_sentence(problem.get("code") or problem.get("error")),
        request_id=_sentence(problem.get("request_id")) or request_id,
        # The server's sentence already says what to do, save where the way out is the client's own.
        remedy="" if detail and status in (403, 404, 409, 410, 413, 422) else None,
    )
    error.retry_after = retry_after
    if isinstance(error, errors.Stale) and isinstance(problem.get("current"), dict):
        error.current_json = problem["current"]
    if isinstance(error, errors.Merged):
        error.customer_id = _sentence(problem.get("customer_id"))
    error.errors = tuple(_field_errors(problem.get("errors")))
    return error


def seconds_to_wait(retry_after: str) -> float | None:
    """Read a `Retry-After` header: seconds or an HTTP date (RFC 9110, section 10.2.3)."""
    if retry_after.isascii() and retry_after.isdigit():
        return float(retry_after[:9])
    try:
        return max(0.0, parsedate_to_datetime(retry_after).timestamp() - time())
    except (ValueError, TypeError, OverflowError):
        return None


def _field_errors(value: Any) -> list[errors.FieldError]:
    items = value if isinstance(value, list) else []
    return [
        errors.FieldError(*(_sentence(item.get(name)) for name in ("pointer", "code", "detail")))
        for item in items[:100]
        if isinstance(item, dict)
    ]


def _sentence(value: Any) -> str:
    return " ".join(value.split())[:_LONGEST_SENTENCE] if isinstance(value, str) else ""
