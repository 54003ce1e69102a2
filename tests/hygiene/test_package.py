"""What a person who installs Keeptabs gets."""

import subprocess
import sys
import tomllib
import zipfile
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


def test_every_python_that_is_promised_has_a_wheel_of_its_own_version() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["requires-python"] == ">=3.11,<3.15"
