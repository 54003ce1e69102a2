"""What `keeptabs demo --mail` prints."""

from pathlib import Path

from server.mail.sink import to_folder
from tui.cli.demo_mail import kept, shown


def test_e_mails_are_printed_oldest_first_without_what_commands_a_terminal(tmp_path: Path) -> None:
    folder = tmp_path / "mail"
    keep = to_folder(folder)
    for name in ("First", "Second"):
        head = f"From: a@example.org\r\nTo: b@example.org\r\nSubject: {name}\r\n"
        keep(f"{head}Content-Type: text/plain; charset=utf-8\r\n\r\nGr\u00fc\u00dfe \x1b[31mred\r\n".encode())
    lines = list(shown(folder))
    assert [line for line in lines if line.startswith("Subject:")] == ["Subject: First", "Subject: Second"]
    assert "Gr\u00fc\u00dfe [31mred" in lines
    assert "\x1b" not in "\n".join(lines)
    assert [place.stat().st_mode & 0o077 for place in kept(folder)] == [0, 0]


def test_a_demo_that_sent_nothing_has_nothing_to_print(tmp_path: Path) -> None:
    assert list(shown(tmp_path / "mail")) == []
