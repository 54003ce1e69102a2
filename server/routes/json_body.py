"""Reading a JSON body strictly (RFC 8259): what two readers could understand differently is refused."""

import json
import math
from collections import Counter
from typing import Any, Final, NoReturn

from server.problems import Refusal

_DEEPEST: Final = 64
"""How deep lists and objects may be nested: far beyond what anything here has a use for."""
_MOST_DIGITS: Final = 300
"""Longer numbers are beyond what a double holds, and reading them takes quadratic time."""


def parse_json(body: bytes) -> Any:
    """Give the value in `body`. Raises `Refusal` with 400 and the place of the fault.

    Refused: what is not UTF-8, members named twice, NaN and infinities, lone surrogates, endless depth.
    """
    try:
        text = body.decode()
    except UnicodeDecodeError as error:
        raise _malformed(f"Byte {error.start + 1} is not UTF-8.") from None
    try:
        value = _decoder.decode(text)
        if "\\u" in text:
            json.dumps(value, ensure_ascii=False).encode()
        too_deep = _is_deeper(value, _DEEPEST)
    except UnicodeEncodeError:
        raise _malformed("Half a surrogate pair (\\ud800 to \\udfff) stands alone.") from None
    except json.JSONDecodeError as error:
        raise _malformed(f"Line {error.lineno}, column {error.colno}: {error.msg}.") from None
    except RecursionError:
        too_deep = True
    if too_deep:
        raise _malformed("Lists and objects are nested too deep.")
    return value


def _is_deeper(value: Any, most: int) -> bool:
    """Say whether lists and objects are nested more than `most` deep, level by level and not by recursion."""
    level = [value]
    for _ in range(most + 1):
        level = [
            inner
            for outer in level
            if isinstance(outer, (dict, list))
            for inner in (outer.values() if isinstance(outer, dict) else outer)
        ]
        if not level:
            return False
    return True


def _malformed(reason: str) -> Refusal:
    return Refusal(400, f"This is not valid JSON. {reason}", code="malformed_json")


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        # Counted in one go: a body of a hundred thousand members must not take minutes to refuse.
        twice, _ = Counter(name for name, _ in pairs).most_common(1)[0]
        raise _malformed(f"The member {json.dumps(twice)} is there twice.")
    return members


def _whole(digits: str) -> int:
    if len(digits) > _MOST_DIGITS:
        raise _malformed("A number has too many digits.")
    return int(digits)


def _number(digits: str) -> int | float:
    value = float(digits)
    if math.isinf(value) or len(digits) > _MOST_DIGITS:
        raise _malformed("A number is too large.")
    # 1.0 and 1 are the same number in JSON.
    return int(value) if value.is_integer() and abs(value) < 1 << 53 else value


def _constant(name: str) -> NoReturn:
    raise _malformed(f"{name} is not a number in JSON.")


_decoder: Final = json.JSONDecoder(
    object_pairs_hook=_members, parse_int=_whole, parse_float=_number, parse_constant=_constant
)
