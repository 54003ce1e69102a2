"""Documents: files that are kept with a customer."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Final

from pydantic import Field

from client.models.base import Record
from client.models.kinds import CREATE_ONLY, READ_ONLY, Choice, Code, Initially, Line, Number, Refused

DOCUMENT_TYPES: Final = {
    "agreement": "Agreement",
    "identity": "Proof of identity",
    "intake": "Intake form",
    "invoice": "Invoice",
    "letter": "Letter",
    "medical": "Medical note",
    "photo": "Photo",
    "other": "Other",
}
DOCUMENT_STATES: Final = {"receiving": "Upload not finished", "stored": "Stored"}
LARGEST_DOCUMENT: Final = 25 * 1024 * 1024
"""In bytes."""
MOST_OF_CUSTOMER: Final = 500 * 1024 * 1024
"""How much all documents of one customer may come to, announced ones too, in bytes."""
MOST_UNFINISHED: Final = 20
"""How many uploads of one customer may be unfinished at a time."""
DAYS_UNFINISHED: Final = 7
"""After so many days an upload that was not finished is removed."""
LARGEST_PIECE: Final = 512 * 1024
"""How much of a document one request may carry, in bytes."""

MEDIA_TYPES: Final = {
    "txt": "text/plain",
    "md": "text/markdown",
    "csv": "text/csv",
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "gif": "image/gif",
    "webp": "image/webp",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
}
"""What is taken, by the end of the name: nothing that runs when it is opened."""

_RESERVED: Final = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE | re.ASCII)
_REFUSED: Final = '/\\\\:*?"<>|'


@dataclass(frozen=True, slots=True, kw_only=True)
class FileName(Line):
    """The name of a file, without any folder, that every system can have."""

    def check(self, value: str) -> str:
        """Give the name. Refuses what could lead elsewhere, and kinds of files that are not taken."""
        # Not `super()`: a class with slots is made twice, and the word would mean the first one.
        value = Line.check(self, value)
        if any(mark in value for mark in _REFUSED) or value.startswith(".") or value.endswith((".", " ")):
            raise Refused("not_a_file_name", "This is not the bare name of a file.")
        stem, _, suffix = value.rpartition(".")
        if _RESERVED.match(value) or not stem:
            raise Refused("not_a_file_name", "This is not a name that every system can have.")
        if suffix.lower() not in MEDIA_TYPES:
            kinds = ", ".join(MEDIA_TYPES)
            raise Refused("kind_not_taken", f"Files of this kind are not taken; these are: {kinds}.")
        return value

    def schema(self) -> dict[str, Any]:
        """Describe the form."""
        suffixes = "|".join("".join(f"[{c.upper()}{c}]" for c in suffix) for suffix in MEDIA_TYPES)
        return {"maxLength": self.max_length, "pattern": f"^[A-Za-z0-9][A-Za-z0-9_ -]*[.]({suffixes})$"}


class Document(Record):
    """A file kept with a customer. It is made first and its content is sent after, piece by piece."""

    name: Annotated[
        str, FileName(max_length=150, required=True), Field(title="Name", examples=["agreement.pdf"])
    ]
    """The name of the file, without any folder."""
    type: Annotated[str, Choice(options=DOCUMENT_TYPES), Initially("other"), Field(title="Type")] = "other"
    """What it is."""
    show_to_customer: Annotated[bool, Field(title="Show to customer")] = False
    """Whether the customer may read it in the portal."""
    size: Annotated[
        int, CREATE_ONLY, Number(minimum=1, maximum=LARGEST_DOCUMENT, unit="bytes"), Field(title="Size")
    ]
    """In bytes."""
    sha256: Annotated[
        str,
        CREATE_ONLY,
        Code(pattern="[0-9a-f]{64}", example="9f86d081…", what="a SHA-256 digest", max_length=64),
        Field(title="Digest", examples=["9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"]),
    ]
    """SHA-256 of the content (FIPS 180-4), hexadecimal: what arrives must be what was sent."""
    media_type: Annotated[str, READ_ONLY, Field(title="Kind")] = ""
    """IANA media type, from the end of the name; the content must agree."""
    state: Annotated[str, READ_ONLY, Choice(options=DOCUMENT_STATES), Field(title="State")]
    """receiving or stored."""
    received: Annotated[int, READ_ONLY, Field(title="Received")] = 0
    """How many bytes have come: where an upload that was cut goes on."""
    uploaded_by: Annotated[str, READ_ONLY, Field(title="Uploaded by")] = ""
    """Who."""
    stored_at: Annotated[datetime | None, READ_ONLY, Field(title="Stored")] = None
    """When the last piece came, RFC 3339 in UTC."""
