"""One declaration for one thing a person can do.

From it come the key binding, the word in the footer, the palette entry, the help row, the name in the
keymap, and the key table of the manual. The screen or widget that lists a command in `OFFERS` does it in a
method named `do_` and the command's name.
"""

import inspect
import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from textual.binding import Binding, BindingType
from textual.dom import DOMNode
from textual.screen import Screen


class Command:
    """A thing a person can do. The docstring of a subclass is its title everywhere."""

    keys: ClassVar[str] = ""
    """Keys, comma-separated, the one to show first. Empty: reached by the palette alone."""
    footer: ClassVar[str] = ""
    """The word in the footer; empty: not shown there."""
    in_palette: ClassVar[bool] = True
    """Whether it is worth naming in the palette; movement is not."""
    urgent: ClassVar[bool] = False
    """Whether it comes first in the footer when it works: something would be forgotten without it."""
    permission: ClassVar[str] = ""
    """What the person must be allowed, as `collection:verb`: to others the command is nowhere to be seen."""
    feature: ClassVar[str] = ""
    """The part of the server that it needs, likewise."""
    takes_key: ClassVar[bool] = False
    """Whether the `do_` method is told which of the keys it was."""

    @classmethod
    @cache
    def name(cls) -> str:
        """Give the name that keymaps and `do_` methods use: `SaveChanges` is `save_changes`."""
        return re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()

    @classmethod
    def title(cls) -> str:
        """Give the first line of the docstring without its full stop."""
        return (cls.__doc__ or cls.__name__).strip().splitlines()[0].rstrip(".")


class Allows(Protocol):
    """Knows what the server has and what the person may do."""

    def may(self, permission: str) -> bool:
        """Say whether the person may do something, as `collection:verb`."""

    def has(self, feature: str) -> bool:
        """Say whether the server has a part."""


if TYPE_CHECKING:
    _Mixed = DOMNode
else:
    # Textual follows only the first DOMNode among the bases for styles and component classes.
    _Mixed = object


class CommandHost(_Mixed):
    """A screen, widget or app with commands: list them in `OFFERS`, do each in `do_<name>`."""

    OFFERS: ClassVar[tuple[type[Command], ...]] = ()

    def __init_subclass__(cls, **options: Any) -> None:
        own: tuple[type[Command], ...] = tuple(cls.__dict__.get("OFFERS", ()))
        if issubclass(cls, DOMNode):
            own += _of_mixins(cls)
        if own:
            bindings: list[BindingType] = [binding for command in own for binding in _bindings(command)]
            cls.BINDINGS = [*cls.__dict__.get("BINDINGS", ()), *bindings]
        super().__init_subclass__(**options)

    async def action_command(self, name: str, *key: str) -> None:
        """Do the command of that name; Textual calls this for a key."""
        done = getattr(self, f"do_{name}")(*key)
        if inspect.isawaitable(done):
            await done

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Tell Textual whether a key works now."""
        if action == "command":
            return self.offers(str(parameters[0])) and self.can(str(parameters[0]))
        return super().check_action(action, parameters)

    def can(self, name: str) -> bool:
        """Say whether the command works now. Hosts override this for what depends on state or rights."""
        del name
        return True

    def may(self, name: str) -> bool:
        """Say whether this person has the command here at all, now or at other times.

        Hosts override this for what no single permission of the command says.
        """
        del name
        return True

    def word(self, command: type[Command]) -> str:
        """Give the word at the foot for a command; hosts override it where the key means more than usual."""
        return command.footer

    def offers(self, name: str) -> bool:
        """Say whether server and person have the command: what is not offered is nowhere to be seen."""
        desk: Allows | None = getattr(self.app, "desk", None)
        command = self._named().get(name)
        if command is not None and desk is not None:
            lacking = command.feature and not desk.has(command.feature)
            if lacking or (command.permission and not desk.may(command.permission)):
                return False
        return self.may(name)

    @classmethod
    @cache
    def _named(cls) -> Mapping[str, type[Command]]:
        return {command.name(): command for command in reversed(cls.hosted())}

    @classmethod
    @cache
    def hosted(cls) -> tuple[type[Command], ...]:
        """Give the commands of this class and its bases, its own first."""
        return tuple(command for base in cls.__mro__ for command in base.__dict__.get("OFFERS", ()))


def other_commands(screen: Screen[Any]) -> Iterator[type[Command]]:
    """Name what the screen and the application offer at other times, but not now."""
    now = {command.name() for command, _ in available_commands(screen)}
    node: DOMNode | None = screen.focused or screen
    while node is not None:
        if isinstance(node, CommandHost):
            for command in node.hosted():
                if command.name() not in now and node.offers(command.name()):
                    now.add(command.name())
                    yield command
        node = node.parent if isinstance(node.parent, DOMNode) else None


def available_commands(screen: Screen[Any]) -> Iterator[tuple[type[Command], CommandHost]]:
    """Name what works now on `screen`, nearest to the focus first, each with the one who does it."""
    node: DOMNode | None = screen.focused or screen
    seen: set[str] = set()
    while node is not None:
        if isinstance(node, CommandHost):
            for command in node.hosted():
                if command.name() not in seen and node.offers(command.name()) and node.can(command.name()):
                    seen.add(command.name())
                    yield command, node
        # Keys in a box do not get to what is behind it.
        node = node.parent if isinstance(node.parent, DOMNode) and not node.is_modal else None


def _of_mixins(node: type) -> tuple[type[Command], ...]:
    """Give what the plain mixins of a node offer: Textual itself looks for bindings in nodes alone."""
    nodes = [base for base in node.__mro__[1:] if issubclass(base, DOMNode)]
    return tuple(
        command
        for base in node.__mro__[1:]
        if not issubclass(base, DOMNode) and not any(issubclass(known, base) for known in nodes)
        for command in base.__dict__.get("OFFERS", ())
    )


def _bindings(command: type[Command]) -> Iterator[Binding]:
    if command.takes_key:
        for key in command.keys.split(","):
            yield Binding(key, f"command('{command.name()}', '{key}')", command.title(), show=False)
    elif command.keys:
        yield Binding(
            command.keys,
            f"command('{command.name()}')",
            command.footer or command.title(),
            show=bool(command.footer),
            id=command.name(),
        )
