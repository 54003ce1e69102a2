"""The command line does what the screens do: real processes, a real server, exit codes for scripts."""

import csv
import io
import json
import subprocess
from pathlib import Path

import pytest

from tests.client.conftest import Desk
from tests.client.test_command_line import keeptabs
from tests.desk import PASSWORD
from tests.live import LiveServer


@pytest.fixture
def home(desk: Desk, tmp_path: Path) -> Path:
    """Give the home of somebody who is signed in as staff."""
    made = keeptabs(tmp_path, "login", desk.url, "--user", "staff", "--password-stdin", typed=PASSWORD + "\n")
    assert made.returncode == 0, made.stderr
    return tmp_path


@pytest.fixture
def number(live_server: LiveServer) -> str:
    """Give the number of a customer of this test."""
    members = {
        "given_name": "Joanna",
        "family_name": "Byrne",
        "company_name": "=cmd|' /C calc'!A0",
        "phones": [{"number": "+442079460958"}],
        "emails": [{"address": "joanna@twin.example"}],
    }
    with live_server.client() as client:
        made = client.post("/v1/customers", json=members)
        return str(made.json()["number"])


@pytest.mark.feature("F13.1")
def test_find_gives_columns_json_lines_and_csv(home: Path, number: str) -> None:
    plain = keeptabs(home, "find", "byrne", "twin", "--limit", "1")
    assert (plain.returncode, plain.stderr) == (0, "")
    assert plain.stdout.startswith(f"{number}  Joanna Byrne  +442079460958  joanna@twin.example")
    (row,) = json.loads(keeptabs(home, "find", number, "--json", "--limit", "1").stdout)
    assert (row["number"], row["email"]) == (int(number), "joanna@twin.example")
    lines = keeptabs(home, "find", "-", "--jsonl", "--fields", "number", typed=f"{number}\nnobody at all\n")
    assert json.loads(lines.stdout.splitlines()[0]) == {"number": int(number)}
    table = keeptabs(home, "find", number, "--csv", "--fields", "number,phone", "--limit", "1")
    assert list(csv.reader(io.StringIO(table.stdout))) == [["number", "phone"], [number, "'+442079460958"]]
    nobody = keeptabs(home, "find", "qqqqqqqqqqqq")
    assert (nobody.returncode, nobody.stdout) == (3, "")


@pytest.mark.feature("F13.1")
@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("find", "byrne", "--status", "asleep"), "--status: This must be one of: new"),
        (("find", "byrne", "--sort", "upside"), "--sort: This must be one of: recent"),
        (("find", "byrne", "--fields", "number,nonsense"), "there is no 'nonsense'. There are: id, version"),
        (("show", "1", "--fields", "nonsense"), "there is no 'nonsense'"),
        (("show", "{number}", "--include", "nonsense", "--json"), "This must be one of: notes"),
        (("export", "byrne", "--fields", "nonsense"), "There is no column 'nonsense'."),
        (("export", "byrne", "--status", "asleep"), "--status: This must be one of: new"),
    ],
)
def test_options_that_cannot_be_are_refused_in_words_before_anything_is_written(
    home: Path, number: str, words: tuple[str, ...], said: str
) -> None:
    refused = keeptabs(home, *(word.format(number=number) for word in words))
    assert (refused.returncode, refused.stdout) == (2, "")
    assert said in refused.stderr
    assert "Traceback" not in refused.stderr


@pytest.mark.feature("F13.1")
def test_what_the_server_refuses_for_its_own_reasons_is_no_change_by_somebody_else(
    home: Path, live_server: LiveServer
) -> None:
    with live_server.client() as client:
        made = client.post("/v1/customers", json={"given_name": "Nomail"}).json()
    refused = keeptabs(home, "message", str(made["number"]), "--subject", "Hello", "there")
    assert refused.returncode == 1
    assert "no e-mail address" in refused.stderr


def test_the_version_goes_to_standard_output(tmp_path: Path) -> None:
    assert keeptabs(tmp_path, "--version").stdout.startswith("keeptabs ")


@pytest.mark.feature("F13.1")
def test_show_reads_well_aloud_and_gives_json(home: Path, number: str) -> None:
    shown = keeptabs(home, "show", number)
    assert shown.returncode == 0, shown.stderr
    assert shown.stdout.splitlines()[0] == f"{number} Joanna Byrne"
    assert "Phone: 020 7946 0958, primary" in shown.stdout
    assert "E-mail: joanna@twin.example, primary" in shown.stdout
    whole = json.loads(keeptabs(home, "show", number, "--json").stdout)
    assert whole["display_name"] == "Joanna Byrne"
    assert keeptabs(home, "show", "999999").returncode == 3
    several = keeptabs(home, "show", "@")
    assert several.returncode in (3, 8)


@pytest.mark.feature("F13.1")
def test_edit_takes_values_as_people_type_them(home: Path, number: str) -> None:
    changes = ["born_on=12.3.85", "phone=020 7946 0000", "city=London", "company-name="]
    saved = keeptabs(home, "edit", number, *changes)
    assert (saved.returncode, saved.stdout) == (0, ""), saved.stderr
    whole = json.loads(keeptabs(home, "show", number, "--json").stdout)
    assert whole["born_on"] == "1985-03-12"
    assert whole["phones"][0]["number"] == "+442079460000"
    assert whole["addresses"][0]["city"] == "London"
    assert "company_name" not in whole
    stale = keeptabs(home, "edit", number, "status=active", "--if-version", "1")
    assert stale.returncode == 7
    for change, said in (
        ("born=1", "Did you mean"),
        ("status", "NAME=VALUE"),
        ("status=x", "must be one of"),
    ):
        refused = keeptabs(home, "edit", number, change)
        assert refused.returncode == 2
        assert said in refused.stderr


@pytest.mark.feature("F13.1")
def test_notes_and_messages_are_written_from_arguments_and_pipes(
    home: Path, number: str, live_server: LiveServer
) -> None:
    assert keeptabs(home, "note", number, "Prefers", "calls", "after", "four").returncode == 0
    assert keeptabs(home, "note", number, "--pin", typed="From a pipe,\nin two lines\n").returncode == 0
    assert keeptabs(home, "note", number, "-", typed=" \n").returncode == 2
    written = keeptabs(home, "message", number, "--subject", "Your visit", "See you on Friday.")
    assert written.returncode == 0, written.stderr
    shown = keeptabs(home, "show", number).stdout
    assert "Prefers calls after four" in shown
    assert "From a pipe, in two lines" in shown
    with live_server.client() as client:
        customer = client.get("/v1/customers", params={"q": number}).json()["items"][0]["id"]
        (message,) = client.get(f"/v1/customers/{customer}/messages").json()["items"]
    assert message["subject"] == "Your visit"


@pytest.mark.feature("F12.5")
def test_read_only_writes_nothing(home: Path, number: str) -> None:
    for arguments in (["note", number, "x"], ["edit", number, "status=active"]):
        refused = keeptabs(home, "--read-only", *arguments)
        assert (refused.returncode, refused.stdout) == (5, "")
        assert "read-only" in refused.stderr


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_names_every_subcommand_and_its_options(tmp_path: Path, shell: str) -> None:
    script = keeptabs(tmp_path, "completion", shell)
    assert (script.returncode, script.stderr) == (0, "")
    for word in ("find", "--jsonl" if shell != "fish" else "jsonl", "doctor", "check"):
        assert word in script.stdout


def test_bash_completes_what_fits(tmp_path: Path) -> None:
    script = keeptabs(tmp_path, "completion", "bash").stdout
    asked = "COMP_WORDS=(keeptabs find --js); COMP_CWORD=2; _keeptabs; echo ${COMPREPLY[@]}"
    shown = subprocess.run(
        ["bash", "-c", f"{script}\n{asked}"], capture_output=True, text=True, check=True, timeout=20
    )
    assert shown.stdout.split() == ["--json", "--jsonl"]


@pytest.mark.feature("F12.1")
def test_a_profile_chooses_server_and_person(home: Path, desk: Desk, number: str) -> None:
    folder = home / ".config" / "keeptabs"
    folder.mkdir(parents=True)
    lines = [f'[profiles.desk]\nserver = "{desk.url}"', '[profiles.away]\nserver = "https://away.example"']
    (folder / "config.toml").write_text("\n".join(lines), "utf-8")
    assert keeptabs(home, "--profile", "desk", "find", number, "--limit", "1").returncode == 0
    assert keeptabs(home, "--profile", "away", "find", number).returncode == 4
    shown = json.loads(keeptabs(home, "--profile", "desk", "config", "show", "--json").stdout)
    assert next(row for row in shown if row["key"] == "server")["from"].endswith("[profiles.desk]")
    assert keeptabs(home, "--profile", "dsk", "config", "check").returncode == 1


def test_whoever_is_not_signed_in_is_told_how(tmp_path: Path) -> None:
    told = keeptabs(tmp_path, "find", "x")
    assert (told.returncode, told.stdout) == (4, "")
    assert "keeptabs login" in told.stderr


@pytest.mark.parametrize("name", ["../outside", "a/b", "My Theme", "", "dark"])
def test_a_theme_is_made_under_a_name_that_it_can_have_and_nowhere_else(tmp_path: Path, name: str) -> None:
    made = keeptabs(tmp_path, "themes", "new", name)
    assert made.returncode in (1, 2)
    assert "Traceback" not in made.stderr
    assert not list(tmp_path.rglob("*.toml"))


def test_a_theme_that_is_not_there_is_told_by_config_check(tmp_path: Path) -> None:
    path = Path(keeptabs(tmp_path, "config", "path").stdout.splitlines()[-1])
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text('theme = "drak"\n')
    told = keeptabs(tmp_path, "config", "check")
    assert told.returncode == 1
    assert "There is no theme drak. Did you mean dark?" in told.stderr


def test_keys_that_cannot_be_are_told_by_config_check(tmp_path: Path) -> None:
    folder = tmp_path / ".config" / "keeptabs"
    folder.mkdir(parents=True)
    file = folder / "config.toml"
    file.write_text('[keys]\nwrite_note = "s"\nset_status = "n"\n', "utf-8")
    fine = keeptabs(tmp_path, "config", "check")
    assert (fine.returncode, fine.stdout, fine.stderr) == (0, "", "")
    file.write_text('[keys]\nnew_custmer = "f4"\nshow_reports = "ctlr+x"\nwrite_note = "s"\n', "utf-8")
    told = keeptabs(tmp_path, "config", "check")
    assert told.returncode == 1
    assert "Did you mean new_customer?" in told.stderr
    assert "is no key" in told.stderr
    assert "already the key of set_status" in told.stderr


def test_a_demo_is_for_who_names_it_and_that_is_said(desk: Desk, home: Path) -> None:
    (file,) = (path for path in home.rglob("*.json") if '"access_token"' in path.read_text("utf-8"))
    session = json.loads(file.read_text("utf-8")) | {"demo": "yes"}
    file.write_text(json.dumps(session), "utf-8")
    told = keeptabs(home, "find", "byrne")
    assert (told.returncode, told.stderr.strip().endswith(f"--server {desk.url}")) == (4, True)
    assert "a demo: only with --server" in keeptabs(home, "status").stdout
    assert keeptabs(home, "find", "byrne", "--server", desk.url).returncode in (0, 3)


@pytest.mark.feature("F1.9")
def test_the_number_of_a_merged_record_names_the_one_that_stays(
    home: Path, number: str, live_server: LiveServer
) -> None:
    with live_server.client("admin") as client:
        stays = client.post("/v1/customers/search", json={"q": number, "limit": 1}).json()["items"][0]
        goes = client.post("/v1/customers", json={"given_name": "Joanna", "family_name": "Byrne"}).json()
        # Somebody whose telephone number ends alike is somebody else.
        other = {"given_name": "Ned", "phones": [{"number": f"+44207946{goes['number']:04}"[:13]}]}
        client.post("/v1/customers", json=other).raise_for_status()
        merge = {"from_id": goes["id"], "from_version": goes["version"]}
        place = f"/v1/customers/{stays['id']}/merge"
        client.post(place, json=merge, headers={"If-Match": "*"}).raise_for_status()
    shown = keeptabs(home, "show", str(goes["number"]))
    assert (shown.returncode, shown.stdout.splitlines()[0]) == (0, f"{number} Joanna Byrne"), shown.stderr
