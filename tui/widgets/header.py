"""The header of a profile: who this is, how to reach them, and what to mind."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from client.models import Customer, CustomerRow, Summary
from client.models.customer_choices import STATUSES
from tui.text import width_of
from tui.widgets.lines import Lines, Row, Span, edges, link_to, within
from tui.widgets.warnings import MOST_SHOWN, alert_rows, written_weight

if TYPE_CHECKING:
    from tui.forms.formats import Formats

_LEAST_NAME = 16
"""Cells of the name that are seen in a window however narrow."""

STATUS_ROLES = {"active": "good", "new": "accent", "inactive": "muted", "blocked": "bad"}


def status_word(status: str) -> str:
    """Give a status as people read it; one this program does not know is shown as it stands."""
    return status.capitalize() if status in STATUSES else status


def warnings(customer: Customer, summary: Summary | None = None) -> list[Span]:
    """Give the flags that whoever answers the phone must not miss, worst first."""
    flags = [
        (customer.status == "blocked", "BLOCKED", "bad"),
        (customer.access == "blocked" and customer.status != "blocked", "NO BOOKING", "bad"),
        (customer.access == "waitlist_only", "WAIT LIST ONLY", "warn"),
        (customer.archived_at is not None, "ARCHIVED", "warn"),
        (summary is not None and summary.overdue, "OVERDUE", "bad"),
        (summary is not None and summary.tax_exempt, "TAX EXEMPT", "accent"),
        (customer.email_opt_out, "NO E-MAIL", "warn"),
        (customer.mail_opt_out, "NO POST", "warn"),
    ]
    return [Span(word, role) for shown, word, role in flags if shown]


class ProfileHeader(Lines):
    """The lines that stay above every tab.

    Name, number, status, flags; phone, e-mail, labels, weight; then a line for each warning of colleagues.
    """

    DEFAULT_CSS = "ProfileHeader { height: 2; }"

    def __init__(self) -> None:
        super().__init__()
        self.customer: Customer | None = None
        self.summary: Summary | None = None
        self.formats: Formats | None = None
        self.row: CustomerRow | None = None
        self.phone = ""
        self.pinned = False
        self.unsaved = 0
        self.tells = False
        """Whether the next save is told to the customer by e-mail."""
        self.waiting = 0
        """How many edits of this customer wait for the link."""
        self.age = ""
        """Says when what is shown was so, where the server has not vouched for it since."""

    def show(self, customer: Customer, summary: Summary | None, formats: "Formats") -> None:
        """Show a customer, as high as there are warnings."""
        self.customer, self.summary, self.formats = customer, summary, formats
        self.styles.height = 2 + min(len(customer.alerts), MOST_SHOWN)

    def build(self, width: int) -> Sequence[Row]:
        """Give the lines; before the customer has come, what the list knew."""
        if self.customer is None:
            known = self.row or CustomerRow(id="")
            name = [Span(f" {known.number or ''} ", "muted"), Span(known.display_name, "title")]
            reach = [Span(f" {self.phone}  {known.email}", "muted")]
            return [Row(within(name, width)), Row(within(reach, width))]
        warned = alert_rows(self.customer.alerts, self.formats, width) if self.formats else []
        return [self._who(self.customer, width), self._reach(self.customer, width), *warned]

    def _who(self, customer: Customer, width: int) -> Row:
        left = [
            Span(f" {customer.number} ", "muted"),
            Span(customer.display_name, "title"),
            Span(" ★ " if self.pinned else "  ", "accent"),
            Span(status_word(customer.status), STATUS_ROLES.get(customer.status, "text")),
        ]
        right: list[Span] = []
        room = width - 2 - sum(width_of(span.text) for span in (left[0], *left[2:]))
        room -= min(width_of(customer.display_name), _LEAST_NAME)
        for flag in warnings(customer, self.summary):
            room -= width_of(flag.text) + 2
            # The gravest is always told; for others a name is not cut to nothing.
            if not right or room >= 0:
                right += [Span("  " if right else " ", "muted"), flag]
        return edges(left, [*right, Span(" ")], width)

    def _reach(self, customer: Customer, width: int) -> Row:
        email = next((email.address for email in customer.emails if email.is_primary), "")
        number = next((phone.number for phone in customer.phones if phone.is_primary), "")
        left = [
            Span(" "),
            Span(self.phone or "no phone", "text" if number else "muted", link_to("tel", number)),
        ]
        left += [Span("   ")]
        left += [Span(email or "no e-mail", "text" if email else "muted", link_to("mailto", email))]
        if customer.labels:
            left.append(Span("   " + ", ".join(customer.labels), "accent"))
        right: list[Span] = []
        if customer.weight is not None and self.formats is not None:
            right.append(Span(f"  {written_weight(customer.weight, self.formats)} ", "muted"))
        if self.age:
            right.append(Span(f" {self.age} ", "warn"))
        if self.waiting:
            right.append(Span(f" {self.waiting} unsent ", "dirty"))
        if self.tells:
            right.append(Span(" customer will be e-mailed ", "warn"))
        if self.unsaved:
            right.append(Span(f" {self.unsaved} unsaved · F2 save ", "dirty"))
        return edges(left, right, width)


class TabLine(Lines):
    """The tabs by number, the one in front marked by its colour and by brackets."""

    DEFAULT_CSS = "TabLine { height: 1; }"

    def __init__(self) -> None:
        super().__init__()
        self.titles: Sequence[str] = ()
        self.short_titles: Sequence[str] = ()
        self.front = 0

    def build(self, width: int) -> Sequence[Row]:
        """Give number and title of each tab; closer together, and then shorter, where there is less room."""
        loose = sum(len(title) + 4 for title in self.titles) <= width
        titles = self.titles
        if sum(len(title) + 3 for title in titles) + 1 > width:
            titles = self.short_titles
        spans: list[Span] = []
        for place, title in enumerate(titles):
            key = (place + 1) % 10
            if place == self.front:
                spans.append(Span(f"[{key} {title}]", "title"))
                continue
            # The bracket of the tab before stands where the blank would.
            blank = " " if loose or place != self.front + 1 else ""
            spans += [Span(f"{blank}{key}", "key"), Span(f" {title}{' ' if loose else ''}", "muted")]
        return [Row(within(spans, width))]
