"""The configuration file: the person's over the office's, every mistake told with file and nearest key."""

from pathlib import Path

import pytest

from tui.services.config import load_config


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
