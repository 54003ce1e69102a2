"""Additional fields: what a business wants to know of its customers, as its admins have defined it."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from client.models import CustomField
from client.models.kinds import Choice, Day, Kind, Line, Number
from tui.forms.fields import Control, FormField
from tui.forms.page import Page
from tui.forms.part import FieldsPart
from tui.forms.state import FormState
from tui.widgets.lines import Row

MEMBER: Final = "custom_fields"
"""The member of a customer that holds them, and the list of their definitions."""
DEFINITIONS: Final = "field_definitions"
"""What a customer is asked to bring along where the definitions are not known yet."""
_LARGEST: Final = 1e15
_LONGEST: Final = 500


class AdditionalFields(FieldsPart):
    """The additional fields of a customer; until their definitions have come it says so."""

    def __init__(self, heading: str, state: FormState) -> None:
        super().__init__(heading, state, ())
        self.waiting = True
        """Whether the definitions are yet to come."""
        self.definitions: Sequence[CustomField] = ()

    def show(self, definitions: Sequence[CustomField]) -> None:
        """Show these fields; what a draft holds in them is back."""
        self.definitions = definitions
        shown = [field for field in definitions if not field.archived]
        fields = {f"{MEMBER}/{field.key}": _field(field) for field in shown}
        self.state.know(fields)
        self.names = tuple(fields)
        self.waiting = False

    def rows(self, width: int, label_width: int) -> Sequence[Row]:
        """Give a row for each field."""
        if self.waiting:
            return [self.awaited]
        return super().rows(width, label_width)


def additional_fields(widget: object) -> list[AdditionalFields]:
    """Give the parts of a tab that show additional fields."""
    parts = widget.parts if isinstance(widget, Page) else ()
    return [part for part in parts if isinstance(part, AdditionalFields)]


def _field(definition: CustomField) -> FormField:
    """Give what a form knows of an additional field. That it must be filled in is the server's to demand."""
    base_type, control = _SHAPES.get(definition.type, (str, Control.LINE))
    empty: Any = "" if base_type is str else None
    return FormField(
        name=f"{MEMBER}/{definition.key}",
        title=f"{definition.name} *" if definition.required else definition.name,
        help="Must be filled in." if definition.required else "",
        kind=_kind(definition),
        control=control,
        base_type=base_type,
        item_model=None,
        initial=empty,
        left_out=empty,
        required=False,
        read_only=False,
        create_only=False,
        write_only=False,
    )


_SHAPES: Final[dict[str, tuple[type, Control]]] = {
    "number": (float, Control.LINE),
    "date": (date, Control.LINE),
    "choice": (str, Control.CHOICE),
    "yes_no": (bool, Control.YES_NO),
}


def _kind(definition: CustomField) -> Kind | None:
    if definition.type == "number":
        return Number(minimum=-_LARGEST, maximum=_LARGEST)
    if definition.type == "date":
        return Day()
    if definition.type == "choice":
        return Choice(options={"": "Not set"} | {option: option for option in definition.options})
    return None if definition.type == "yes_no" else Line(max_length=_LONGEST)
