"""A theme file as Textual takes it: each role becomes variables that style sheets and lines use by name."""

from textual.theme import BUILTIN_THEMES, Theme

from tui.theming.files import TEXT_ROLES, ThemeFile


def as_textual(theme: ThemeFile) -> Theme:
    """Give the theme; `$role-<name>` is a role's colour and `$role-<name>-style` how its text is set.

    `$box-edge` is what is around a box, of Textual's kinds of borders; `$box-foot` is what is below one that
    ends with a line of its own.
    """
    colors = theme.colors
    roles = {f"role-{role}": colors[role] for role in (*TEXT_ROLES, "border")}
    # A ground of its own is edge enough: lines cost three bytes a cell.
    lines = colors["surface"] == colors["background"]
    edges = {"box-edge": "round" if lines else "blank", "box-foot": "round" if lines else "none"}
    styles = {f"role-{role}-style": theme.styles.get(role, "none") for role in TEXT_ROLES}
    # Textual's own ANSI themes know which of its many variables must not be blended from others.
    base = BUILTIN_THEMES["ansi-dark" if theme.dark else "ansi-light"].variables if theme.ansi else {}
    return Theme(
        name=theme.name,
        dark=theme.dark,
        ansi=theme.ansi,
        primary=colors["accent"],
        secondary=colors["accent"],
        accent=colors["accent"],
        foreground=colors["text"],
        background=colors["background"],
        surface=colors["surface"],
        panel=colors["surface"],
        boost=colors["surface"],
        success=colors["good"],
        warning=colors["warn"],
        error=colors["bad"],
        variables={**base, **roles, **styles, **edges},
    )
