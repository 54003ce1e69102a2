"""Sales tax: the rates there are, and what one customer pays instead of the usual one."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, func, select

from client.models import CustomerTax, TaxRate
from server.routes.answer import REFERENCE
from server.routes.collection import Collection
from server.routes.erasure import without
from server.rules.taxes import CustomerTaxRules, TaxRateRules
from server.store.tables import customer_taxes, tax_rates

TAX_RATES: Final = Collection(
    model=TaxRate,
    table=tax_rates,
    path="tax-rates",
    singular="tax rate",
    about="Rates of sales tax or value-added tax. The usual one of a country, or of a region of it, is on "
    "every new invoice of the customers whose primary address is there; at most one of a place is (409).",
    order=(("name_key", False), ("id", False)),
    ordered="Ordered by name.",
    rules=TaxRateRules(),
    cache=REFERENCE,
    removal="One that a customer has stays (409).",
    example={"name": "VAT 20 %", "percent": "20", "country": "GB", "is_standard": True},
    given={"active": True},
)


def _rate_name(dialect: str) -> Sequence[ColumnElement[Any]]:  # noqa: ARG001 - the same on both
    name = select(tax_rates.c.name).where(tax_rates.c.id == customer_taxes.c.rate_id).scalar_subquery()
    return (func.coalesce(name, "").label("rate"),)


CUSTOMER_TAX: Final = Collection(
    model=CustomerTax,
    table=customer_taxes,
    path="tax",
    singular="customer tax",
    erasure=without("reason", "certificate_number"),
    about="What a customer pays instead of the usual sales tax: another rate, or none at all. An exemption "
    "needs a reason and the number of its certificate (422); after its last day the rate is paid again.",
    order=(("id", True),),
    rules=CustomerTaxRules(),
    of_customer=True,
    single=True,
    unversioned=True,
    extra_columns=_rate_name,
    verbs=frozenset({"get", "patch", "delete"}),
    removal="The usual tax is paid again.",
    example={"exempt": True, "reason": "Registered charity", "certificate_number": "CH-204518"},
)
