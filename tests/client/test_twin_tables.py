"""keeptabs export and keeptabs import: standard output is data, exit codes say the rest."""

import csv
import io
import json
import stat
from pathlib import Path

import pytest

from client.cells import plain_cell
from tests.client.conftest import Desk
from tests.client.test_command_line import keeptabs
from tests.desk import PASSWORD
from tests.live import LiveServer

pytestmark = pytest.mark.feature("F10.2")


def _signed_in(desk: Desk, home: Path, role: str) -> Path:
    home.mkdir(exist_ok=True)
    made = keeptabs(home, "login", desk.url, "--user", role, "--password-stdin", typed=PASSWORD + "\n")
    assert made.returncode == 0, made.stderr
    return home


@pytest.mark.feature("F13.1")
def test_export_gives_data_on_standard_output_or_in_a_private_file(
    desk: Desk, tmp_path: Path, live_server: LiveServer
) -> None:
    home = _signed_in(desk, tmp_path / "a", "staff")
    members = {"given_name": "Exporta", "family_name": "Twin", "phones": [{"number": "+442079460958"}]}
    with live_server.client() as client:
        client.post("/v1/customers", json=members).raise_for_status()
        client.post("/v1/customers", json=members | {"email_opt_out": True}).raise_for_status()
    told = keeptabs(home, "export", "exporta", "--fields", "display_name,phone")
    assert told.returncode == 0, told.stderr
    rows = list(csv.reader(io.StringIO(told.stdout, newline="")))
    assert rows[0] == ["display_name", "phone"]
    assert [plain_cell(cell) for cell in rows[1]] == ["Exporta Twin", "+442079460958"]
    assert told.stderr == "Exported 2.\n"
    lines = keeptabs(home, "export", "exporta", "--format", "jsonl", "--channel", "email")
    assert (lines.returncode, lines.stdout) == (3, "")
    assert "1 left out, who said no; 1 without" in lines.stderr
    file = tmp_path / "out" / "cards.vcf"
    saved = keeptabs(home, "export", "exporta", "--format", "vcard", "--output", str(file))
    assert (saved.returncode, saved.stdout) == (0, "")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert file.read_text().count("BEGIN:VCARD") == 2
    again = keeptabs(home, "export", "exporta", "--output", str(file))
    assert again.returncode == 1
    assert "there already" in again.stderr
    assert [one.name for one in file.parent.iterdir()] == ["cards.vcf"]
    assert keeptabs(home, "export", "--fields", "password").returncode == 2
    assert keeptabs(home, "export", "--willing").returncode == 2
    viewer = _signed_in(desk, tmp_path / "b", "viewer")
    assert keeptabs(viewer, "export").returncode == 5


@pytest.mark.feature("F13.1")
def test_import_tells_faults_by_row_and_writes_all_or_nothing(desk: Desk, tmp_path: Path) -> None:
    home = _signed_in(desk, tmp_path / "a", "admin")
    file = tmp_path / "kunden.csv"
    file.write_text("Vorname;Nachname;Telefon;Info\nIlse;Importa;020 7946 0988;x\nUwe;Importa;abc;y\n")
    dry = keeptabs(home, "import", str(file), "--dry-run")
    assert (dry.returncode, dry.stdout.split("\t")[:2]) == (1, ["3", "phone"])
    assert "Info → left out" in dry.stderr
    refused = keeptabs(home, "import", str(file))
    assert refused.returncode == 1
    assert keeptabs(home, "find", "importa").returncode == 3
    done = keeptabs(home, "import", str(file), "--leave-out-faulty", "--map", "Info=referral_method")
    assert done.returncode == 0, done.stderr
    assert "Added 1, changed 0, left out 1." in done.stderr
    (found,) = json.loads(keeptabs(home, "find", "importa", "--json").stdout)
    assert (found["display_name"], found["phone"]) == ("Ilse Importa", "+442079460988")
    again = keeptabs(home, "import", str(file), "--leave-out-faulty")
    assert "Added 0, changed 0, left out 2." in again.stderr
    assert keeptabs(home, "import", str(file), "--map", "Nothing=email").returncode == 2
    assert keeptabs(home, "--read-only", "import", str(file)).returncode == 5
    assert keeptabs(home, "import", str(tmp_path / "none.csv")).returncode == 1
