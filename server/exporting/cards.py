"""Cards for address books: vCard 4.0 (RFC 6350)."""

import re
from collections.abc import Container, Iterator
from typing import Any, Final

from server.exporting.cells import Shown

_TEL: Final = {"mobile": "cell", "home": "home", "work": "work", "fax": "fax"}
_PLACES: Final = {"home": "home", "work": "work"}
_GENDERS: Final = {"female": "F", "male": "M", "other": "O", "undisclosed": "U"}
_ESCAPED: Final = str.maketrans({"\\": "\\\\", ",": "\\,", ";": "\\;", "\n": "\\n", "\r": ""})
_UUID: Final = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)
_LINE: Final = 75
"""Octets of a line without its end (section 3.2)."""


def card(customer: Shown, columns: Container[str]) -> str:
    """Give the card of a customer; properties whose column is not there are left out."""
    lines = ["BEGIN:VCARD", "VERSION:4.0", *_properties(customer, columns), "END:VCARD"]
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _properties(customer: Shown, columns: Container[str]) -> Iterator[str]:
    yield f"FN:{_escaped(customer['display_name'])}"  # a card without one is none
    if customer.get("type") == "organization":
        yield "KIND:org"
    names = [
        customer.get(name, "") if name in columns else ""
        for name in ("family_name", "given_name", "middle_name")
    ]
    if any(names):
        yield f"N:{_structured([*names, '', ''])}"
    if "company_name" in columns and customer.get("company_name"):
        yield f"ORG:{_escaped(customer['company_name'])}"
    yield from _phones(customer, columns)
    for email in _wanted(customer, columns, "emails", "email", "other_emails"):
        yield f"EMAIL{_parameters(email, _PLACES)}:{_escaped(email['address'])}"
    yield from _addresses(customer, columns)
    yield from _facts(customer, columns)


def _phones(customer: Shown, columns: Container[str]) -> Iterator[str]:
    for phone in _wanted(customer, columns, "phones", "phone", "other_phones"):
        extension = re.sub("[^0-9A-Za-z*#-]", "", phone.get("extension", ""))
        uri = f"tel:{phone['number']}" + (f";ext={extension}" if extension else "")
        yield f"TEL;VALUE=uri{_parameters({'type': 'mobile'} | phone, _TEL)}:{uri}"


_PARTS: Final = ("city", "region", "postal_code", "country")


def _addresses(customer: Shown, columns: Container[str]) -> Iterator[str]:
    if not any(name in columns for name in ("line1", "line2", *_PARTS)):
        return
    for address in customer.get("addresses", ()):
        street = ",".join(
            _escaped(address[name]) for name in ("line1", "line2") if name in columns and address.get(name)
        )
        rest = ";".join(_escaped(address.get(name, "") if name in columns else "") for name in _PARTS)
        yield f"ADR{_parameters({'type': 'home'} | address, _PLACES)}:;;{street};{rest}"


def _facts(customer: Shown, columns: Container[str]) -> Iterator[str]:
    if "born_on" in columns and customer.get("born_on"):
        yield f"BDAY:{customer['born_on'].replace('-', '')}"
    if "gender" in columns and customer.get("gender") in _GENDERS:
        yield f"GENDER:{_GENDERS[customer['gender']]}"
    if "language" in columns and customer.get("language"):
        yield f"LANG:{_escaped(customer['language'])}"
    if "time_zone" in columns and customer.get("time_zone"):
        yield f"TZ:{_escaped(customer['time_zone'])}"
    if "labels" in columns and customer.get("labels"):
        yield f"CATEGORIES:{','.join(map(_escaped, customer['labels']))}"
    if "updated_at" in columns:
        yield f"REV:{re.sub('[-:]|[.][0-9]+', '', customer['updated_at'])}"
    if _UUID.fullmatch(customer["id"]):
        yield f"UID:urn:uuid:{customer['id']}"
    else:
        yield f"UID;VALUE=text:{_escaped(customer['id'])}"


def _wanted(
    customer: Shown, columns: Container[str], part: str, first: str, others: str
) -> Iterator[dict[str, Any]]:
    for one in customer.get(part, ()):
        if (first if one.get("is_primary") else others) in columns:
            yield one


def _parameters(part: Shown, types: dict[str, str]) -> str:
    """Give type and preference; only words of the standard, never text of somebody's."""
    known = types.get(part.get("type", "home"))
    return (f";TYPE={known}" if known else "") + (";PREF=1" if part.get("is_primary") else "")


def _escaped(text: str) -> str:
    return text.replace("\r\n", "\n").translate(_ESCAPED)


def _structured(components: list[str]) -> str:
    return ";".join(map(_escaped, components))


def _folded(line: str) -> str:
    """Break a line after 75 octets at most, never within a character; what goes on begins with a blank."""
    octets = line.encode()
    if len(octets) <= _LINE:
        return line
    parts: list[str] = []
    room = _LINE
    while octets:
        end = min(room, len(octets))
        while end < len(octets) and octets[end] & 0xC0 == 0x80:
            end -= 1
        parts.append(octets[:end].decode())
        octets, room = octets[end:], _LINE - 1
    return "\r\n ".join(parts)
