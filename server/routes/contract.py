"""Pieces of the contract that every operation shares: parameters, headers, links, problems."""

from typing import Any, Final

from server.routes.call import ID_PATTERN, IF_MATCH_PATTERN, KEY_PATTERN

Piece = dict[str, Any]

CREATED: Final = ("ETag", "Location", "Preference-Applied", "Idempotency-Replayed")
SAVED: Final = ("ETag", "Preference-Applied", "Idempotency-Replayed")

HEADERS: Final[dict[str, Piece]] = {
    "ETag": {
        "description": 'Strong (RFC 9110): the version in quotes, such as `"3"`; of a list, a digest.',
        "schema": {"type": "string", "examples": ['"3"']},
    },
    "Location": {
        "description": "The address of the new record.",
        "schema": {"type": "string", "format": "uri-reference"},
    },
    "Link": {
        "description": '`rel="next"`: the next page (RFC 8288); missing on the last one.',
        "schema": {"type": "string"},
    },
    "Cache-Control": {
        "description": "How long the answer is good: people's data is asked about again each time.",
        "schema": {"type": "string", "examples": ["private, no-cache"]},
    },
    "Preference-Applied": {
        "description": "Those wishes in `Prefer` that were fulfilled (RFC 7240).",
        "schema": {"type": "string", "examples": ["return=minimal"]},
    },
    "Idempotency-Replayed": {
        "description": "`true` where this is the first answer again.",
        "schema": {"type": "string", "enum": ["true"]},
    },
    "Retry-After": {
        "description": "Seconds to wait (RFC 9110, section 10.2.3).",
        "schema": {"type": "string", "examples": ["2"]},
    },
    "WWW-Authenticate": {
        "description": "How to sign in (RFC 6750, section 3).",
        "schema": {"type": "string", "examples": ["Bearer"]},
    },
    "Upload-Offset": {
        "description": "How many bytes of a document have come: where the next piece begins.",
        "schema": {"type": "string", "examples": ["524288"]},
    },
    "Content-Range": {
        "description": "How long the document is (RFC 9110, section 14.4).",
        "schema": {"type": "string", "examples": ["bytes */48213"]},
    },
    "X-Total-Count": {
        "description": "How many customers are coming.",
        "schema": {"type": "string", "examples": ["1204"]},
    },
    "X-Left-Out": {
        "description": "How many are left out who said no to marketing by this channel.",
        "schema": {"type": "string", "examples": ["17"]},
    },
    "X-Unreachable": {
        "description": "How many of the rest are left out who have no address or number for it.",
        "schema": {"type": "string", "examples": ["3"]},
    },
    "Allow": {"description": "The methods that the address takes.", "schema": {"type": "string"}},
    "X-Request-Id": {
        "description": "Names the request in the server's log; `request_id` in problems.",
        "schema": {"type": "string"},
    },
}

PROBLEM_HEADERS: Final[dict[int, tuple[str, ...]]] = {
    401: ("WWW-Authenticate",),
    405: ("Allow",),
    409: ("Retry-After",),
    412: ("ETag",),
    416: ("Content-Range",),
    429: ("Retry-After",),
    503: ("Retry-After",),
}

EVERYWHERE: Final = (401, 403, 429, 500, 503)
"""Refusals that every operation may answer with."""

IF_NONE_MATCH: Final[Piece] = {
    "name": "If-None-Match",
    "in": "header",
    "description": "An ETag that the caller has; where it is still good the answer is 304 without a body.",
    "schema": {"type": "string"},
    "example": '"3"',
}

IF_MATCH: Final[Piece] = {
    "name": "If-Match",
    "in": "header",
    "required": True,
    "schema": {"type": "string", "pattern": IF_MATCH_PATTERN, "maxLength": 200},
    "example": "*",
    "description": 'The ETag of what the change starts from, such as `"3"`. Missing: 428 (RFC 6585). '
    "Stale: 412 with the record "
    "as it is now in `current`, so that a merge needs no second trip. `*`: whatever the version. Of a tag "
    "like `3-1f2e3d4c` only the version counts.",
}

PREFER: Final[Piece] = {
    "name": "Prefer",
    "in": "header",
    "description": "`return=minimal`: answer a change with 204 and the new ETag only (RFC 7240). "
    "`difference`: answer a patch that names one version with a merge patch, which makes the record as it is "
    "now of that version with what was sent merged in; where that is not possible, with the record. "
    "`notify=customer`: tell the customer by e-mail what was saved of what is the customer's to know; "
    "`Preference-Applied` says whether a message was queued. Others are ignored.",
    "schema": {"type": "string"},
    "example": "return=minimal",
}

IDEMPOTENCY_KEY: Final[Piece] = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "Fresh for each request and the same when it is sent again, a UUID for instance. The same "
    "key with the same request gets the first answer again, for seven days; with another request 422; "
    "while the first is still being worked on 409.",
    "schema": {"type": "string", "pattern": KEY_PATTERN, "maxLength": 200},
    "example": "0190e1c0-7f3a-7c3e-9c5b-2f6a3d1e8b47",
}


def id_parameter(name: str, what: str) -> Piece:
    """Describe an id in the address."""
    return {
        "name": name,
        "in": "path",
        "required": True,
        "description": f"The id of the {what}.",
        "schema": {"type": "string", "pattern": ID_PATTERN, "maxLength": 64},
        "example": "0190e1c0-7f3a-7c3e-9c5b-2f6a3d1e8b47",
    }


def link(operation: str, parameters: Piece) -> Piece:
    """Say that an answer leads to another operation, and with which parameters."""
    return {"operationId": operation, "parameters": parameters}
