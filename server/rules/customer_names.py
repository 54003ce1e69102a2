"""The full name of a customer: given, or made of the parts."""

from client.models import Customer
from server.problems import Fault

_LONGEST = 200


def made_of_parts(customer: Customer) -> str:
    """Give the full name as the parts have it: a person's names, else the company's."""
    names = (customer.given_name, customer.middle_name, customer.family_name)
    person = " ".join(name for name in names if name)
    first, second = (
        (customer.company_name, person)
        if customer.type == "organization"
        else (person, customer.company_name)
    )
    return (first or second)[:_LONGEST].strip()


def with_name(old: Customer | None, new: Customer, given: frozenset[str]) -> Customer:
    """Fill in the full name where none is given; one that was made of the parts follows them."""
    followed = old is not None and "display_name" not in given and old.display_name == made_of_parts(old)
    if new.display_name and not followed:
        return new
    return new.model_copy(update={"display_name": made_of_parts(new) or new.display_name})


def missing_name(customer: Customer) -> list[Fault]:
    """Say that a customer must have a name."""
    if customer.display_name:
        return []
    return [
        Fault(
            "/display_name",
            "missing",
            "A customer needs a name: a full name, a first or last name, or a company.",
        )
    ]
