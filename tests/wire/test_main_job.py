"""The main job on a real terminal with a real server: find, see, change, and nothing lost."""

import signal
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing

import pytest

from tests.wire.office import Office
from tests.wire.pty_terminal import PtyTerminal

CUSTOMER = "Miles Quill"
EDIT = ("miles quill", "\r", "2", "e", "\x15Myles Quill", "\r", "\x1bOQ")


@pytest.fixture
def desk_office(shared_office: Office) -> Iterator[Office]:
    """Have the customer that is looked for, and nobody else of that name."""
    yield from with_customer(shared_office)


@pytest.fixture
def mortal_office(own_office: Office) -> Iterator[Office]:
    """The same with a server that may be killed."""
    yield from with_customer(own_office)


def with_customer(office: Office) -> Iterator[Office]:
    phones = [{"number": "+442079460099", "is_primary": True}]
    made = office.new_customer(given_name="Miles", family_name="Quill", phones=phones)
    yield office
    office.rename(made["id"], "Gone Before")


def open_on_list(office: Office) -> PtyTerminal:
    terminal = office.open()
    terminal.wait_for(" customers")
    return terminal


def in_edit(office: Office) -> PtyTerminal:
    """Open the customer's full name for editing."""
    terminal = open_on_list(office)
    terminal.type("miles quill\r2e")
    terminal.wait_for("Enter keep")
    return terminal


def saved(office: Office) -> dict[str, object]:
    customer = office.find("2079460099")
    return {name: customer[name] for name in ("display_name", "version", "given_name", "family_name")}


def until_saved(office: Office) -> dict[str, object]:
    end = time.monotonic() + 15
    while (found := saved(office))["display_name"] == CUSTOMER and time.monotonic() < end:
        time.sleep(0.05)
    return found


@pytest.mark.feature("F1.2")
def test_the_first_frame_stands_before_the_list_in_the_same_places(desk_office: Office) -> None:
    terminal = desk_office.open()
    terminal.wait_for("Starting")
    first = terminal.lines
    assert terminal.cursor == (8, 1)
    terminal.wait_for(" customers")
    assert terminal.lines[0].startswith(first[0])
    assert terminal.lines[1].startswith(first[1])
    assert terminal.cursor == (8, 1)


@pytest.mark.feature("F2.1")
def test_a_script_in_one_write_ends_where_slow_typing_ends(desk_office: Office) -> None:
    at_once = desk_office.open()
    at_once.wait_for("Starting")
    at_once.type("".join(EDIT))
    fast = until_saved(desk_office)
    assert fast["display_name"] == "Myles Quill"
    at_once.type("\x1b")
    at_once.press("f8")
    slowly = open_on_list(desk_office)
    for word in ("myles quill", *EDIT[1:4], "\x15Miles Quill", *EDIT[5:]):
        slowly.type(word)
        slowly.wait_quiet(0.4)
    found = saved(desk_office)
    assert isinstance(fast["version"], int)
    assert found == {**fast, "display_name": CUSTOMER, "version": fast["version"] + 1}


def test_killed_in_mid_edit_the_draft_is_offered_again(desk_office: Office) -> None:
    terminal = in_edit(desk_office)
    terminal.type("\x15Myles Qu")
    terminal.wait_for("1 unsaved")
    time.sleep(1.1)
    terminal.send(signal.SIGKILL)
    terminal.wait_exit()
    again = open_on_list(desk_office)
    again.type("2079460099\r")
    again.wait_for("unsaved changes")
    again.type("2")
    again.wait_for("Myles Qu")
    assert saved(desk_office)["display_name"] == CUSTOMER


@pytest.mark.parametrize(("number", "code"), [(signal.SIGHUP, 129), (signal.SIGTERM, 143)])
def test_a_dropped_line_keeps_what_was_typed_a_moment_ago(
    desk_office: Office, number: signal.Signals, code: int
) -> None:
    terminal = in_edit(desk_office)
    terminal.type("\x15Myles Qu")
    terminal.wait_for("Myles Qu")
    terminal.send(number)
    assert terminal.wait_exit() == code
    assert terminal.attributes == terminal.attributes_at_start
    again = open_on_list(desk_office)
    again.type("2079460099\r")
    again.wait_for("unsaved changes")


@pytest.mark.feature("F11.4")
def test_a_server_that_is_gone_is_said_and_typing_goes_on(mortal_office: Office) -> None:
    terminal = open_on_list(mortal_office)
    mortal_office.kill_server()
    terminal.type("smi")
    terminal.wait_for("offline")
    terminal.type("th")
    terminal.wait_for("Find > smith")
    assert "Traceback" not in terminal.text
    port = int(mortal_office.url.rpartition(":")[2])
    mortal_office.start_server(port)
    terminal.type("\r")
    terminal.wait_for("2 Contact")


@pytest.mark.feature("F11.2")
def test_a_save_with_the_server_gone_waits_and_is_made_once_it_is_back(mortal_office: Office) -> None:
    terminal = in_edit(mortal_office)
    mortal_office.kill_server()
    port = int(mortal_office.url.rpartition(":")[2])
    try:
        terminal.type("\x15Myles Quill\r\x1bOQ")
        terminal.wait_for("1 unsent")
        assert "it is sent once the link is back" in terminal.text
    finally:
        mortal_office.start_server(port)
    terminal.wait_gone("unsent", seconds=30)
    assert saved(mortal_office)["display_name"] == "Myles Quill"


def test_invalid_utf8_typed_into_a_field_is_left_out_and_the_rest_saved(desk_office: Office) -> None:
    terminal = in_edit(desk_office)
    terminal.type(b"\x15My\xff\xfeles \xc3Quill\r\x1bOQ")
    assert until_saved(desk_office)["display_name"] == "Myles Quill"


HOSTILE = ("[b]Bold[/b] Zed", "[/] Zed", "Zed [VIP] (x", "Zed \\[x] $(id) %s {0}")


@pytest.mark.parametrize("name", HOSTILE)
def test_markup_in_a_name_is_shown_as_it_is(desk_office: Office, name: str) -> None:
    desk_office.new_customer(display_name=name)
    terminal = open_on_list(desk_office)
    terminal.type("zed")
    terminal.wait_for(name[:19])
    terminal.press("enter")
    terminal.wait_for(lambda: "2 Contact" in terminal.text and name in terminal.text)
    assert terminal.process.poll() is None


@pytest.mark.feature("F1.1")
def test_control_sequences_in_the_database_never_reach_the_terminal(desk_office: Office) -> None:
    made = desk_office.new_customer(display_name="Yolanda Vex")
    evil = "Yo\x1b]52;c;aGk=\x07la\x1b[?1003h\x9b31mnda\u202e Vex\x1bc\u0007"
    with closing(sqlite3.connect(desk_office.database)) as database, database:
        database.execute("UPDATE customers SET display_name = ? WHERE id = ?", (evil, made["id"]))
    terminal = open_on_list(desk_office)
    before = terminal.byte_count
    terminal.type("yolanda vex")
    terminal.wait_for("Yo]52;c")
    terminal.press("enter")
    terminal.wait_for("2 Contact")
    sent = terminal.received[before:]
    assert b"\x1b]52" not in sent
    assert b"\x1b[?1003h" not in sent
    assert b"\x1bc" not in sent
    assert "\u202e" not in sent.decode()
    assert not set(range(0x80, 0xA0)) & {ord(character) for character in sent.decode()}


def test_resized_to_almost_nothing_and_back_the_list_is_there(desk_office: Office) -> None:
    terminal = open_on_list(desk_office)
    for columns, rows in ((5, 2), (1, 1), (39, 9), (160, 50), (80, 24)):
        terminal.resize(columns, rows)
        time.sleep(0.2)
    terminal.type("miles quill")
    terminal.wait_for(CUSTOMER)
    assert terminal.process.poll() is None


def test_without_a_session_it_asks_for_one_and_signs_in(desk_office: Office) -> None:
    terminal = desk_office.open(environment={"XDG_STATE_HOME": str(desk_office.folder / "elsewhere")})
    terminal.wait_for("Sign-in name")
    terminal.type(desk_office.url + "\tjoe\ta few words in a row\r")
    terminal.wait_for(" customers")
