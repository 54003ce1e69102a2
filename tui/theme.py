"""Themes from files: each role of the TOML file becomes a colour that style sheets and lines use by name."""

import tomllib
from importlib import resources

from textual.theme import Theme

ROLE_COLORS = ("muted", "label", "title", "good", "warn", "bad", "match", "dirty", "key", "border")
"""Roles that style sheets know as `$role-<name>`."""


def shipped_themes() -> list[Theme]:
    """Give the themes that come with the package, by file name."""
    files = sorted(resources.files("themes").iterdir(), key=lambda file: file.name)
    return [theme_from_toml(file.read_text("utf-8")) for file in files if file.name.endswith(".toml")]


def theme_from_toml(text: str) -> Theme:
    """Give the theme that a file describes (see themes/README.md). Raises ValueError where it is not one."""
    parsed = tomllib.loads(text)
    try:
        name, dark, colors = parsed["name"], parsed["dark"], parsed["colors"]
        return Theme(
            name=name,
            dark=dark,
            primary=colors["accent"],
            accent=colors["accent"],
            foreground=colors["text"],
            background=colors["background"],
            surface=colors["surface"],
            panel=colors["surface"],
            success=colors["good"],
            warning=colors["warn"],
            error=colors["bad"],
            variables={f"role-{role}": colors[role] for role in ROLE_COLORS},
        )
    except KeyError as missing:
        raise ValueError(f"A theme needs {missing}.") from None
