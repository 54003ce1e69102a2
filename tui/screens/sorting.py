"""The ways in which lists of customers can be sorted."""

from collections.abc import Mapping

from tui.screens.pick import Option


def orders(columns: Mapping[str, str]) -> list[Option[str]]:
    """Give every column in both directions; `recent` has only one."""
    ways = [(name, "") for name in columns]
    ways += [(f"-{name}", ", descending") for name in columns if name != "recent"]
    return [Option(sort, columns[sort.lstrip("-")] + direction) for sort, direction in ways]
