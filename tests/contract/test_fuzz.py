"""The contract, tried by a machine: no failure of the server, no answer that is not in the contract."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from server.openapi import main
from tests.fixtures import Template
from tests.live import live

HERE = Path(__file__).parent


@pytest.mark.timeout(420)
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_no_request_meets_a_failure_or_an_undocumented_answer(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    template: Template = request.getfixturevalue(
        "sqlite_template" if kind == "sqlite" else "postgres_template"
    )
    contract, report = tmp_path / "openapi.json", tmp_path / "report.json"
    main([str(contract)])
    with live(template.copy(tmp_path), customers=20) as server:
        command = [sys.executable, "-m", "schemathesis.cli", "--config-file", str(HERE / "schemathesis.toml")]
        command += ["run", str(contract), "--url", server.url, "--checks", "all", "--max-examples", "4"]
        command += ["--continue-on-failure", "--generation-deterministic", "--no-color"]
        command += ["--header", f"Authorization: Bearer {server.tokens['admin']}"]
        command += ["--report", "json", "--report-json-path", str(report)]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    assert json.loads(report.read_text())
