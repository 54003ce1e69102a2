"""Customers: the declaration, the search, and what only they can do."""

from dataclasses import replace
from typing import Any, Final

from fastapi import Response
from pydantic import create_model
from pydantic_core import to_json
from sqlalchemy import Connection, literal_column

from client.models import Customer, CustomerDocument, CustomerRow, CustomerSearch, DuplicateQuery, Duplicates
from client.models.written import new_model
from server.routes.allowances import ALLOWANCES
from server.routes.answer import PEOPLE, Answer
from server.routes.bookings import BOOKINGS
from server.routes.call import Call, query_of
from server.routes.collection import Collection, Include
from server.routes.consents import ANSWER, CONSENTS
from server.routes.contacts import ACTS_FOR, CONTACTS
from server.routes.contract import IF_NONE_MATCH
from server.routes.custom_fields import CUSTOM_FIELDS
from server.routes.customer_actions import STANDING
from server.routes.devices import DEVICES
from server.routes.documents import DOCUMENTS
from server.routes.erasure import only
from server.routes.events import EVENTS
from server.routes.forgetting import delete_with_cards
from server.routes.forms import FORMS
from server.routes.gift_cards import GIFT_CARDS, REWARDS
from server.routes.invoices import INVOICES
from server.routes.memberships import MEMBERSHIPS
from server.routes.messages import MESSAGES
from server.routes.notes import NOTES
from server.routes.offered_services import DISLIKED_SERVICES
from server.routes.operation import Operation, Sent, Shown
from server.routes.operations import page_model
from server.routes.payment_methods import PAYMENT_METHODS
from server.routes.portal_account import PORTAL_ACCOUNT, SEND_CONFIRMATION
from server.routes.privilege import PRIVILEGE
from server.routes.purchases import PURCHASES
from server.routes.reading import bad_cursor, fields_member, listed
from server.routes.subscriptions import SUBSCRIPTIONS
from server.routes.taxes import CUSTOMER_TAX
from server.routes.tickets import TICKETS
from server.rules.customers import CustomerRules
from server.rules.gift_cards import reward_account
from server.rules.privilege import privilege_column
from server.rules.spending import spending
from server.rules.summary import summary
from server.store.search import BadCursor, index_for
from server.store.tables import Json, customers

_LABEL_NAMES: Final = {
    "sqlite": "(SELECT json_group_array(name) FROM (SELECT l.name AS name FROM customer_labels m"
    " JOIN labels l ON l.id = m.label_id WHERE m.customer_id = customers.id ORDER BY l.name_key))",
    "postgresql": "(SELECT coalesce(jsonb_agg(l.name ORDER BY l.name_key), '[]') FROM customer_labels m"
    " JOIN labels l ON l.id = m.label_id WHERE m.customer_id = customers.id)",
}


def _label_names(dialect: str) -> tuple[Any, ...]:
    return (literal_column(_LABEL_NAMES[dialect], Json).label("labels"), privilege_column())


_NAMES: Final = ("display_name", "given_name", "middle_name", "family_name", "company_name")


def _named_by(name: str) -> dict[str, Any]:
    """Say that a member is there and not blank."""
    return {"required": [name], "properties": {name: {"pattern": "[^\\s]"}}}


_PRIMARY: Final = {"properties": {"is_primary": {"const": True}}, "required": ["is_primary"]}
_ONE_PRIMARY: Final = {
    name: {"contains": _PRIMARY, "minContains": 0, "maxContains": 1}
    for name in ("emails", "phones", "addresses")
}


_RULES: Final = (
    "Only a name is required: `display_name`, or a part of it, of which it is then made and which it "
    "follows until it is given (422 without any). Of e-mails, phones and addresses exactly one is "
    "primary: the first, where none is marked; two marked ones are refused (422). Parts without an `id` "
    "get one. A blocked status sets the access to `blocked`; when it ends, the access is `allowed` "
    "unless it is sent along. Branch, partner, location and labels must exist (409 with pointers); "
    "labels are named without regard to case. Each change moves a customer to the front of the list; a "
    "look does not."
)


_KEPT: Final = (
    *("number", "type", "status", "access", "archived_at", "branch_id", "partner_id", "location_id"),
    *("billing_type", "mail_opt_out", "email_opt_out"),
)
"""What stays of a customer who was erased: what counts in the books and who may do what, never who it was."""


async def _delete(call: Call) -> Response:
    return await delete_with_cards(call, CUSTOMERS)


CUSTOMERS: Final = Collection(
    model=Customer,
    table=customers,
    path="customers",
    singular="customer",
    about=_RULES,
    order=(("rank", True),),
    rules=CustomerRules(),
    verbs=frozenset({"get", "create", "patch", "delete"}),
    handlers={"delete": _delete},
    keeps_removed=False,
    erasure=only(_KEPT),
    extra_columns=_label_names,
    includes={
        "notes": Include(collection=NOTES),
        "events": Include(collection=EVENTS),
        "consents": Include(collection=CONSENTS),
        "contacts": Include(collection=CONTACTS),
        "acts_for": Include(collection=ACTS_FOR),
        "disliked_services": Include(collection=DISLIKED_SERVICES),
        "bookings": Include(collection=BOOKINGS, limit=100),
        "devices": Include(collection=DEVICES),
        "allowances": Include(collection=ALLOWANCES),
        "tickets": Include(collection=TICKETS),
        "memberships": Include(collection=MEMBERSHIPS),
        "gift_cards": Include(collection=GIFT_CARDS),
        "rewards": Include(collection=REWARDS),
        "reward_account": Include(compute=reward_account),
        "forms": Include(collection=FORMS),
        "documents": Include(collection=DOCUMENTS),
        "messages": Include(collection=MESSAGES, limit=20),
        "portal_account": Include(collection=PORTAL_ACCOUNT),
        "field_definitions": Include(collection=CUSTOM_FIELDS, limit=200),
        "payment_methods": Include(collection=PAYMENT_METHODS),
        "invoices": Include(collection=INVOICES),
        "purchases": Include(collection=PURCHASES),
        "subscriptions": Include(collection=SUBSCRIPTIONS),
        "tax": Include(collection=CUSTOMER_TAX),
        "spending": Include(compute=spending),
        "summary": Include(compute=summary),
    },
    document=CustomerDocument,
    removal="Only an inactive or archived customer can be removed (409).",
    part_links={
        "write_note": "create_note",
        "list_notes": "list_notes",
        "list_events": "list_events",
        "name_contact": "create_contact",
        "list_contacts": "list_contacts",
        "list_acts_for": "list_acts_for",
        "list_consents": "list_consents",
        "dislike": "create_disliked_service",
        "list_disliked": "list_disliked_services",
    },
    actions=(
        *STANDING,
        ANSWER,
        PRIVILEGE,
        SEND_CONFIRMATION,
    ),
    new_schema={"anyOf": [_named_by(name) for name in _NAMES], "properties": _ONE_PRIMARY},
    patch_schema={"properties": _ONE_PRIMARY},
    example={
        "given_name": "Joanna",
        "family_name": "Byrne",
        "phones": [{"number": "+442079460958", "type": "mobile"}],
        "emails": [{"address": "joanna@example.org"}],
    },
    given={
        "number": 1033,
        "display_name": "Joanna Byrne",
        "status": "new",
        "access": "allowed",
        "phones": [{"id": "5f0a1c", "number": "+442079460958", "is_primary": True}],
        "emails": [{"id": "9be27d", "address": "joanna@example.org", "is_primary": True}],
    },
)

_SEARCH: Final = new_model(
    create_model("CustomerSearch", __base__=CustomerSearch, fields=fields_member(CustomerRow.model_fields))
)
_DUPLICATES: Final = new_model(DuplicateQuery)


async def _listed(call: Call, search: Any) -> Response:
    wanted = CustomerSearch.model_construct(**search.__dict__)
    index = index_for(call.database.dialect)
    try:
        page = await call.database.read(lambda connection: index.find(connection, wanted))
    except BadCursor as error:
        raise bad_cursor(error) from None
    result: dict[str, Any] = {"items": page.items}
    if page.next_cursor:
        result["next_cursor"] = page.next_cursor
    if page.total is not None:
        result["total"] = page.total
    if call.request.method == "POST":
        return Answer(200, {}, to_json(result)).response()
    return listed(call, result, PEOPLE)


async def _list(call: Call) -> Response:
    return await _listed(call, query_of(call.request, _SEARCH, frozenset({"fields", "status"})))


async def _search(call: Call) -> Response:
    return await _listed(call, call.read(_SEARCH))


async def _find_duplicates(call: Call) -> Response:
    query = DuplicateQuery.model_construct(**call.read(_DUPLICATES).__dict__)
    index = index_for(call.database.dialect)

    def work(connection: Connection) -> dict[str, Any]:
        return {"items": index.duplicates(connection, query)}

    return Answer(200, {}, to_json(await call.database.read(work))).response()


_FOUND: Final = Shown(
    description="A page of rows.",
    model=page_model(CustomerRow),
    trimmed=CustomerRow,
    headers=("ETag", "Cache-Control", "Link"),
)
_SAME: Final = Shown(description="Nothing changed.", headers=("ETag", "Cache-Control"))
_ABOUT: Final = (
    "Every word must be found: the beginning of a word of a name, a company, a city or an e-mail address, "
    "any digits of a phone number, a customer number, a label; in any order, whatever the case and "
    "accents. Where nothing is found so, one wrong letter is forgiven. Without `q` the list is the whole of "
    "what the filters leave, last changed first. `total` is left out where counting would cost too much. "
    "The cursor is stable under inserts."
)

SEARCHES: Final = (
    Operation(
        method="POST",
        path="/v1/customers/search",
        name="search_customers",
        tag="customers",
        summary="Find customers",
        description="The same as the list, as a body, so that names and phones stay out of URLs and logs. "
        + _ABOUT,
        permission="customers:read",
        handle=_search,
        answers={200: replace(_FOUND, headers=())},
        refusals=(400, 404, 413, 415, 422),
        sent=Sent(model=_SEARCH, example={"q": "byrne 0958", "limit": 20}),
    ),
    Operation(
        method="POST",
        path="/v1/customers/duplicates",
        name="find_duplicates",
        tag="customers",
        summary="Find customers that may be the same as a new one",
        description="The same phone, e-mail address, or name and postcode; likeliest first.",
        permission="customers:read",
        handle=_find_duplicates,
        answers={200: Shown(description="Likely the same.", model=Duplicates)},
        refusals=(400, 413, 415, 422),
        sent=Sent(model=_DUPLICATES, example={"display_name": "Joanna Byrne", "phones": ["+442079460958"]}),
    ),
    Operation(
        method="GET",
        path="/v1/customers",
        name="list_customers",
        tag="customers",
        summary="List or find customers",
        description=_ABOUT,
        permission="customers:read",
        handle=_list,
        answers={200: _FOUND, 304: _SAME},
        refusals=(404, 422),
        parameters=(IF_NONE_MATCH,),
        query=_SEARCH,
        separated=frozenset({"fields", "status"}),
    ),
)
