"""The customer: the record that everything else hangs on."""

from datetime import date, datetime
from typing import Annotated

from pydantic import Field

from client.models.base import Model, Record
from client.models.customer_choices import (
    ACCESSES,
    ADDRESS_TYPES,
    BILLING_TYPES,
    CUSTOMER_TYPES,
    EMAIL_TYPES,
    GENDERS,
    PHONE_TYPES,
    PRIVILEGES,
    STATUSES,
)
from client.models.customer_more import MOST_ALERTS, Alert, CustomValue, ExtraContact, Weight
from client.models.kinds import (
    ADMIN_ONLY,
    COUNTRY,
    LANGUAGE,
    READ_ONLY,
    STAFF_ONLY,
    TIME_ZONE,
    Choice,
    Day,
    EmailAddress,
    Initially,
    Line,
    Number,
    Phone,
    Reference,
    Several,
)


class Email(Model):
    """An e-mail address of a customer. vCard: EMAIL (RFC 6350); SCIM: `emails`."""

    id: Annotated[str, Line(max_length=64), Field(title="Id")] = ""
    """Names this address within the customer; the server gives one where it is left out."""
    address: Annotated[str, EmailAddress(), Field(title="E-mail", examples=["joanna@example.org"])]
    """The address (RFC 5321)."""
    type: Annotated[str, Choice(options=EMAIL_TYPES), Field(title="Kind")] = "home"
    """What the address is used for."""
    is_primary: Annotated[bool, Field(title="Primary")] = False
    """Exactly one address of a customer is the primary one."""
    for_billing: Annotated[bool, Field(title="For billing")] = False
    """Invoices go to this address."""


class PhoneNumber(Model):
    """A telephone number of a customer. vCard: TEL; SCIM: `phoneNumbers`."""

    id: Annotated[str, Line(max_length=64), Field(title="Id")] = ""
    """Names this number within the customer; the server gives one where it is left out."""
    number: Annotated[str, Phone(), Field(title="Number", examples=["+442079460958"])]
    """The number, E.164."""
    extension: Annotated[str, Line(max_length=12), Field(title="Extension")] = ""
    """Digits to dial after the connection."""
    type: Annotated[str, Choice(options=PHONE_TYPES), Field(title="Kind")] = "mobile"
    """Where the number rings."""
    is_primary: Annotated[bool, Field(title="Primary")] = False
    """Exactly one number of a customer is the primary one."""


class Address(Model):
    """A postal address of a customer. vCard: ADR and GEO; SCIM: `addresses`."""

    id: Annotated[str, Line(max_length=64), Field(title="Id")] = ""
    """Names this address within the customer; the server gives one where it is left out."""
    type: Annotated[str, Choice(options=ADDRESS_TYPES), Field(title="Kind")] = "home"
    """What the address is used for."""
    line1: Annotated[str, Line(max_length=200), Field(title="Street")] = ""
    """Street and number."""
    line2: Annotated[str, Line(max_length=200), Field(title="Street, line 2")] = ""
    """Flat, floor, care of."""
    postal_code: Annotated[str, Line(max_length=20), Field(title="Postcode")] = ""
    """The code as its country writes it."""
    city: Annotated[str, Line(max_length=100), Field(title="City")] = ""
    """City or town."""
    region: Annotated[str, Line(max_length=100), Field(title="Region")] = ""
    """State, county or province."""
    country: Annotated[str, COUNTRY, Field(title="Country")] = ""
    """ISO 3166-1 alpha-2."""
    latitude: Annotated[float | None, Number(minimum=-90, maximum=90, unit="°"), Field(title="Latitude")] = (
        None
    )
    """Degrees north, WGS 84."""
    longitude: Annotated[
        float | None, Number(minimum=-180, maximum=180, unit="°"), Field(title="Longitude")
    ] = None
    """Degrees east, WGS 84."""
    is_primary: Annotated[bool, Field(title="Primary")] = False
    """Exactly one address of a customer is the primary one."""


class Customer(Record):
    """A person or body that is served. vCard: one card; SCIM: `User`; TMF629: `Customer`."""

    number: Annotated[int, READ_ONLY, Field(title="Number", ge=1)]
    """Given by the server in sequence and read out on the phone."""
    external_id: Annotated[str, Line(max_length=100), Field(title="External id")] = ""
    """The customer's id in another system. SCIM: `externalId`."""
    type: Annotated[str, Choice(options=CUSTOMER_TYPES), Initially("individual"), Field(title="Type")] = (
        "individual"
    )
    """A person or a body. TMF629: `engagedParty.@referredType`."""
    display_name: Annotated[str, Line(max_length=200), Initially(""), Field(title="Full name")]
    """The full name as it is shown. Left out at creation it is made of the parts. vCard: FN."""
    given_name: Annotated[str, Line(max_length=100), Field(title="First name")] = ""
    """vCard: N; SCIM: `name.givenName`."""
    middle_name: Annotated[str, Line(max_length=100), Field(title="Middle name")] = ""
    """SCIM: `name.middleName`."""
    family_name: Annotated[str, Line(max_length=100), Field(title="Last name")] = ""
    """vCard: N; SCIM: `name.familyName`."""
    company_name: Annotated[str, Line(max_length=200), Field(title="Company")] = ""
    """vCard: ORG."""
    status: Annotated[str, Choice(options=STATUSES), Initially("new"), Field(title="Status")]
    """new, active, inactive or blocked. TMF629: `status`."""
    status_reason: Annotated[str, Line(max_length=200), Field(title="Reason")] = ""
    """Why the status is what it is. TMF629: `statusReason`."""
    access: Annotated[str, Choice(options=ACCESSES), Initially("allowed"), Field(title="Access")]
    """What the customer may book. A blocked status implies blocked access."""
    archived_at: Annotated[datetime | None, READ_ONLY, Field(title="Archived")] = None
    """When the customer was archived; left out where it is not."""
    born_on: Annotated[
        date | None, Day(earliest=date(1880, 1, 1), past=True, birth=True), Field(title="Date of birth")
    ] = None
    """vCard: BDAY."""
    gender: Annotated[str, Choice(options={"": "Not known"} | GENDERS), Field(title="Gender")] = ""
    """vCard: GENDER."""
    language: Annotated[str, LANGUAGE, Field(title="Language")] = ""
    """BCP 47. vCard: LANG; SCIM: `preferredLanguage`."""
    time_zone: Annotated[str, TIME_ZONE, Field(title="Time zone")] = ""
    """A name of the IANA time zone database. vCard: TZ; SCIM: `timezone`."""
    referral_method: Annotated[str, Line(max_length=100), Field(title="Found us by")] = ""
    """How the customer came."""
    branch_id: Annotated[str | None, Reference(collection="branches"), Field(title="Preferred branch")] = None
    """The branch that the customer prefers."""
    partner_id: Annotated[str | None, Reference(collection="partners"), Field(title="Partner")] = None
    """The partner that the customer belongs to."""
    location_id: Annotated[str | None, Reference(collection="locations"), Field(title="Location")] = None
    """The location that the customer belongs to."""
    emails: Annotated[list[Email], Several(max_items=20), Field(title="E-mail")] = []
    """Exactly one is primary where there are any."""
    phones: Annotated[list[PhoneNumber], Several(max_items=20), Field(title="Phone")] = []
    """Exactly one is primary where there are any."""
    addresses: Annotated[list[Address], Several(max_items=20), Field(title="Addresses")] = []
    """Exactly one is primary where there are any."""
    labels: Annotated[
        list[str], Several(max_items=50, item=Line(max_length=60, required=True)), Field(title="Labels")
    ] = []
    """The names of the labels that the customer carries; each must be in `/v1/labels`."""
    billing_type: Annotated[str, Choice(options={"": "Not set"} | BILLING_TYPES), Field(title="Billing")] = ""
    """Recurring or prepaid."""
    mail_opt_out: Annotated[bool, Field(title="No post")] = False
    """Opted out of post: always left out of postal marketing."""
    email_opt_out: Annotated[bool, Field(title="No e-mail")] = False
    """Opted out of e-mail: always left out of e-mail marketing."""
    weight: Annotated[Weight | None, STAFF_ONLY, Field(title="Weight")] = None
    """What the customer weighs; never in e-mails."""
    alerts: Annotated[list[Alert], STAFF_ONLY, Several(max_items=MOST_ALERTS), Field(title="Alerts")] = []
    """Short warnings, in the order in which they are shown."""
    extra_contact: Annotated[ExtraContact, STAFF_ONLY, Field(title="Extra contact")] = ExtraContact()
    """Further ways to reach the customer."""
    custom_fields: Annotated[dict[str, CustomValue], Field(title="More")] = {}
    """Additional fields, by the keys of `/v1/custom-fields`; dates and links are text."""
    privilege: Annotated[str, READ_ONLY, ADMIN_ONLY, Choice(options=PRIVILEGES), Field(title="Privilege")] = (
        "none"
    )
    """Whether the customer also works here, with which role. Set by an action of its own."""
