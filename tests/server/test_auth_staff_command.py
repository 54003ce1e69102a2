"""`keeptabs staff`: accounts from the command line, the first of them too."""

import io
import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from client.models import Staff
from tests.server.serving import CHEAP, PASSWORD
from tui.__main__ import main


class Command:
    """Runs `keeptabs` in this process and keeps what it said."""

    def __init__(
        self, database: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
    ) -> None:
        self.database = database
        self._monkeypatch = monkeypatch
        self._capfd = capfd
        self.out = self.err = ""

    def __call__(self, action: str, *arguments: str, stdin: bytes = b"") -> int:
        self._monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        try:
            code = main(["staff", action, *arguments, "--database", str(self.database)])
        except SystemExit as left:
            code = int(left.code or 0)
        self.out, self.err = self._capfd.readouterr()
        return code

    def accounts(self) -> dict[str, dict[str, object]]:
        assert self("list", "--json") == 0
        return {account["login"]: account for account in json.loads(self.out)}


@pytest.fixture
def staff(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Command:
    """Give the command, on a database with one admin."""
    for name, value in CHEAP.items():
        monkeypatch.setenv(name, value)
    command = Command(tmp_path / "desk.db", monkeypatch, capfd)
    typed = f"{PASSWORD}\n".encode()
    assert command("add", "anna", "--name", "Anna", "--role", "admin", "--password-stdin", stdin=typed) == 0
    return command


@pytest.mark.feature("F12.1")
def test_the_first_admin_is_made_by_a_command_and_there_is_no_other(staff: Command) -> None:
    (anna,) = staff.accounts().values()
    assert (anna["login"], anna["role"], anna["can_sign_in"]) == ("anna", "admin", True)
    assert set(anna) - {"can_sign_in"} <= set(Staff.model_fields)


def test_a_made_up_password_is_shown_once_on_standard_output(staff: Command) -> None:
    assert staff("add", "bert", "--name", "Bert", "--generate") == 0
    assert len(staff.out.strip()) == 16
    assert staff.out.strip() not in staff.err


@pytest.mark.parametrize(
    ("arguments", "stdin", "sentence"),
    [
        (("add", "anna", "--name", "Anna", "--generate"), b"", "There is an account 'anna' already."),
        (("add", "Bert!", "--name", "Bert", "--generate"), b"", "login: This is not a sign-in name"),
        (("add", "bert", "--name", " ", "--generate"), b"", "name: "),
        (("add", "bert", "--name", "Bert", "--role", "boss", "--generate"), b"", "role: This must be one of"),
        (
            ("add", "bert", "--name", "Bert", "--email", "x", "--generate"),
            b"",
            "email: This is not an e-mail",
        ),
        (("add", "bert", "--name", "Bert", "--password-stdin"), b"short\n", "at least 10 characters"),
        (("add", "bert", "--name", "Bert", "--password-stdin"), b"", "at least 10 characters"),
        (("add", "bert", "--name", "Bert", "--password-stdin"), b"\xff" * 20, "not in UTF-8"),
        (("add", "bert", "--name", "Bert"), b"", "There is no terminal"),
        (("password", "nobody", "--generate"), b"", "There is no account 'nobody'."),
        (("disable", "anna"), b"", "'anna' is the last admin."),
    ],
)
def test_what_is_not_done_is_told_in_a_sentence(
    staff: Command, arguments: tuple[str, ...], stdin: bytes, sentence: str
) -> None:
    assert staff(*arguments, stdin=stdin) == 1
    assert sentence in staff.err
    assert list(staff.accounts()) == ["anna"]
    assert staff.accounts()["anna"]["can_sign_in"] is True


def test_looking_for_accounts_makes_no_database(staff: Command, tmp_path: Path) -> None:
    staff.database = tmp_path / "typo.db"
    assert (staff("list"), staff.out) == (1, "")
    assert "There is no database" in staff.err
    assert not staff.database.exists()


def test_an_account_can_be_shut_and_opened_again(staff: Command) -> None:
    assert staff("add", "bert", "--name", "Bert", "--generate") == 0
    assert staff("disable", "bert") == 0
    assert staff.accounts()["bert"]["disabled"] is True
    assert staff("enable", "bert") == 0
    assert staff.accounts()["bert"]["can_sign_in"] is True
    assert staff("list") == 0
    assert "bert" in staff.out


def test_no_password_is_ever_an_argument(staff: Command) -> None:
    assert staff("add", "bert", "--name", "B", "--password", PASSWORD) == 2


def test_a_password_is_asked_for_twice_without_echo(staff: Command) -> None:
    master, slave = pty.openpty()
    command = [sys.executable, "-m", "tui", "staff", "password", "anna", "--database", str(staff.database)]
    process = subprocess.Popen(command, stdin=slave, stdout=slave, stderr=slave, start_new_session=True)
    os.close(slave)
    shown = b""
    for prompt in (b"Password: ", b"The same again: "):
        while prompt not in shown:
            shown += os.read(master, 1024)
        os.write(master, b"new words in a row\n")
    while b"is set" not in shown:
        shown += os.read(master, 1024)
    assert process.wait(10) == 0
    os.close(master)
    assert b"new words" not in shown


def test_an_account_gets_an_address_to_write_from(staff: Command) -> None:
    assert staff("email", "anna", "anna@desk.example") == 0
    assert "answers go there" in staff.err
    assert staff("email", "anna", "no address") == 1
    assert "This is not an e-mail address" in staff.err
    assert staff("email", "nobody", "anna@desk.example") == 1
    assert "There is no account" in staff.err
