"""Keys of one's own: names and keys checked, clashes told, nothing dropped in silence."""

import pytest

from tui.commands import everywhere, profile
from tui.keymaps.keymap import DISABLED, Known, normal_key, resolve
from tui.keymaps.presets import PRESETS
from tui.keymaps.registry import known_commands, places
from tui.widgets.footer import key_name

KNOWN = {
    command.name(): Known(command.name(), command.title(), command.keys)
    for command in (profile.WriteNote, profile.SetStatus, everywhere.ShowHelp)
}
PLACES = [["write_note", "set_status", "show_help"]]


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("Ctrl+S", "ctrl+s"),
        ("?", "question_mark"),
        ("F9", "f9"),
        ("/", "slash"),
        ("G", "G"),
        ("shift+Tab", "shift+tab"),
        ("*", "asterisk"),
        ("-", "minus"),
        ("full_stop", "full_stop"),
        ("hyper+x", ""),
        ("nonsense", ""),
        ("", ""),
    ],
)
def test_keys_are_read_as_people_write_them(written: str, key: str) -> None:
    assert normal_key(written) == key


@pytest.mark.parametrize("key", ["?", "/", "*", "-", "+", "@", "_", ".", "<", "Ctrl+S", "F9", "Esc", "Tab"])
def test_keys_are_shown_as_people_write_them(key: str) -> None:
    assert key_name(normal_key(key)) == key


def test_a_key_of_ones_own_takes_the_place_of_the_declared_one() -> None:
    keymap = resolve("default", {"write_note": "N, F5"}, KNOWN, PLACES)
    assert keymap.keys == {"write_note": "N,f5"}
    assert keymap.problems == ()


def test_disabled_takes_the_key_away_and_frees_it() -> None:
    keymap = resolve("default", {"set_status": "disabled", "write_note": "s"}, KNOWN, PLACES)
    assert keymap.keys == {"set_status": DISABLED, "write_note": "s"}
    assert keymap.problems == ()


@pytest.mark.parametrize(
    ("own", "sentence"),
    [
        ({"write_nota": "x"}, "Did you mean write_note?"),
        ({"write_note": "ctlr+x"}, "is no key"),
        ({"write_note": "s"}, "already the key of set_status (Set the status)"),
        ({"write_note": "f1"}, "already the key of show_help"),
    ],
)
def test_what_cannot_be_is_told_by_name_and_left_out(own: dict[str, str], sentence: str) -> None:
    keymap = resolve("default", own, KNOWN, PLACES)
    assert keymap.keys == {}
    assert len(keymap.problems) == 1
    assert sentence in keymap.problems[0]


@pytest.mark.parametrize(
    "own",
    [
        {"write_note": "s", "set_status": "n"},
        {"set_status": "n", "write_note": "s"},
        {"show_help": "n", "write_note": "s", "set_status": "f1"},
    ],
)
def test_commands_may_swap_their_keys_in_whatever_order_they_are_written(own: dict[str, str]) -> None:
    keymap = resolve("default", own, KNOWN, PLACES)
    assert keymap.keys == own
    assert keymap.problems == ()


def test_of_two_that_want_the_same_key_the_first_has_it() -> None:
    keymap = resolve("default", {"set_status": "x", "write_note": "x"}, KNOWN, PLACES)
    assert keymap.keys == {"set_status": "x"}
    assert "already the key of set_status" in keymap.problems[0]


def test_a_key_that_is_not_given_up_after_all_is_not_taken() -> None:
    own = {"write_note": "s", "set_status": "ctlr+x"}
    keymap = resolve("default", own, KNOWN, PLACES)
    assert keymap.keys == {}
    told = [problem.partition(":")[0] for problem in keymap.problems]
    assert told == ["keys.write_note", "keys.set_status"]


def test_an_unknown_preset_is_told_with_the_nearest() -> None:
    assert "Did you mean vim?" in resolve("vi", {}, KNOWN, PLACES).problems[0]


@pytest.mark.parametrize("preset", PRESETS)
def test_every_preset_names_commands_that_are_there_and_clashes_with_nothing(preset: str) -> None:
    known = known_commands()
    assert PRESETS[preset].keys() <= known.keys()
    assert resolve("default", PRESETS[preset], known, places()).problems == ()


def test_no_command_has_only_keys_that_multiplexers_take() -> None:
    taken = {
        "ctrl+a",
        "ctrl+b",
        "ctrl+q",
        "ctrl+space",
        "ctrl+s",
        "ctrl+g",
        "ctrl+n",
        "ctrl+o",
        "ctrl+p",
        "ctrl+t",
    }
    for command in known_commands().values():
        keys = {*command.keys.split(",")} - {""}
        assert not keys or keys - taken, command.name
        assert not any(key.startswith("alt+") for key in keys), command.name
