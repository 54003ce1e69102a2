"""Rows of styled text: what everything on the screen is said in before it is drawn."""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from tui.text import fit, one_line, width_of

ROLES: Final = ("text", "muted", "label", "title", "accent", "good", "warn", "bad", "match", "dirty", "key")
"""What a piece of text is; a theme says how that looks."""

ROLE_CLASSES: Final = frozenset(f"line--{role}" for role in ROLES)
"""Component classes of every screen: matched once for all that is drawn on it, not for each widget."""

MARKER: Final = "▸"


@dataclass(frozen=True, slots=True)
class Span:
    """Text with the role it plays."""

    text: str
    role: str = "text"
    link: str = ""
    """Where the text leads, such as `tel:+442079460958`; shown as a hyperlink where the terminal has them."""


def link_to(scheme: str, target: str) -> str:
    """Give a link that holds nothing but what a URL may hold (RFC 3986), whatever the data says."""
    return f"{scheme}:{quote(target, safe='@+')}" if target else ""


@dataclass(frozen=True, slots=True)
class Row:
    """One line. With a `key` it can be chosen; without, the marker passes over it."""

    spans: tuple[Span, ...] = ()
    key: Hashable = None


def row(*spans: Span | str, key: Hashable = None) -> Row:
    """Make a row of spans; a plain string is ordinary text."""
    return Row(tuple(Span(span) if isinstance(span, str) else span for span in spans), key)


def edges(left: Iterable[Span], right: Iterable[Span], width: int) -> Row:
    """Make a row with `left` and `right` at its edges; where both do not fit, left is cut."""
    ends = tuple(right)
    room = width - sum(width_of(one_line(span.text)) for span in ends)
    return Row((*within(left, room), *ends))


def within(spans: Iterable[Span], width: int) -> tuple[Span, ...]:
    """Give the spans in exactly `width` cells: the last that has room is cut, the rest is blank."""
    fitted: list[Span] = []
    for span in spans:
        taken = width_of(one_line(span.text))
        if taken > width:
            if width > 0:
                fitted.append(Span(fit(span.text, width), span.role, span.link))
            width = 0
            break
        fitted.append(span)
        width -= taken
    if width > 0:
        fitted.append(Span(" " * width))
    return tuple(fitted)
