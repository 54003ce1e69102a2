"""The People tab: who may act for this customer, and for whom this one may act."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final, TypeVar

from client.models.contact import RIGHTS, ActsFor, Contact
from tui.commands import Command
from tui.forms.formats import Formats
from tui.services.references import references_of
from tui.tabs.records import NewForm, RecordAction, Records
from tui.tabs.records_page import RecordsPage, page_of
from tui.tabs.records_part import records_parts
from tui.widgets.lines import Row, Span, edges

if TYPE_CHECKING:
    from tui.screens.records import RecordsHost
    from tui.services.desk import Desk
    from tui.services.open_customer import OpenCustomer

Link = TypeVar("Link", Contact, ActsFor)
_WRITTEN: Final = ("product", *RIGHTS)


class OpenPerson(Command):
    """Open the profile of the marked person."""

    keys = "o"
    footer = "open"


def may(link: Contact | ActsFor) -> str:
    """Say in words what somebody may do."""
    rights = [right for right in RIGHTS if getattr(link, right)]
    if len(rights) == len(RIGHTS):
        return "may do everything"
    return f"may: {', '.join(rights)}" if rights else "may do nothing yet"


def who(link: Contact | ActsFor) -> str:
    """Give the name of the person at the other end."""
    return link.contact if isinstance(link, Contact) else link.acted_for


def _rows(link: Contact | ActsFor, formats: Formats, width: int) -> Sequence[Row]:
    del formats
    left = [Span(f"{link.number} ", "muted"), Span(who(link), "title")]
    if link.standing:
        left.append(Span(f"  {link.standing.upper()}", "warn"))
    rows = [Row(edges(left, [Span(f"  {may(link)}")], width).spans, link.id)]
    if link.product:
        only = [Span("     only for ", "muted"), Span(link.product)]
        rows.append(Row(edges(only, (), width).spans))
    return rows


def _opens(other: Callable[[Link], str]) -> RecordAction[Link]:
    async def run(host: "RecordsHost", link: Link) -> Link:
        host.keeptabs.open_customer(other(link))
        return link

    return RecordAction(command=OpenPerson, name="", run=run, permission="customers:read")


def _new(host: "RecordsHost") -> NewForm:
    del host
    return NewForm(title="New person who may act", fields=("contact_id", *_WRITTEN))


CONTACTS: Final[Records[Contact]] = Records(
    one="person who may act",
    title="May act for this customer",
    model=Contact,
    permission="contacts",
    collection=lambda api, customer_id: api.contacts(customer_id),
    rows=_rows,
    fields=_WRITTEN,
    new_form=_new,
    order=lambda contact: (contact.contact.casefold(), contact.product.casefold()),
    name=who,
    empty="Nobody but the customer.",
    enters=OpenPerson,
    actions=(_opens(lambda contact: contact.contact_id),),
)

ACTS_FOR: Final[Records[ActsFor]] = Records(
    one="customer",
    title="Acts for",
    model=ActsFor,
    permission="acts-for",
    collection=lambda api, customer_id: api.acts_for(customer_id),
    rows=_rows,
    fields=(),
    order=lambda link: (link.acted_for.casefold(), link.product.casefold()),
    name=who,
    empty="For nobody else.",
    enters=OpenPerson,
    actions=(_opens(lambda link: link.acted_for_id),),
)


def make(opened: "OpenCustomer", desk: "Desk") -> RecordsPage:
    """Give the tab."""
    parts = records_parts(desk, CONTACTS, ACTS_FOR)
    return page_of(*parts, references=references_of(desk, lambda: opened.customer))
