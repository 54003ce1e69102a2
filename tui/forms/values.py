"""One field's JSON value as a person sees it, types it, and reads it back: one rule for each kind."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from client.fold import fold
from client.models.exact import Exact
from client.models.kinds import (
    COUNTRY,
    LANGUAGE,
    Choice,
    Day,
    EmailAddress,
    Kind,
    Moment,
    Number,
    Phone,
    Reference,
    Refused,
    Several,
)
from client.models.money import Money, Price
from client.models.volume import Volume
from tui.forms.exacts import read_exact, shown_exact
from tui.forms.fields import Control, FormField
from tui.forms.formats import Formats
from tui.forms.volumes import read_volume, shown_volume, volume_to_edit
from tui.text import cut

Names = Mapping[str, Mapping[str, str]]
"""Names of records by collection and id."""

_LONGEST_LABEL = 20


def shown(field: FormField, value: Any, formats: Formats, names: Names) -> str:
    """Give the value as the form shows it; empty where there is none. One of a wrong shape is shown as is."""
    if value is None or value == "" or value == []:
        return ""
    if field.secret:
        return masked(str(value))
    if field.control is Control.YES_NO:
        return formats.yes_no(value)
    if isinstance(value, list):
        return ", ".join(str(item) for item in value) if field.item_model is None else str(len(value))
    if field.base_type is Money and isinstance(value, Mapping):
        return formats.money(str(value.get("amount", "")), str(value.get("currency", "")))
    if isinstance(field.kind, Reference):
        known = names.get(field.kind.collection)
        return "…" if known is None else known.get(str(value), "no longer there")
    if isinstance(field.kind, Choice):
        return choice_label(field.kind, str(value))
    if isinstance(value, str) and field.base_type in (date, datetime):
        return _shown_time(field, value, formats)
    if isinstance(field.kind, Volume) and isinstance(value, int):
        return shown_volume(value, formats.numbers)
    if isinstance(field.kind, Number) and not isinstance(value, str):
        unit = field.kind.unit.removesuffix("s") if value == 1 else field.kind.unit
        return f"{formats.number(value)}{' ' if unit[:1].isalpha() else ''}{unit}"
    if field.kind == LANGUAGE:
        return formats.language_name(str(value))
    if isinstance(field.kind, Exact):
        return shown_exact(str(value), formats.numbers, field.kind.unit)
    return to_edit(field, value, formats)


def masked(text: str) -> str:
    """Give what stands on the screen for a password."""
    return "*" * len(text)


def to_edit(field: FormField, value: Any, formats: Formats) -> str:
    """Give the value as text to type over: what `read` takes back unchanged."""
    if value is None:
        return ""
    if isinstance(value, list):
        return ", ".join(str(item) for item in value)
    if isinstance(value, bool):
        return formats.yes_no(value)
    if isinstance(field.kind, Volume) and isinstance(value, int):
        return volume_to_edit(value, formats.numbers)
    if isinstance(value, int | float):
        return formats.number_to_edit(value)
    if field.base_type is Money and isinstance(value, Mapping):
        return formats.money_to_edit(str(value.get("amount", "")), str(value.get("currency", "")))
    if isinstance(field.kind, Phone):
        return formats.phone(str(value))
    if isinstance(field.kind, Exact):
        return shown_exact(str(value), formats.numbers)
    if field.kind == COUNTRY:
        return formats.country_name(str(value))
    if field.base_type is date:
        try:
            return formats.day_to_edit(date.fromisoformat(value))
        except ValueError:
            return str(value)
    if field.base_type is datetime:
        try:
            return formats.moment_to_edit(datetime.fromisoformat(value))
        except ValueError:
            return str(value)
    return str(value)


def read(field: FormField, text: str, formats: Formats) -> Any:
    """Give the JSON value of what was typed. Raises `Refused`, with a sentence that stands at the field."""
    if not text.strip():
        if field.required:
            raise Refused("blank", "This cannot be empty.")
        return field.initial if field.base_type in (str, list, bool) else None
    kind = field.kind
    if isinstance(kind, Volume):
        return kind.check(read_volume(text, formats.numbers))
    if isinstance(kind, Exact):
        return read_exact(kind, text, formats.numbers)
    if isinstance(kind, Number):
        return _read_number(kind, text, field.base_type is int, formats)
    if isinstance(kind, Day):
        return kind.check(formats.read_day(text, past=kind.past)).isoformat()
    if isinstance(kind, Moment):
        return kind.check(formats.read_moment(text)).isoformat()
    if isinstance(kind, Price):
        return kind.check(formats.read_money(text)).to_json()
    if field.control is Control.YES_NO:
        return formats.read_yes_no(text)
    if isinstance(kind, Several):
        return kind.check(split(kind.item, text))
    if isinstance(kind, Choice):
        return _read_choice(kind, text)
    if isinstance(kind, Phone):
        text = formats.read_phone(text)
    elif kind == COUNTRY:
        text = formats.read_country(text)
    elif kind == LANGUAGE:
        text = formats.read_language(text)
    return text if kind is None else kind.check(text)


def read_each(field: FormField, text: str, formats: Formats, *, several: bool) -> list[Any]:
    """Give what was typed as one value, or as several where they are allowed. Raises `Refused`."""
    pieces = split(field.kind, text) if several else []
    if len(pieces) < 2:
        return [read(field, text if not pieces else pieces[0], formats)]
    found = []
    for piece in pieces:
        try:
            found.append(read(field, piece, formats))
        except Refused as refused:
            raise Refused(refused.code, f"{cut(piece, 40)}: {refused.sentence}") from None
    return found


def hint(field: FormField, formats: Formats) -> str:
    """Give one line that helps to fill in the field: its meaning, and how a value looks."""
    example = ""
    if isinstance(field.kind, Day):
        example = f"Such as {formats.day_to_edit(date(1985, 3, 12))}, 12 Mar 1985 or 120385."
    elif isinstance(field.kind, Moment):
        example = f"Such as {formats.day_to_edit(date(2027, 3, 12))} 14:30, tomorrow 9:00 or 2pm."
    elif isinstance(field.kind, Price):
        example = f"Such as {formats.money_to_edit('1234.50', formats.currency)}; another currency behind it."
    elif isinstance(field.kind, Volume):
        example = "Such as 200 GB, 500 MB or 1.5 TB; a number alone is of gigabytes."
    elif isinstance(field.kind, Phone):
        example = f"Such as {formats.phone_example}; from abroad with + and the country code."
    elif field.kind == COUNTRY:
        example = "A name or a two-letter code."
    elif field.kind == LANGUAGE:
        example = "A name or a tag such as pt-BR."
    elif field.control is Control.WORDS:
        example = "Put commas between them."
    return " ".join(part for part in (field.help, example) if part)


def split(kind: Kind | None, text: str) -> list[str]:
    """Give the pieces of a list that was pasted: parted by commas, semicolons or line ends.

    E-mail addresses may come as mail programs write them, `"Smith, Joanna" <joanna@example.org>`, or with
    only blanks between them.
    """
    if isinstance(kind, EmailAddress):
        text = re.sub(r'"[^"]*"\s*(?=<)', "", text)
    pieces = [piece.strip() for piece in re.split(r"[,;\n\t]", text)]
    if isinstance(kind, EmailAddress):
        pieces = [found[1] if (found := re.search(r"<([^<>]+)>", piece)) else piece for piece in pieces]
        pieces = [
            part
            for piece in pieces
            for part in (piece.split() if all("@" in word for word in piece.split()) else [piece])
        ]
    return [piece.strip() for piece in pieces if piece.strip()]


def choice_label(kind: Choice, value: str) -> str:
    """Give the word of a choice as people read it: its meaning where that is short, else the word itself."""
    if value in kind.options and (value == "" or _meanings_are_labels(kind)):
        return kind.options[value]
    return Formats.word(value)


def choice_meaning(kind: Choice, value: str) -> str:
    """Give what a choice means, unless its label says so already."""
    meaning = kind.options.get(value, "")
    return "" if meaning == choice_label(kind, value) else meaning


def _meanings_are_labels(kind: Choice) -> bool:
    return all(len(meaning) <= _LONGEST_LABEL for meaning in kind.options.values())


def _shown_time(field: FormField, value: str, formats: Formats) -> str:
    try:
        if field.base_type is datetime:
            return formats.moment(datetime.fromisoformat(value))
        day = date.fromisoformat(value)
    except ValueError:
        return value
    age = isinstance(field.kind, Day) and field.kind.birth
    return f"{formats.day(day)} · {formats.age(day)}" if age else formats.day(day)


def _read_number(kind: Number, text: str, whole: bool, formats: Formats) -> int | float:
    bare = text.strip().removesuffix(kind.unit) if kind.unit else text
    refused = Refused("not_a_number", "This must be a whole number.")
    readings = formats.read_number(bare)
    # Coordinates are copied from maps, which write a point whatever the locale parts thousands with; any
    # other number out of bounds is a mistake, and reading it otherwise would hide that.
    for reading in readings if kind.unit == "°" else readings[:1]:
        if whole and reading != reading.to_integral_value():
            continue
        try:
            number = kind.check(float(reading))
        except Refused as out_of_range:
            refused = out_of_range
            continue
        return int(number) if whole else number
    raise refused


def _read_choice(kind: Choice, text: str) -> str:
    wanted = fold(text.strip())
    labels = {option: fold(choice_label(kind, option)) for option in kind.options}
    exact = [option for option, label in labels.items() if wanted in (option, label)]
    begun = [option for option, label in labels.items() if label.startswith(wanted)]
    found = exact or begun
    if len(found) == 1:
        return found[0]
    known = ", ".join(choice_label(kind, option) for option in kind.options)
    raise Refused("not_an_option", f"This must be one of: {known}.")
