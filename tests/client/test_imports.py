"""What the first moments of a start need is cheap: importing it does not import the rest."""

import subprocess
import sys

import pytest

HEAVY = ("httpx", "pydantic", "asyncio", "keyring", "platformdirs", "ssl")


def imported_by(module: str) -> set[str]:
    script = f"import sys, {module}; print(*sys.modules)"
    return set(
        subprocess.run(
            [sys.executable, "-c", script], capture_output=True, text=True, check=True
        ).stdout.split()
    )


@pytest.mark.parametrize(
    "module", ["client.errors", "client.session", "client.recents", "client.address", "client.merge"]
)
def test_the_cheap_modules_import_nothing_heavy(module: str) -> None:
    assert not set(HEAVY) & imported_by(module)


@pytest.mark.parametrize("module", ["client.api", "client.auth.sign_in", "client.drafts"])
def test_the_client_imports_neither_screens_nor_server(module: str) -> None:
    roots = {name.partition(".")[0] for name in imported_by(module)}
    assert not {"tui", "server", "textual", "fastapi", "sqlalchemy", "keyring"} & roots
