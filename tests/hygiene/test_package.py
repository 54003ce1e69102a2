"""What a person who installs Keeptabs gets."""

import ast
import re
import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    """Build the wheel from what is here, without a network."""
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    return zipfile.ZipFile(next(folder.glob("*.whl")))


def test_the_wheel_holds_all_that_is_read_at_run_time(wheel: zipfile.ZipFile) -> None:
    inside = set(wheel.namelist())
    read = [
        path
        for package, pattern in (
            ("themes", "*.toml"),
            ("tui", "*.tcss"),
            ("tui/map", "*.bin"),
            ("tui/read_back", "*.toml"),
            ("server/sample/data", "*.toml"),
            ("server/store/migrations", "*.py"),
        )
        for path in (ROOT / package).rglob(pattern)
    ]
    assert len(read) > 8
    assert not [str(path.relative_to(ROOT)) for path in read if str(path.relative_to(ROOT)) not in inside]


def test_the_wheel_holds_nothing_else(wheel: zipfile.ZipFile) -> None:
    assert {name.split("/")[0] for name in wheel.namelist() if ".dist-info/" not in name} == {
        "client",
        "server",
        "themes",
        "tui",
    }
    assert any(name.endswith("licenses/LICENSE") for name in wheel.namelist())


def test_the_command_is_installed_under_its_name(wheel: zipfile.ZipFile) -> None:
    entry = next(name for name in wheel.namelist() if name.endswith("entry_points.txt"))
    assert "keeptabs = tui.__main__:main" in wheel.read(entry).decode()


def test_every_package_that_is_imported_is_declared() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["postgresql"]]
    declared = {re.split(r"[^A-Za-z0-9_.-]", one)[0].lower() for one in wanted}
    known = packages_distributions()
    # What a declared package is made of and documents as its own.
    declared |= {"starlette", "pydantic-core", "typing-extensions", "rich", "zstandard"}
    undeclared = set()
    for package in ("client", "tui", "server", "themes"):
        for path in (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                names = [node.module] if isinstance(node, ast.ImportFrom) and not node.level else []
                names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
                for name in filter(None, names):
                    top = name.split(".")[0]
                    if top not in sys.stdlib_module_names and top not in (
                        "client",
                        "tui",
                        "server",
                        "themes",
                    ):
                        owners = {owner.lower().replace("_", "-") for owner in known.get(top, [top])}
                        if not owners & {one.replace("_", "-") for one in declared}:
                            undeclared.add(f"{path.relative_to(ROOT)}: {top}")
    assert not undeclared
