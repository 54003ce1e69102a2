"""The Members tab: memberships, gift cards, and rewards where the server has them."""

from collections.abc import Hashable, Sequence
from typing import TYPE_CHECKING

from client.models import Membership
from client.models.membership import MembershipBrief
from tui.forms.formats import Formats
from tui.forms.part import Part, labelled
from tui.services.references import references_of
from tui.tabs.gift_cards import GIFT_CARDS, RewardsPart
from tui.tabs.memberships import credits_text, memberships_of, payment_text, why_left_alone
from tui.tabs.records_page import page_of
from tui.tabs.records_part import RecordsPart, records_parts
from tui.text import width_of, wrap
from tui.widgets.lines import Row, Span

if TYPE_CHECKING:
    from tui.forms.page import Page
    from tui.services.desk import Desk
    from tui.services.open_customer import OpenCustomer


class MembershipsPart(RecordsPart[Membership]):
    """The memberships, headed by why the customer can have no new one where that is so."""

    def __init__(self, opened: "OpenCustomer", desk: "Desk") -> None:
        super().__init__(memberships_of(opened, desk), desk)
        self._opened = opened

    def rows(self, width: int, label_width: int) -> Sequence[Row]:
        """Say first what is not open to the customer, then what there is."""
        why = why_left_alone(self._opened)
        sentence = f"! This customer {why}: memberships neither begin nor are charged." if why else ""
        warned = [Row((Span(f" {line}", "warn"),)) for line in wrap(sentence, max(20, width - 2)) if line]
        return [*warned, *super().rows(width, label_width)]

    def can(self, command: str, item: Hashable) -> bool:
        """Offer to add only what the server would take."""
        return super().can(command, item) and (command != "add" or not why_left_alone(self._opened))


def members(opened: "OpenCustomer", desk: "Desk") -> "Page":
    """Make the tab."""
    parts = records_parts(desk, MembershipsPart(opened, desk), GIFT_CARDS, RewardsPart(opened, desk))
    return page_of(*parts, references=references_of(desk, lambda: opened.customer))


class MembershipsBrief(Part):
    """On the overview: the memberships that are not over."""

    _TITLE = "Membership"

    def __init__(self, opened: "OpenCustomer") -> None:
        self._opened = opened

    @property
    def label_width(self) -> int:
        """The width of the title."""
        return width_of(self._TITLE)

    def rows(self, width: int, label_width: int) -> Sequence[Row]:
        """Give a row for each."""
        summary, formats = self._opened.document.summary, self._opened.form.formats
        told = summary.memberships if summary is not None else []
        return [labelled(self._TITLE, _brief(one, formats), width, label_width) for one in told]


def _brief(brief: MembershipBrief, formats: Formats) -> Sequence[Span]:
    then, role = payment_text(brief.next_payment_on, brief.ends_on, brief.state, formats)
    left = f"   {credits_text(brief.credits_left)}" if brief.credits_left else ""
    return [Span(brief.plan), Span(left, "good"), Span(f"   {then}", role if role != "text" else "muted")]
