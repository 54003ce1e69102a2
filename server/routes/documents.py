"""Documents: their list, and their content piece by piece in both directions."""

import re
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote

from fastapi import Response
from sqlalchemy import Connection

from client.models import Document
from client.models.files import (
    DAYS_UNFINISHED,
    LARGEST_DOCUMENT,
    LARGEST_PIECE,
    MOST_OF_CUSTOMER,
    MOST_UNFINISHED,
)
from server.problems import Fault, Refusal, invalid, not_found
from server.routes import shelf
from server.routes.call import Call
from server.routes.collection import CUSTOMER, Collection
from server.routes.contract import id_parameter
from server.routes.operation import Operation, Sent, Shown
from server.routes.reading import owners_in, require_owners
from server.rules import documents as rules
from server.store.tables import documents

BYTES: Final = "application/octet-stream"
_OFFSET: Final = "Upload-Offset"
_range: Final = re.compile(r"bytes=([0-9]{1,15})-([0-9]{1,15})?", re.ASCII)
_IDENTITY: Final = "document_id"


async def _take_piece(call: Call) -> Response:
    """Keep the next piece of a document: 204 with how much has come."""
    given = call.request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if given != BYTES:
        raise Refusal(415, f"Send this as {BYTES}.", headers={"Accept-Patch": BYTES})
    offset = call.request.headers.get(_OFFSET, "")
    if not re.fullmatch("[0-9]{1,15}", offset, re.ASCII):
        raise invalid(Fault(_OFFSET, "malformed_header", "Say in Upload-Offset where the piece begins."))

    def take(connection: Connection) -> int:
        document = _locked(call, connection)
        return rules.take_piece(call.work(connection, _owners(call)), document, int(offset), call.body)

    def start_again(connection: Connection) -> None:
        rules.start_again(call.work(connection, _owners(call)), _locked(call, connection))

    try:
        received = await call.database.write(take)
    except Refusal as refusal:
        if refusal.code in rules.UNUSABLE:
            await call.database.write(start_again)
        raise
    return Response(status_code=204, headers={_OFFSET: str(received), "Cache-Control": "no-store"})


async def _content(call: Call) -> Response:
    """Give the content, or the part of it that `Range` names (RFC 9110, section 14)."""
    document_id = call.place(_IDENTITY, "document")

    def read(connection: Connection) -> Response:
        require_owners(connection, DOCUMENTS, call.actor, _owners(call))
        document = shelf.get(connection, DOCUMENTS, call.actor, document_id, _owners(call))
        if document is None:
            raise not_found("document")
        if document.state != "stored":
            raise Refusal(409, "Not all of this document has been uploaded yet.", "incomplete")
        first, behind = _wanted(call, document)
        content = b"".join(rules.pieces(connection, document.id, first, behind))
        headers = dict(_headers(document))
        if (first, behind) == (0, document.size):
            return Response(content, 200, headers, document.media_type)
        headers["Content-Range"] = f"bytes {first}-{behind - 1}/{document.size}"
        return Response(content, 206, headers, document.media_type)

    return await call.database.read(read)


def _wanted(call: Call, document: Document) -> tuple[int, int]:
    """Give the first byte that is wanted and the one behind the last. Raises 416 where there is none such."""
    whole = 0, document.size
    condition = call.request.headers.get("If-Range", "")
    found = _range.fullmatch(call.request.headers.get("Range", "").strip())
    if found is None or (condition and condition != _tag(document)):
        return whole
    first = int(found[1])
    behind = min(int(found[2]) + 1, document.size) if found[2] else document.size
    if first >= document.size or behind <= first:
        headers = {"Content-Range": f"bytes */{document.size}"}
        raise Refusal(416, f"This document has {document.size} bytes.", headers=headers)
    return first, behind


def _tag(document: Document) -> str:
    return f'"{document.sha256[:32]}"'


def _headers(document: Document) -> Mapping[str, str]:
    """Give headers under which no browser shows or runs what somebody uploaded."""
    return {
        "ETag": _tag(document),
        "Accept-Ranges": "bytes",
        "Cache-Control": "no-store",
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(document.name, safe='')}",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "X-Content-Type-Options": "nosniff",
    }


def _owners(call: Call) -> dict[str, str]:
    return dict(owners_in(call, DOCUMENTS))


def _locked(call: Call, connection: Connection) -> Document:
    owners = _owners(call)
    require_owners(connection, DOCUMENTS, call.actor, owners)
    document_id = call.place(_IDENTITY, "document")
    found = shelf.lock(connection, DOCUMENTS, call.actor, document_id, owners)
    if found is None:
        raise not_found("document")
    return found


_PLACE: Final = (id_parameter(CUSTOMER, "customer"), id_parameter(_IDENTITY, "document"))
_ADDRESS: Final = f"/v1/customers/{{{CUSTOMER}}}/documents/{{{_IDENTITY}}}/content"
_BEGINS: Final[dict[str, Any]] = {
    "name": _OFFSET,
    "in": "header",
    "required": True,
    "description": "Where the piece begins: `received` of the document.",
    "schema": {"type": "string", "pattern": "^[0-9]{1,15}$"},
    "example": "0",
}
_PART: Final[dict[str, Any]] = {
    "name": "Range",
    "in": "header",
    "description": "`bytes=first-last`: only that part, with 206 (RFC 9110, section 14). Others are ignored.",
    "schema": {"type": "string"},
    "example": "bytes=0-65535",
}
_IF_RANGE: Final[dict[str, Any]] = {
    "name": "If-Range",
    "in": "header",
    "description": "The ETag that an earlier part came with; another one gets the whole.",
    "schema": {"type": "string"},
}

DOCUMENTS: Final = Collection(
    model=Document,
    table=documents,
    path="documents",
    singular="document",
    about="Files kept with a customer: at most "
    f"{LARGEST_DOCUMENT // 1024 // 1024} MiB each, of kinds that nothing runs. One is made with name, size "
    "and digest; then its content is sent in pieces, and goes on at `received` where the link was cut. "
    f"A customer's documents come to {MOST_OF_CUSTOMER // 1024 // 1024} MiB at most (409, `too_much`), and "
    f"{MOST_UNFINISHED} uploads may be unfinished (409, `too_many_unfinished`); one that is not "
    f"finished within {DAYS_UNFINISHED} days is removed.",
    rules=rules.DocumentRules(),
    of_customer=True,
    unversioned=True,
    operations=(
        Operation(
            method="PATCH",
            path=_ADDRESS,
            name="send_document_piece",
            tag="documents",
            summary="Send the next piece of a document",
            description=f"At most {LARGEST_PIECE // 1024} KiB. A piece that is not the next one is refused "
            "with 409 and the right `Upload-Offset`: one whose answer was lost is not kept twice. "
            "With the last piece the whole is checked: 422, and from the beginning again, where it is not "
            "what was announced.",
            permission="documents:write",
            handle=_take_piece,
            answers={204: Shown(description="Kept.", headers=(_OFFSET, "Cache-Control"))},
            refusals=(404, 409, 413, 415, 422),
            parameters=(*_PLACE, _BEGINS),
            sent=Sent(model=None, example={}, media_type=BYTES),
        ),
        Operation(
            method="GET",
            path=_ADDRESS,
            name="get_document_content",
            tag="documents",
            summary="Read the content of a document",
            description="As a download: nothing that was uploaded is ever shown or run by a browser here.",
            permission="documents:read",
            handle=_content,
            answers={
                200: Shown(description="The whole.", media_type="*/*", headers=("ETag", "Cache-Control")),
                206: Shown(description="A part.", media_type="*/*", headers=("ETag", "Cache-Control")),
            },
            refusals=(404, 409, 416),
            parameters=(*_PLACE, _PART, _IF_RANGE),
        ),
    ),
    example={
        "name": "agreement.pdf",
        "type": "agreement",
        "size": 48_213,
        "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    },
    given={"media_type": "application/pdf", "state": "receiving", "uploaded_by": "Anna Lind"},
)
