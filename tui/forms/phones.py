"""Telephone numbers as people type and write them, and as they are stored (E.164).

phonenumbers is imported inside the functions: it is not needed for the first frame.
"""

from functools import lru_cache
from typing import TYPE_CHECKING

from client.models.kinds import Refused

if TYPE_CHECKING:
    from phonenumbers import PhoneNumber


@lru_cache(maxsize=4096)
def shown_phone(value: str, country: str) -> str:
    """Give an E.164 number as people write it: national in `country`, international elsewhere.

    What no numbering plan knows is shown as it stands, and a form that would be read as another number is
    never given.
    """
    import phonenumbers
    from phonenumbers import PhoneNumberFormat

    try:
        number = phonenumbers.parse(value, None)
    except phonenumbers.NumberParseException:
        return value
    at_home = bool(country) and number.country_code == phonenumbers.country_code_for_region(country)
    for form in (PhoneNumberFormat.NATIONAL,) * at_home + (PhoneNumberFormat.INTERNATIONAL,):
        written = phonenumbers.format_number(number, form)
        if _e164(written, country) == value:
            return written
    return value


def read_phone(text: str, country: str) -> str:
    """Give the E.164 form of a number typed in any way; without a country code it belongs to `country`.

    Raises `Refused`, also for a number with an extension, which would be lost.
    """
    import phonenumbers
    from phonenumbers import ValidationResult

    number = _parsed(text.strip(), country)
    if number is None:
        raise Refused("not_a_phone", f"This is not a phone number, such as {example_phone(country)}.")
    if number.extension:
        raise Refused("has_extension", f"The extension {number.extension} has a field of its own.")
    possible = phonenumbers.is_possible_number_with_reason(number)
    if possible == ValidationResult.IS_POSSIBLE_LOCAL_ONLY:
        if text.strip().startswith("+"):
            raise Refused("not_a_phone", "There are too few digits behind the country code.")
        raise Refused("not_a_phone", f"The area code is missing; write it like {example_phone(country)}.")
    if possible != ValidationResult.IS_POSSIBLE:
        raise Refused(
            "not_a_phone", f"This has too few or too many digits; write it like {example_phone(country)}."
        )
    read = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    # Of a number that begins with zeros, some fall away at each reading: what is stored must read as itself.
    again = _e164(read, country)
    return read if again == read else read_phone(again, country)


@lru_cache
def example_phone(country: str) -> str:
    """Give a number as it is written in `country`."""
    import phonenumbers

    number = phonenumbers.example_number(country) if country else None
    if number is None:
        return "+44 20 7946 0958"
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)


def _e164(written: str, country: str) -> str:
    import phonenumbers

    number = _parsed(written, country)
    return "" if number is None else phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _parsed(text: str, country: str) -> "PhoneNumber | None":
    import phonenumbers

    # 00 is how most of the world dials +; a country with another prefix reads it so itself, first.
    for attempt in (text, f"+{text[2:]}") if text.startswith("00") else (text,):
        try:
            number = phonenumbers.parse(attempt, country or None)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_possible_number(number) or attempt != text or not text.startswith("00"):
            return number
    return None
