"""Documents: what is taken, and that what arrives is what was sent."""

from collections.abc import Iterator
from hashlib import sha256
from typing import Any, Final

from sqlalchemy import Connection, case, delete, func, insert, select, update

from client.models import Document
from client.models.files import LARGEST_PIECE, MEDIA_TYPES, MOST_OF_CUSTOMER, MOST_UNFINISHED
from server.problems import Refusal
from server.rules import history
from server.rules.work import Rules, Work
from server.store.tables import document_pieces, documents

UNUSABLE: Final = frozenset({"damaged", "not_this_kind"})
"""Codes of refusals after which a document is sent again from its beginning."""
_BEGINNINGS: Final = {
    "application/pdf": (b"%PDF-",),
    "image/png": (b"\x89PNG\r\n\x1a\n",),
    "image/jpeg": (b"\xff\xd8\xff",),
    "image/gif": (b"GIF87a", b"GIF89a"),
    "image/webp": (b"RIFF",),
}
_ZIPPED: Final = (b"PK\x03\x04",)
"""Documents of office programs are archives (ISO/IEC 21320-1)."""


def media_type_of(name: str) -> str:
    """Give the media type that a file's name says."""
    return MEDIA_TYPES.get(name.rpartition(".")[2].lower(), "application/octet-stream")


class DocumentRules(Rules[Document]):
    """The rules of documents."""

    def fill(self, work: Work, values: dict[str, Any], parent_id: str) -> None:
        """Name who uploads it, and what kind of file it is. Raises 409 where there is no room for it."""
        _refuse_too_much(work, parent_id, values["size"])
        values |= {"state": "receiving", "media_type": media_type_of(values["name"])}
        values["uploaded_by"] = work.actor.name

    def check(self, work: Work, old: Document | None, new: Document, given: frozenset[str]) -> Document:
        """Refuse with 409 another kind of file under a new name."""
        del work, given
        if old is not None and media_type_of(new.name) != old.media_type:
            raise Refusal(409, "The new name says that this is another kind of file.", "another_kind")
        return new


def _refuse_too_much(work: Work, customer_id: str, size: int) -> None:
    """Raise 409 where a customer would have more than is kept of one, or too many uploads go on already."""
    columns = documents.c
    unfinished = func.sum(case((columns.state == "receiving", 1), else_=0))
    statement = select(func.sum(columns.size), unfinished).where(columns.customer_id == customer_id)
    there, going_on = (int(number or 0) for number in work.connection.execute(statement).one())
    if going_on >= MOST_UNFINISHED:
        sentence = f"{going_on} uploads of this customer are not finished. Finish or remove some first."
        raise Refusal(409, sentence, "too_many_unfinished")
    if there + size > MOST_OF_CUSTOMER:
        most = MOST_OF_CUSTOMER // 1024 // 1024
        sentence = f"Documents of one customer come to {most} MiB at most. Remove some first."
        raise Refusal(409, sentence, "too_much")


def take_piece(work: Work, document: Document, begins: int, content: bytes) -> int:
    """Keep the next piece of a document and give how much has come; the last one is checked with the whole.

    Raises 409 where something else comes next, 422 where the whole is not what was announced.
    """
    if document.state == "stored":
        raise Refusal(409, "This document is complete.", "complete")
    if begins != document.received:
        sentence = f"The next piece begins at {document.received}."
        raise Refusal(409, sentence, "other_piece_next", headers={"Upload-Offset": str(document.received)})
    if not content or len(content) > LARGEST_PIECE or begins + len(content) > document.size:
        sentence = f"A piece has 1 to {LARGEST_PIECE} bytes, and all of them no more than was announced."
        raise Refusal(422, sentence, "bad_piece")
    work.connection.execute(
        insert(document_pieces).values(document_id=document.id, begins=begins, content=content)
    )
    received = begins + len(content)
    if received == document.size:
        _finish(work, document)
    else:
        _set(work, document, received=received)
    return received


def _finish(work: Work, document: Document) -> None:
    problem = _wrong(work.connection, document)
    if problem is not None:
        # Nothing of it is kept: it is sent again from its beginning.
        raise problem
    _set(
        work,
        document,
        received=document.size,
        state="stored",
        stored_at=work.now,
        updated_at=work.now,
        version=document.version + 1,
    )
    history.record(
        work,
        "documents.stored",
        changes=[{"field": "/state", "old": document.state, "new": "stored"}],
        version=document.version + 1,
        customer_id=work.customer_id,
        record_id=document.id,
    )


def _wrong(connection: Connection, document: Document) -> Refusal | None:
    digest, beginning = sha256(), b""
    for piece in pieces(connection, document.id, 0, document.size):
        beginning = beginning or piece[:16]
        digest.update(piece)
    if digest.hexdigest() != document.sha256:
        return Refusal(422, "What arrived is not what was announced. Send it again.", "damaged")
    if not _fits(document.media_type, beginning):
        return Refusal(422, "The content is not what the name says.", "not_this_kind")
    return None


def _fits(media_type: str, beginning: bytes) -> bool:
    if media_type.startswith("text/"):
        return b"\0" not in beginning
    expected = _BEGINNINGS.get(media_type, _ZIPPED)
    return beginning.startswith(expected)


def start_again(work: Work, document: Document) -> None:
    """Forget what came of a document that turned out to be damaged."""
    work.connection.execute(delete(document_pieces).where(document_pieces.c.document_id == document.id))
    _set(work, document, received=0)


def pieces(connection: Connection, document_id: str, first: int, behind: int) -> Iterator[bytes]:
    """Give the bytes of a document from `first` up to but without `behind`."""
    columns = document_pieces.c
    statement = (
        select(columns.begins, columns.content)
        .where(columns.document_id == document_id, columns.begins < behind)
        .where(columns.begins > first - LARGEST_PIECE)
        .order_by(columns.begins)
    )
    for row in connection.execute(statement, execution_options={"yield_per": 4}):
        if row.begins + len(row.content) > first:
            yield row.content[max(0, first - row.begins) : behind - row.begins]


def _set(work: Work, document: Document, **values: Any) -> None:
    work.connection.execute(update(documents).where(documents.c.id == document.id).values(**values))
