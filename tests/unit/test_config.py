"""The configuration file: the person's over the office's, every mistake told with file and nearest key."""

import json
from dataclasses import fields
from pathlib import Path

import pytest

from tui.services.config import Config, load_config, schema


def written(path: Path, text: str) -> Path:
    path.write_text(text, "utf-8")
    return path


def test_what_the_person_says_goes_before_what_the_office_says(tmp_path: Path) -> None:
    office = written(
        tmp_path / "office.toml", 'server = "https://desk.example.org"\n[keys]\npreset = "vim"\nquit = "f8"\n'
    )
    own = written(tmp_path / "own.toml", 'theme = "light"\n[keys]\nquit = "f12"\n')
    config = load_config([office, own, tmp_path / "none.toml"]).config
    assert (config.server, config.theme, config.keys.preset) == ("https://desk.example.org", "light", "vim")
    assert config.keys.own == {"quit": "f12"}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('thme = "light"\n', "thme is not known. Did you mean theme?"),
        ('read_only = "perhaps"\n', "read_only: "),
        ('driver = "curses"\n', "driver: "),
        ("theme = \n", "is not TOML"),
    ],
)
def test_a_mistake_is_told_with_its_file_and_the_rest_still_holds(
    tmp_path: Path, text: str, sentence: str
) -> None:
    good = written(tmp_path / "good.toml", 'user = "anna"\n')
    bad = written(tmp_path / "bad.toml", text)
    loaded = load_config([good, bad])
    assert loaded.config.user == "anna"
    assert len(loaded.problems) == 1
    assert "bad.toml" in loaded.problems[0]
    assert sentence in loaded.problems[0]


def test_a_profile_goes_before_both_and_every_value_says_where_it_is_from(tmp_path: Path) -> None:
    office = written(tmp_path / "office.toml", 'server = "https://desk.example.org"\ntheme = "light"\n')
    own = written(
        tmp_path / "own.toml",
        'user = "anna"\nprofile = "home"\n[profiles.home]\ntheme = "dark"\n'
        "[profiles.fair]\nread_only = true\n",
    )
    home = load_config([office, own])
    assert (home.config.server, home.config.theme, home.config.read_only) == (
        "https://desk.example.org",
        "dark",
        False,
    )
    assert home.origins["server"] == str(office)
    assert home.origins["user"] == str(own)
    assert home.origins["theme"] == f"{own} [profiles.home]"
    assert home.profiles == ("fair", "home")
    fair = load_config([office, own], "fair").config
    assert (fair.theme, fair.read_only) == ("light", True)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[profiles.home]\nthme = 'x'\n", "thme is not known. Did you mean theme?"),
        ("[profiles.home]\nprofile = 'x'\n", "belongs above the profiles"),
        ("profile = 'hme'\n[profiles.home]\n", "There is no profile hme. Did you mean home?"),
        ("profiles = 3\n", "Each profile must be a table"),
    ],
)
def test_mistakes_about_profiles_are_told(tmp_path: Path, text: str, sentence: str) -> None:
    (problem,) = load_config([written(tmp_path / "own.toml", text)]).problems
    assert sentence in problem


@pytest.mark.feature("F12.2")
@pytest.mark.parametrize(("written_as", "seconds"), [("5", 300), ("0.5", 30), ("0", 0), ('"never"', 0)])
def test_the_screen_locks_after_minutes_or_never(tmp_path: Path, written_as: str, seconds: float) -> None:
    found = load_config([written(tmp_path / "own.toml", f"lock_after = {written_as}\n")])
    assert found.problems == ()
    assert found.config.lock_seconds == seconds
    assert Config().lock_seconds == 900


@pytest.mark.parametrize("wrong", ["-1", "true", "nan", "inf", '"soon"', "1441", "[3]"])
def test_a_time_that_is_none_is_told(tmp_path: Path, wrong: str) -> None:
    found = load_config([written(tmp_path / "own.toml", f"lock_after = {wrong}\n")])
    assert "minutes, from 0 to 1440" in found.problems[0]
    assert found.config.lock_seconds == 900


@pytest.mark.feature("F11.5")
def test_use_of_the_link_is_one_of_three(tmp_path: Path) -> None:
    assert Config().frugal == "auto"
    assert load_config([written(tmp_path / "own.toml", 'frugal = "on"\n')]).config.frugal == "on"
    (problem,) = load_config([written(tmp_path / "own.toml", "frugal = true\n")]).problems
    assert "frugal: This must be one of: auto, on, off." in problem


def test_the_schema_describes_every_key_and_is_the_one_in_the_docs() -> None:
    described = schema()["properties"]
    assert set(described) == {one.name for one in fields(Config)} | {"profiles"}
    assert all(part["description"] for part in described.values())
    kept = Path(__file__).parents[2] / "docs" / "config.schema.json"
    assert json.loads(kept.read_text("utf-8")) == schema(), "keeptabs config schema > docs/config.schema.json"


def test_the_manual_names_every_key() -> None:
    manual = (Path(__file__).parents[2] / "docs" / "manual.md").read_text("utf-8")
    assert not [one.name for one in fields(Config) if f"{one.name} =" not in manual and one.name != "keys"]
