"""A walk through terminals: what each environment gets, and what it never gets."""

import re

import pytest

from tests.wire.office import Office

_SGR = re.compile(rb"\x1b\[([0-9;]*)m")
_RGB = re.compile(rb"[34]8;2;")


def colours_sent(received: bytes) -> set[int]:
    """Give the SGR parameters that set a colour; 39 and 49 only give the terminal's own back."""
    numbers = {int(number) for found in _SGR.findall(received) for number in found.split(b";") if number}
    return {number for number in numbers if 30 <= number <= 38 or 40 <= number <= 48 or number >= 90}


def walked(office: Office, environment: dict[str, str]) -> bytes:
    """Open the application, find a customer, open the palette and the profile; give all that was sent."""
    terminal = office.open(environment=environment)
    terminal.wait_for("customers")
    terminal.type("\x1b[20~")
    terminal.wait_for("narrow")
    terminal.type("\x1b")
    terminal.wait_gone("narrow")
    terminal.type("\r")
    terminal.wait_for("2 Contact")
    terminal.wait_quiet()
    return bytes(terminal.received)


@pytest.mark.parametrize("name", ["xterm-256color", "linux"])
def test_no_color_means_no_colour_whatever_the_terminal(shared_office: Office, name: str) -> None:
    sent = walked(shared_office, {"TERM": name, "NO_COLOR": "1", "COLORTERM": "truecolor"})
    assert colours_sent(sent) == set()


@pytest.mark.parametrize("name", ["linux", "xterm", "screen"])
def test_a_terminal_of_few_colours_is_sent_only_its_own(shared_office: Office, name: str) -> None:
    sent = walked(shared_office, {"TERM": name, "COLORTERM": ""})
    assert not _RGB.search(sent)
    assert colours_sent(sent) <= {*range(30, 38), *range(90, 98)}


def test_256_colours_are_asked_for_by_number(shared_office: Office) -> None:
    sent = walked(shared_office, {"TERM": "xterm-256color", "COLORTERM": ""})
    assert not _RGB.search(sent)
    assert 38 in colours_sent(sent)


def test_true_colour_is_used_where_it_is_promised(shared_office: Office) -> None:
    assert _RGB.search(walked(shared_office, {"TERM": "xterm-256color", "COLORTERM": "truecolor"}))


@pytest.mark.parametrize(
    "locale",
    [{"LC_ALL": "C", "LANG": "C"}, {"LC_ALL": "de_DE.ISO-8859-1"}, {"LANG": "de_DE.ISO-8859-1"}],
)
def test_a_locale_without_utf8_gets_ascii_alone(shared_office: Office, locale: dict[str, str]) -> None:
    sent = walked(shared_office, locale)
    assert all(byte < 0x80 for byte in sent)


def test_the_console_is_sent_no_links_and_xterm_is(shared_office: Office) -> None:
    # The customer changed last is the first of the list, and the one that is opened.
    shared_office.new_customer(display_name="Dial Me", phones=[{"number": "+442079460958"}])
    assert b"\x1b]8;" not in walked(shared_office, {"TERM": "linux"})
    assert b"\x1b]8;;tel:+" in walked(shared_office, {"TERM": "xterm-256color"})
