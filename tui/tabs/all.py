"""Every tab of the profile, in order: a new one is a line here and a function that makes it."""

from typing import Final

from tui.forms.items_part import ItemsPart
from tui.forms.page import Page
from tui.forms.part import FieldsPart
from tui.services.desk import Desk
from tui.services.open_customer import OpenCustomer
from tui.services.references import references_of
from tui.tabs import people, preferences
from tui.tabs.additional import AdditionalFields
from tui.tabs.billing import billing
from tui.tabs.bookings import BookingsBrief, bookings
from tui.tabs.files import files
from tui.tabs.history import EventList
from tui.tabs.kinds_of_records import NOTES
from tui.tabs.members import MembershipsBrief, members
from tui.tabs.messages import messages
from tui.tabs.overview import BriefItems, Facts, NotesPart
from tui.tabs.portal import COMMANDS, portal
from tui.tabs.records_page import page_of, records_page
from tui.tabs.records_part import RecordsPart
from tui.tabs.tab import Tab

_FACTS: Final = (
    "status",
    "status_reason",
    "access",
    "company_name",
    "born_on",
    "language",
    "branch_id",
    "partner_id",
    "location_id",
    "billing_type",
    "privilege",
    "created_at",
)


def _overview(opened: OpenCustomer, desk: Desk) -> Page:
    form = opened.form
    return Page(
        BriefItems("Phone", form, "phones"),
        BriefItems("E-mail", form, "emails"),
        BriefItems("Address", form, "addresses"),
        Facts(form, _FACTS, usual={"access": "allowed", "type": "individual", "privilege": "none"}),
        BookingsBrief(opened),
        MembershipsBrief(opened),
        NotesPart(opened),
        references=references_of(desk, lambda: opened.customer),
    )


def _contact(opened: OpenCustomer, desk: Desk) -> Page:
    form = opened.form
    names = ("display_name", "given_name", "middle_name", "family_name", "company_name", "type")
    person = ("born_on", "gender", "language", "time_zone", "referral_method")
    extra = tuple(f"extra_contact/{name}" for name in ("business_name", "alternate_phone", "best_way"))
    belongs = ("branch_id", "partner_id", "location_id", "external_id", "number", "created_at")
    return records_page(COMMANDS)(
        FieldsPart("Name", form, names),
        ItemsPart("Phone", form, "phones"),
        ItemsPart("E-mail", form, "emails"),
        ItemsPart("Addresses", form, "addresses"),
        FieldsPart("Person", form, person),
        FieldsPart("Belongs to", form, belongs),
        *portal(opened, desk),
        FieldsPart("Extra contact, for staff", form, extra),
        ItemsPart("", form, "extra_contact/fields", labelled_by="label"),
        AdditionalFields("More", form),
        references=references_of(desk, lambda: opened.customer),
    )


def _notes(opened: OpenCustomer, desk: Desk) -> Page:
    del opened
    return page_of(RecordsPart(NOTES, desk), *messages(desk))


def _activity(opened: OpenCustomer, desk: Desk) -> EventList:
    del opened
    return EventList(desk.formats)


TABS: Final = (
    Tab(name="overview", title="Overview", short="View", make=_overview),
    Tab(name="contact", title="Contact", make=_contact),
    Tab(name="people", title="People", make=people.make),
    Tab(name="preferences", title="Prefs", short="Pref", make=preferences.make, includes=("consents",)),
    Tab(
        name="billing",
        title="Billing",
        short="Bill",
        make=billing,
        feature="payment_methods invoices subscriptions purchases",
    ),
    Tab(
        name="memberships",
        title="Members",
        short="Member",
        make=members,
        feature="memberships gift_cards referral_rewards",
    ),
    Tab(
        name="bookings",
        title="Bookings",
        short="Book",
        make=bookings,
        feature="bookings devices allowances tickets",
    ),
    Tab(name="files", title="Files", make=files, feature="forms documents"),
    Tab(
        name="notes",
        title="Notes",
        make=_notes,
        includes=("notes",),
        feature="notes",
        permission="notes:read",
    ),
    Tab(
        name="activity",
        title="Activity",
        short="Log",
        make=_activity,
        feature="events",
        permission="events:read",
    ),
)
