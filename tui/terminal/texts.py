"""Which widgets are typed into."""

import sys
from typing import TYPE_CHECKING, TypeGuard

if TYPE_CHECKING:
    from textual.widgets import TextArea


def is_text_area(widget: object) -> "TypeGuard[TextArea]":
    """Say whether a widget is a TextArea. That is slow to import: where nobody has, nothing can be one."""
    module = sys.modules.get("textual.widgets._text_area")
    return module is not None and isinstance(widget, module.TextArea)
