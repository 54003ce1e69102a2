"""A customer as one row: every column as text, the same in every locale."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from client.models.flat import BETWEEN, COLUMNS, CUSTOM, REFERENCES

Shown = Mapping[str, Any]
"""A customer as it travels: members equal to their default are left out."""
Names = Mapping[str, str]
"""Names of branches, partners and locations by their ids."""

_EXTRA: Final = frozenset({"business_name", "alternate_phone", "best_way"})
_FIRST: Final = {"phone": ("phones", "number"), "email": ("emails", "address")}
_OTHERS: Final = {"other_phones": _FIRST["phone"], "other_emails": _FIRST["email"]}
_DEFAULTS: Final = {
    "type": "individual",
    "access": "allowed",
    "privilege": "none",
    "mail_opt_out": False,
    "email_opt_out": False,
}


def value(customer: Shown, column: str, names: Names) -> Any:
    """Give what a column holds, as JSON has it; None where there is nothing."""
    if column.startswith(CUSTOM):
        return customer.get("custom_fields", {}).get(column.removeprefix(CUSTOM))
    member = COLUMNS[column].member
    if column in REFERENCES:
        return names.get(customer.get(member, ""))
    if column in _FIRST:
        return primary(customer, _FIRST[column][0]).get(_FIRST[column][1])
    if column in _OTHERS:
        part, name = _OTHERS[column]
        return [one[name] for one in customer.get(part, ()) if not one.get("is_primary")] or None
    if member == "addresses":
        return primary(customer, "addresses").get(column)
    if column in _EXTRA:
        return customer.get("extra_contact", {}).get(column)
    if column == "extra_fields":
        fields = customer.get("extra_contact", {}).get("fields", ())
        return [f"{one['label']}: {one.get('value', '')}" for one in fields] or None
    if column == "alerts":
        return [alert["text"] for alert in customer.get("alerts", ())] or None
    if column == "weight":
        weight = customer.get("weight")
        return f"{weight['value']:g} {weight['unit']}" if weight else None
    return customer.get(member, _DEFAULTS.get(column))


def primary(customer: Shown, part: str) -> Shown:
    """Give the primary one of several parts, such as `phones`; nothing where there are none."""
    return next((one for one in customer.get(part, ()) if one.get("is_primary")), {})


def text(found: Any) -> str:
    """Write a value as text: dates as RFC 3339 has them, decimals with a point, true and false."""
    if found is None:
        return ""
    if isinstance(found, bool):
        return "true" if found else "false"
    if isinstance(found, list):
        return BETWEEN.join(map(text, found))
    return repr(found) if isinstance(found, float) else str(found)


def columns_of(keys: Sequence[str], hidden: frozenset[str]) -> list[str]:
    """Give the usual columns, with those of additional fields; `hidden` members are in none of them."""
    usual = [name for name, column in COLUMNS.items() if column.usual and column.member not in hidden]
    return usual + [CUSTOM + key for key in keys]
