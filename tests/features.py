"""`make features`: which rows of docs/features.md tests drive, and which they do not."""

import argparse
import ast
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

TESTS = Path(__file__).parent
TABLE = TESTS.parent / "docs" / "features.md"
STATES = ("done", "partly", "not yet")

_ROW = re.compile(r"^\| (F\d+\.\d+) \| (.+?) \| (.+?) \| *(.*?) *\|$", re.MULTILINE)


@dataclass(frozen=True)
class Row:
    """One row of the table."""

    id: str
    words: str
    state: str
    missing: str


def rows(text: str) -> list[Row]:
    """Read the table."""
    return [Row(*found) for found in _ROW.findall(text)]


def marked_tests(folder: Path = TESTS) -> dict[str, list[str]]:
    """Give the tests that carry each id, as `file::name`."""
    found: dict[str, list[str]] = defaultdict(list)
    for path in sorted(folder.rglob("test_*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for identifier, name in _marks(tree):
            found[identifier].append(f"{path.relative_to(folder.parent)}::{name}")
    return found


def problems(table: list[Row], tests: dict[str, list[str]]) -> Iterator[str]:
    """Say what is wrong: words that are no state, done without a test, marks of rows that are not there."""
    for row in table:
        if row.state not in STATES:
            yield f"{row.id}: {row.state!r} is none of {', '.join(STATES)}"
        if row.state in ("done", "partly") and not tests.get(row.id):
            yield f"{row.id} is {row.state}, but no test drives it: {row.words}"
        if (row.state == "partly") != bool(row.missing):
            yield f"{row.id}: say what is missing where it is partly done, and nowhere else"
    for identifier in sorted(set(tests) - {row.id for row in table}):
        yield f"{tests[identifier][0]} drives {identifier}, which is no row"


def _marks(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Give every `@pytest.mark.feature(…)` with the name of what carries it."""
    for node in ast.walk(tree):
        decorators: list[ast.expr] = []
        name = "pytestmark"
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            decorators, name = node.decorator_list, node.name
        elif isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "pytestmark":
            decorators = node.value.elts if isinstance(node.value, ast.List) else [node.value]
        for decorator in decorators:
            if isinstance(decorator, ast.Call) and ast.unparse(decorator.func) == "pytest.mark.feature":
                for argument in decorator.args:
                    if isinstance(argument, ast.Constant):
                        yield str(argument.value), name


def main() -> int:
    """Print the table with the number of tests, or with --check only what is wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.features", description=main.__doc__)
    parser.add_argument("--check", action="store_true", help="fail where table and tests disagree")
    check = parser.parse_args().check
    table, tests = rows(TABLE.read_text(encoding="utf-8")), marked_tests()
    if not check:
        for row in table:
            count = len(tests.get(row.id, ()))
            print(f"{row.id:6} {row.state:8} {f'{count} tests' if count else 'NO TEST':>9}  {row.words[:90]}")
        done = sum(row.state == "done" for row in table)
        without = [row.id for row in table if not tests.get(row.id)]
        print(f"\n{done} of {len(table)} rows done. Without a test: {', '.join(without) or 'none'}")
        return 0
    found = list(problems(table, tests))
    print("\n".join(found) or f"docs/features.md and the tests agree on {len(table)} rows", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
