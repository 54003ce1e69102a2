"""What no committed file may hold, and how large the rooms of the house may grow."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("client", "tui", "server", "themes")
LONGEST_MODULE = 300
LONGEST_FUNCTION = 50

# Put together here, so that this file holds none of them itself.
HOSTS = ["pypi" + ".org", "pythonhosted" + ".org", "npmjs" + ".org", "debian" + ".org", "index-" + "url"]
PLACES = ["/wo" + "rk/", "/ro" + "ot/", "/ho" + "me/", "/opt/" + "pypi", "file:" + "///"]
WORDS = ["TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK"]


def committed() -> list[Path]:
    """Name every file that a commit would hold."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [ROOT / name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]


def texts() -> list[tuple[str, str]]:
    found = []
    for path in committed():
        try:
            found.append((str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")))
        except UnicodeDecodeError:
            continue
    return found


def modules() -> list[Path]:
    return sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))


def test_no_file_names_a_package_registry_or_a_place_on_a_machine() -> None:
    found = [
        f"{name}: {word}"
        for name, text in texts()
        for word in (*HOSTS, *PLACES)
        if word in text and not (name == "Makefile" and word == HOSTS[-1])
    ]
    assert not found


def test_nothing_is_left_for_later() -> None:
    pattern = re.compile(rf"\b({'|'.join(WORDS)})\b")
    assert not [
        f"{name}: {found.group()}"
        for name, text in texts()
        if not name.endswith((".json", ".txt", ".toml"))
        for found in pattern.finditer(text)
    ]


def test_every_module_and_function_can_be_read_in_one_sitting() -> None:
    assert not [found for path in modules() for found in too_long(path)]


def too_long(path: Path) -> Iterator[str]:
    text, name = path.read_text(encoding="utf-8"), path.relative_to(ROOT)
    if text.count("\n") > LONGEST_MODULE:
        yield f"{name} has {text.count(chr(10))} lines"
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or 0) - node.lineno + 1
            if length > LONGEST_FUNCTION:
                yield f"{name}: {node.name} has {length} lines"


def test_the_licence_is_there_and_named() -> None:
    assert "MIT License" in (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert 'license = "MIT"' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")


def test_constraints_pin_every_package_by_hash() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pinned = [line for line in lines if re.match(r"[a-z0-9]", line)]
    assert len(pinned) > 50
    assert all("==" in line and line.endswith("\\") for line in pinned)
    assert not [line for line in lines if line.startswith("#")]
