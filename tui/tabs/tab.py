"""What a tab of the profile is: a declaration that the profile screen shows."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tui.widgets.lines import LineList

if TYPE_CHECKING:
    from tui.services.desk import Desk
    from tui.services.open_customer import OpenCustomer


@dataclass(frozen=True, slots=True, kw_only=True)
class Tab:
    """One tab. What the server lacks or the role forbids is not shown at all."""

    name: str
    """Names the tab in code and keymaps."""
    title: str
    """What people read."""
    short: str = ""
    """What they read where there is less room; empty: the same."""
    make: "Callable[[OpenCustomer, Desk], LineList]"
    """Makes its widget on the first visit; `redraw()` shows the open customer as it is then."""
    includes: tuple[str, ...] = ()
    """What comes along with the customer for it, in one request."""
    feature: str = ""
    """The part of the server that it needs; of several, with blanks between, at least one."""
    permission: str = ""
    """What the person must be allowed."""

    def open_to(self, desk: "Desk") -> bool:
        """Say whether this server and this person have the tab."""
        return (not self.feature or any(map(desk.has, self.feature.split()))) and (
            not self.permission or desk.may(self.permission)
        )
