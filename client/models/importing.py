"""Imports: customers from a table, looked at as a whole before anything is written."""

from typing import Annotated, Final

from pydantic import Field

from client.models.base import Model, Record
from client.models.kinds import CREATE_ONLY, READ_ONLY, Choice, Code, Initially, Line, Number, Several

MOST_ROWS: Final = 250_000
"""Rows of one import."""
MOST_ROWS_SENT: Final = 2_000
"""Rows of one request."""
LONGEST_CELL: Final = 2_000

DUPLICATES: Final = {
    "skip": "Leave them as they are; the rows are left out",
    "update": "Write what the rows say over what is there; empty cells change nothing",
    "add": "Add them once more",
}
"""What happens to rows that are likely there already."""
FAULTY: Final = {
    "refuse": "Nothing is imported while a row cannot be",
    "leave_out": "Rows that cannot be imported are left out",
}
IMPORT_STATES: Final = {"receiving": "Rows may come", "done": "Imported"}
ABOUT: Final = {
    "fault": "What cannot be imported",
    "existing": "Likely a customer who is there",
    "repeated": "Likely an earlier row of the same file",
}


class ImportReport(Model):
    """What an import would do, and what it did."""

    checked: int = 0
    """Rows that were looked at so far."""
    empty: int = 0
    """Rows without anything in them."""
    faulty: int = 0
    """Rows that cannot be imported."""
    existing: int = 0
    """Rows of customers who are likely there."""
    repeated: int = 0
    """Rows that are likely the same as an earlier one."""
    added: int = 0
    """Customers that were added."""
    updated: int = 0
    """Customers that were changed."""
    left_out: int = 0
    """Rows that were left out."""


class Import(Record):
    """A table of customers on its way in. Nothing of it is there before all of it is."""

    name: Annotated[str, CREATE_ONLY, Line(max_length=150, required=True), Field(title="File")]
    """What the file is called."""
    columns: Annotated[
        list[str],
        CREATE_ONLY,
        Several(max_items=200, item=Line(max_length=60)),
        Field(title="Columns", examples=[["external_id", "given_name", "phone", ""]]),
    ]
    """What each column of the table is, as exports name them; empty: it is left out."""
    sha256: Annotated[
        str,
        CREATE_ONLY,
        Initially(""),
        Code(pattern="([0-9a-f]{64})?", example="9f86d081…", what="a SHA-256 digest", max_length=64),
        Field(title="Digest"),
    ] = ""
    """SHA-256 of the file (FIPS 180-4), so that an import that was cut off is known again."""
    first_row: Annotated[
        int, CREATE_ONLY, Initially(2), Number(minimum=1, maximum=1_000), Field(title="First row")
    ] = 2
    """What the first row that is sent is called where rows are told, as a spreadsheet counts them."""
    duplicates: Annotated[str, Choice(options=DUPLICATES), Initially("skip"), Field(title="Duplicates")] = (
        "skip"
    )
    """skip, update or add."""
    faulty: Annotated[str, Choice(options=FAULTY), Initially("refuse"), Field(title="Faulty rows")] = "refuse"
    """refuse or leave_out."""
    state: Annotated[str, READ_ONLY, Choice(options=IMPORT_STATES), Field(title="State")] = "receiving"
    """receiving or done."""
    received: Annotated[int, READ_ONLY, Field(title="Received")] = 0
    """How many rows have come: where an import that was cut off goes on."""
    report: Annotated[ImportReport, READ_ONLY, Field(title="Report")] = ImportReport()
    """What was found, and what became of it."""
    imported_by: Annotated[str, READ_ONLY, Field(title="Imported by")] = ""
    """Who."""


class ImportRows(Model):
    """Some rows, one after the other."""

    first: Annotated[int, Number(minimum=0, maximum=MOST_ROWS), Field(title="First")]
    """How many rows come before the first of these: `received`."""
    rows: Annotated[list[list[str]], Several(max_items=MOST_ROWS_SENT), Field(title="Rows")]
    """The cells of each row; cells at the end may be left out. Dates are RFC 3339, numbers have a point,
    phones are E.164, words of choices as the contract has them; several values have a semicolon between."""


class ImportReceived(Model):
    """How much of an import has come."""

    received: int
    """Rows so far."""


class ImportFinding(Model):
    """Something to know about one row."""

    row: int
    """As a spreadsheet counts."""
    about: Annotated[str, Choice(options=ABOUT)]
    """fault, existing or repeated."""
    column: str = ""
    """The column of a fault."""
    code: str = ""
    """What is wrong, for programs."""
    sentence: str = ""
    """What is wrong, or who it likely is, for a person."""


class ImportFindings(Model):
    """Findings in the order of rows."""

    items: list[ImportFinding] = []
    """Some of them."""
    next_row: int | None = None
    """Pass it back as `after` for more; left out at the end."""


class ImportFindingsQuery(Model):
    """Which findings are wanted."""

    about: Annotated[str, Choice(options=ABOUT), Field(title="About")] = "fault"
    """fault, existing or repeated."""
    after: Annotated[int, Number(minimum=0, maximum=10_000_000), Field(title="After")] = 0
    """Only of rows behind this one."""
