"""Sales tax: which rates there are, who has one of their own, and what an invoice gets."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import Connection, select

from client.models import CustomerTax, TaxRate
from server.auth.actor import Actor
from server.problems import Fault, Refusal, invalid
from server.rules.names import NamedRules
from server.rules.office import office_day
from server.rules.references import refuse_unknown, unknown_references
from server.rules.work import Rules, Work
from server.store.clock import now
from server.store.records import members, record_columns
from server.store.tables import customer_taxes, customers, settings, tax_rates

_POINTED_TO: Final = {"tax-rates": tax_rates}


class TaxRateRules(NamedRules[TaxRate]):
    """Of one place, one rate at most is the usual one."""

    def __init__(self) -> None:
        super().__init__(tax_rates)

    def check(self, work: Work, old: TaxRate | None, new: TaxRate, given: frozenset[str]) -> TaxRate:
        """Refuse a name that is taken and a second usual rate, with 409."""
        new = super().check(work, old, new, given)
        if new.is_standard and new.active:
            columns = tax_rates.c
            another = select(columns.name).where(
                columns.is_standard,
                columns.active,
                columns.country == new.country,
                columns.region == new.region,
                columns.id != new.id,
            )
            name = work.connection.scalar(another)
            if name is not None:
                sentence = f"The usual rate there is {name!r}. Take that from it first."
                raise Refusal(
                    409, sentence, "standard_taken", [Fault("/is_standard", "standard_taken", sentence)]
                )
        return new


class CustomerTaxRules(Rules[CustomerTax]):
    """An exemption has a reason and a certificate."""

    def check(
        self, work: Work, old: CustomerTax | None, new: CustomerTax, given: frozenset[str]
    ) -> CustomerTax:
        """Refuse an exemption without its papers (422), and a rate that is not there or not in use (409)."""
        faults = [
            Fault(f"/{name}", "missing", sentence)
            for name, sentence in (
                ("reason", "An exemption needs its reason."),
                ("certificate_number", "An exemption needs the number of its certificate."),
            )
            if new.exempt and not getattr(new, name)
        ]
        if faults:
            raise invalid(*faults)
        refuse_unknown(unknown_references(work, new, old, _POINTED_TO))
        if new.rate_id is not None and (old is None or old.rate_id != new.rate_id):
            active = select(tax_rates.c.active).where(tax_rates.c.id == new.rate_id)
            if not work.connection.scalar(active):
                sentence = "This rate is no longer in use."
                raise Refusal(409, sentence, "not_in_use", [Fault("/rate_id", "not_in_use", sentence)])
        return new


@dataclass(frozen=True, slots=True)
class Applied:
    """The tax that an invoice gets."""

    name: str
    percent: str


_NONE: Final = Applied("", "0")


def tax_for(connection: Connection, customer_id: str, day: date) -> Applied:
    """Say what tax a customer pays on a day: the own rate or exemption, else the usual one of the address."""
    own = own_tax(connection, customer_id)
    if own is not None and own.exempt_on(day):
        return Applied(f"Exempt: {own.reason}, certificate {own.certificate_number}"[:200], "0")
    columns = tax_rates.c
    if own is not None and own.rate_id is not None:
        row = connection.execute(
            select(columns.name, columns.percent).where(columns.id == own.rate_id)
        ).first()
        return _NONE if row is None else Applied(row.name, row.percent)
    country, region = _home(connection, customer_id)
    usual = select(columns.name, columns.percent, columns.region).where(
        columns.is_standard, columns.active, columns.country == country, columns.region.in_({region, ""})
    )
    # The rate of the region comes before that of the whole country.
    rows = sorted(connection.execute(usual), key=lambda row: row.region == "")
    return Applied(rows[0].name, rows[0].percent) if rows else _NONE


def brief_tax(connection: Connection, actor: Actor, customer_id: str) -> Mapping[str, Any]:  # noqa: ARG001 - all subjects are alike
    """Give what the summary tells of the tax."""
    own = own_tax(connection, customer_id)
    return {"tax_exempt": own is not None and own.exempt_on(office_day(connection, now()))}


def own_tax(connection: Connection, customer_id: str) -> CustomerTax | None:
    """Give what a customer pays instead of the usual rate, None where nothing was said."""
    statement = select(*record_columns(CustomerTax, customer_taxes))
    row = connection.execute(statement.where(customer_taxes.c.customer_id == customer_id)).first()
    return None if row is None else CustomerTax.model_validate(members(row))


def _home(connection: Connection, customer_id: str) -> tuple[str, str]:
    """Give country and region of a customer's primary address, else the country of the business."""
    addresses = connection.scalar(select(customers.c.addresses).where(customers.c.id == customer_id)) or []
    primary: dict[str, str] = next((one for one in addresses if one.get("is_primary")), {})
    if primary.get("country"):
        return primary["country"], primary.get("region", "")
    return connection.scalar(select(settings.c.value).where(settings.c.name == "country")) or "", ""
