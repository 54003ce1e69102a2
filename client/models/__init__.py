"""What travels between client and server. The server imports these, so the two cannot drift apart."""

from client.models.base import Model, Page, Record
from client.models.customer import (
    Address,
    Customer,
    CustomerRow,
    CustomerSearch,
    DuplicateQuery,
    Duplicates,
    Email,
    PhoneNumber,
)
from client.models.document import CustomerDocument
from client.models.event import Change, Event
from client.models.note import Note
from client.models.problem import FieldProblem, Problem
from client.models.reference import Branch, Label, Location, Partner
from client.models.service import Service
from client.models.staff import Me, Staff
from client.models.token import AuthorizationServer, PasswordChange, TokenRefusal, Tokens

__all__ = [
    "Address",
    "AuthorizationServer",
    "Branch",
    "Change",
    "Customer",
    "CustomerDocument",
    "CustomerRow",
    "CustomerSearch",
    "DuplicateQuery",
    "Duplicates",
    "Email",
    "Event",
    "FieldProblem",
    "Label",
    "Location",
    "Me",
    "Model",
    "Note",
    "Page",
    "Partner",
    "PasswordChange",
    "PhoneNumber",
    "Problem",
    "Record",
    "Service",
    "Staff",
    "TokenRefusal",
    "Tokens",
]
