"""Exact decimals that are no money, such as rates and quantities, as a locale writes them."""

from client.models.exact import Exact
from tui.forms.locales import locale_of
from tui.forms.numbers import read_number


def shown_exact(value: str, identifier: str, unit: str = "") -> str:
    """Give an exact decimal with the decimal mark of the locale, its unit behind it: `7,25 %`."""
    mark = locale_of(identifier).number_symbols["latn"]["decimal"]
    return f"{value.replace('.', mark)}{' ' if unit else ''}{unit}"


def read_exact(kind: Exact, text: str, identifier: str) -> str:
    """Give the exact decimal that was typed, with or without its unit. Raises `Refused`."""
    bare = text.strip()
    if kind.unit:
        bare = bare.removesuffix(kind.unit).strip()
    return kind.check(f"{read_number(bare, identifier)[0]:f}")
