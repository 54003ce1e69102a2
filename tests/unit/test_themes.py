"""Themes: read, completed, refused in sentences, readable at every depth of colour."""

from pathlib import Path

import pytest
from textual.color import Color

from tui.theming.contrast import contrast, measure, nearest_of_256
from tui.theming.files import ROLES, find_themes
from tui.theming.for_textual import as_textual

SHIPPED = find_themes().themes
NAMES = sorted(SHIPPED)


def written(folder: Path, text: str, name: str = "mine") -> Path:
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.toml").write_text(text, "utf-8")
    return folder


def test_every_theme_that_the_design_asks_for_is_shipped() -> None:
    assert {
        "dark",
        "light",
        "high-contrast-dark",
        "high-contrast-light",
        "blue-orange-dark",
        "blue-orange-light",
        "ansi-dark",
        "ansi-light",
        "mono",
        "green-screen",
    } <= SHIPPED.keys()


@pytest.mark.parametrize("name", NAMES)
def test_every_role_of_every_shipped_theme_can_be_read_at_every_depth_of_colour(name: str) -> None:
    assert [each for each in measure(SHIPPED[name]) if not each.enough] == []


@pytest.mark.parametrize("name", ["high-contrast-dark", "high-contrast-light"])
def test_high_contrast_means_seven_to_one(name: str) -> None:
    assert min(each.ratio for each in measure(SHIPPED[name]) if each.role != "border") >= 7


def test_without_colour_every_role_that_warns_is_still_set_apart() -> None:
    styles = SHIPPED["mono"].styles
    assert all(
        styles.get(role, "none") != "none" for role in ("title", "warn", "bad", "match", "dirty", "key")
    )


def test_contrast_is_computed_as_the_standard_says() -> None:
    assert contrast((0, 0, 0), (255, 255, 255)) == pytest.approx(21)
    assert contrast((0x77, 0x77, 0x77), (255, 255, 255)) == pytest.approx(4.48, abs=0.01)


def test_colours_of_256_are_the_nearest_of_cube_and_greys() -> None:
    assert nearest_of_256((0x5F, 0x87, 0xAF)) == (0x5F, 0x87, 0xAF)
    assert nearest_of_256((0x12, 0x12, 0x13)) == (0x12, 0x12, 0x12)


def test_a_theme_that_extends_another_says_only_what_differs(tmp_path: Path) -> None:
    text = 'name = "mine"\nextends = "dark"\n[colors]\naccent = "#ffffff"\n[styles]\naccent = "underline"\n'
    found = find_themes([written(tmp_path / "themes", text)])
    mine, dark = found.themes["mine"], found.themes["dark"]
    assert found.problems == ()
    assert mine.colors["accent"] == "#ffffff"
    assert mine.styles["accent"] == "underline"
    assert {role: mine.colors[role] for role in ROLES if role != "accent"} == {
        role: dark.colors[role] for role in ROLES if role != "accent"
    }


def test_the_office_s_theme_is_replaced_by_the_person_s_own_of_the_same_file(tmp_path: Path) -> None:
    office = written(tmp_path / "office", 'name = "mine"\ntitle = "Office"\nextends = "dark"\n')
    own = written(tmp_path / "own", 'name = "mine"\ntitle = "Own"\nextends = "light"\n')
    assert find_themes([office, own]).themes["mine"].title == "Own"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("name = ", "is not TOML"),
        ('name = "mine"\nextends = "drak"\n', "Did you mean dark?"),
        ('name = "mine"\nextends = "dark"\n[colors]\nacent = "#ffffff"\n', "Did you mean accent?"),
        ('name = "mine"\nextends = "dark"\n[colors]\naccent = "blue"\n', "write it as #rrggbb"),
        ('name = "mine"\nextends = "dark"\n[colors]\naccent = "ansi_blue"\n', "needs ansi = true"),
        ('name = "mine"\nextends = "dark"\n[styles]\naccent = "blink"\n', "is no style"),
        ('name = "mine"\nextends = "mine"\n', "in a circle"),
        ('name = "mine"\n', "lacks background"),
        ('name = "My Theme"\nextends = "dark"\n', "lower-case letters"),
        ('name = "mine"\nextends = "dark"\ndark = "yes"\n', "must be true or false"),
    ],
)
def test_a_bad_theme_is_refused_with_its_file_and_key_and_the_others_still_work(
    tmp_path: Path, text: str, sentence: str
) -> None:
    found = find_themes([written(tmp_path / "themes", text)])
    assert len(found.problems) == 1
    assert "mine.toml" in found.problems[0]
    assert sentence in found.problems[0]
    assert "dark" in found.themes


@pytest.mark.parametrize("name", NAMES)
def test_a_box_is_told_from_the_screen_by_its_ground_or_by_lines(name: str) -> None:
    theme = SHIPPED[name]
    if theme.colors["surface"] == theme.colors["background"]:
        assert as_textual(theme).variables["box-edge"] == "round"
    else:
        grounds = [Color.parse(theme.colors[role]).rgb for role in ("surface", "background")]
        assert nearest_of_256(grounds[0]) != nearest_of_256(grounds[1])
