"""The preview beside the list: which customer it shows, and when the rest of that customer is fetched.

At the start the marker stands on the first customer because it must stand somewhere. More than the row is
fetched once somebody looks for a customer: a start is two requests, and 600 bytes less on the terminal.
"""

from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from textual import events, on, work
from textual.message import Message
from textual.timer import Timer

from client.errors import CustomerApiError
from tui.screens.found_customers import FoundCustomers
from tui.widgets.preview import Preview

if TYPE_CHECKING:
    from client.models import CustomerDocument, CustomerRow

WIDE: Final = 112
"""Columns from which there is room for a preview beside the list."""
REST: Final = 0.15
"""Seconds that the marker must rest on a customer before more than the row is fetched."""

_KEPT: Final = 50


class Previews(FoundCustomers):
    """Shows the marked customer at the right, on wide terminals."""

    DEFAULT_CSS = """
    Previews Preview { display: none; width: 1fr; max-width: 56; }
    Previews.-wide #list { width: 2fr; min-width: 88; }
    Previews.-wide Preview { display: block; }
    """

    @dataclass
    class Fetched(Message):
        """A customer was fetched for the preview."""

        document: "CustomerDocument"

    def __init__(self) -> None:
        super().__init__()
        self._documents: OrderedDict[str, CustomerDocument] = OrderedDict()
        self._rest: Timer | None = None
        self._looked_for = False

    def on_resize(self, event: events.Resize) -> None:
        """Show the preview where there is room."""
        self.set_class(event.size.width >= WIDE, "-wide")
        self.preview_marked()

    def show_rows(self, *, keep_place: bool) -> None:
        """Show the rows, and the one that is then marked."""
        super().show_rows(keep_place=keep_place)
        self.preview_marked()

    def preview_marked(self) -> None:
        """Show what is known of the marked customer; fetch the rest when the marker rests here."""
        if self._rest is not None:
            self._rest.stop()
        if not self.has_class("-wide"):
            return
        row = self.driven.customer
        document = self._known(row)
        self.query_one(Preview).show(row, document, self.keeptabs.desk.formats)
        self._looked_for = self._looked_for or bool(self.box.value) or self.driven.placed
        if row is not None and document is None and self._looked_for and self.meter.has_room:
            self._rest = self.set_timer(REST, self._fetch_marked)

    def forget_previews(self) -> None:
        """Fetch again what is shown next: customers may have changed."""
        self._documents.clear()

    def _known(self, row: "CustomerRow | None") -> "CustomerDocument | None":
        document = self._documents.get(row.id) if row is not None else None
        return (
            document if document is not None and row is not None and document.version >= row.version else None
        )

    def _fetch_marked(self) -> None:
        row = self.driven.customer
        if row is not None and self.is_current:
            self._fetch(row.id)

    @work(exclusive=True, group="preview")
    async def _fetch(self, customer_id: str) -> None:
        from tui.services.open_customer import always_along

        try:
            # With all that the profile shows first: opened from here, it is there at once.
            along = always_along(self.keeptabs.desk)
            answer = await (await self.api()).customers.open(customer_id, include=along)
        except CustomerApiError:
            return  # The row stays on view, and opening the customer will say what is wrong.
        self.post_message(self.Fetched(answer.value))

    @on(Fetched)
    def _take(self, event: Fetched) -> None:
        event.stop()
        self._documents[event.document.id] = event.document
        self._documents.move_to_end(event.document.id)
        while len(self._documents) > _KEPT:
            self._documents.popitem(last=False)
        row = self.driven.customer
        if row is not None and row.id == event.document.id:
            self.query_one(Preview).show(row, event.document, self.keeptabs.desk.formats)
