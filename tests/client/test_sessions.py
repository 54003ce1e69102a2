"""Where sessions live: several by name, in a private file or the keyring, never in the way."""

import json
import threading
import time
from dataclasses import asdict
from pathlib import Path

import pytest

from client.errors import NotKept, NotPrivate
from client.session import Session, SessionStore, account_folder, session_name
from client.session.keeper import KeyringKeeper, keyring_wanted, real_keyring

ANNA = Session(
    name="anna@desk", server="https://desk.example", login="anna", access_token="a1", refresh_token="r1"
).with_tokens("a1", "r1", 600, now=1000.0)


@pytest.mark.feature("F12.2")
@pytest.mark.parametrize("in_keyring", [False, True])
def test_a_mark_that_the_screen_is_locked_stays_until_it_is_taken_off(
    tmp_path: Path, in_keyring: bool
) -> None:
    memory = MemoryKeyring()
    keyring = KeyringKeeper(lambda: memory)
    store = SessionStore(tmp_path, keyring=keyring, prefer_keyring=in_keyring)
    store.save(ANNA)
    store.mark_locked(ANNA.name, locked=True)
    locked = store.load(ANNA.name)
    assert locked is not None
    assert (locked.locked, locked.refresh_token) == ("yes", "r1")
    store.save(locked.with_tokens("a2", "r2", 600, now=2000.0))
    renewed = store.load(ANNA.name)
    assert renewed is not None
    assert (renewed.locked, renewed.refresh_token) == ("yes", "r2")
    store.mark_locked(ANNA.name, locked=False)
    assert store.find() is not None
    assert not store.sessions()[0].locked
    store.mark_locked("nobody@desk", locked=True)
    assert len(store.sessions()) == 1


class MemoryKeyring:
    """A keyring as a backend sees it."""

    def __init__(self) -> None:
        self.secrets: dict[tuple[str, str], str] = {}

    def asked(self) -> None:
        """Do what the system behind it does when it is asked."""

    def get_password(self, service: str, username: str) -> str | None:
        self.asked()
        return self.secrets.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.asked()
        self.secrets[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.secrets[service, username]


class HangingKeyring(MemoryKeyring):
    """A keyring that waits for somebody to unlock it."""

    def asked(self) -> None:
        time.sleep(2)


class FailingKeyring(MemoryKeyring):
    """A keyring whose system says no."""

    def asked(self) -> None:
        raise RuntimeError("no")


class ForgettingKeyring(MemoryKeyring):
    """A null backend: takes everything, keeps nothing."""

    def asked(self) -> None:
        self.secrets.clear()


def everything_under(root: Path) -> str:
    return "".join(path.read_text() for path in root.rglob("*") if path.is_file())


@pytest.mark.feature("F12.2")
def test_a_session_is_there_again_and_says_nothing_secret_when_shown(tmp_path: Path) -> None:
    SessionStore(tmp_path).save(ANNA)
    assert SessionStore(tmp_path).load("anna@desk") == ANNA
    assert "r1" not in repr(ANNA)


@pytest.mark.feature("F12.1")
def test_several_servers_and_users_have_sessions_by_name_and_the_last_one_is_remembered(
    tmp_path: Path,
) -> None:
    store = SessionStore(tmp_path)
    names = ("anna@desk", "bob@desk", "anna@shop")
    for name in names:
        login, _, host = name.partition("@")
        store.save(Session(name=name, server=f"https://{host}.example", login=login, refresh_token="r"))
    store.choose("bob@desk")
    assert [session.name for session in store.sessions()] == sorted(names)
    found = {
        name: session.name
        for name, session in {
            "any": store.find(),
            "desk": store.find(server="Desk.example/"),
            "anna": store.find(login="anna"),
            "both": store.find("https://shop.example", "anna"),
        }.items()
        if session
    }
    assert found == {"any": "bob@desk", "desk": "bob@desk", "anna": "anna@desk", "both": "anna@shop"}
    assert store.find(login="carol") is None
    store.remove("bob@desk")
    assert store.load("bob@desk") is None


def test_names_that_look_alike_as_files_are_different_sessions(tmp_path: Path) -> None:
    store = SessionStore(tmp_path)
    for name in ("a/b", "a b", "A/b", "../a", "ä", "", "x" * 500):
        store.save(Session(name=name, server="https://x", login=name, refresh_token=name))
    for name in ("a/b", "a b", "A/b", "../a", "ä", "", "x" * 500):
        session = store.load(name)
        assert session is not None
        assert session.refresh_token == name


@pytest.mark.feature("F12.2")
def test_a_session_file_that_others_could_read_is_not_used_and_hides_no_other(tmp_path: Path) -> None:
    store = SessionStore(tmp_path)
    store.save(ANNA)
    (file,) = (tmp_path / "sessions").glob("*.json")
    store.save(Session(name="bob@desk", server="https://desk.example", login="bob", refresh_token="r"))
    file.chmod(0o644)
    assert [session.name for session in store.sessions()] == ["bob@desk"]
    with pytest.raises(NotPrivate, match="other users"):
        store.load(ANNA.name)
    store.save(ANNA)
    assert store.load(ANNA.name) == ANNA
    file.chmod(0o644)
    store.remove(ANNA.name)
    assert store.load(ANNA.name) is None


@pytest.mark.parametrize(
    "damage", [b"", b"{", b"[]", b'"x"', b"\xff", b'{"name": 7}', b"[" * 100_000, b"null"]
)
def test_a_damaged_session_is_set_aside_and_hinders_nobody(tmp_path: Path, damage: bytes) -> None:
    store = SessionStore(tmp_path)
    store.save(ANNA)
    (file,) = (tmp_path / "sessions").glob("*.json")
    file.write_bytes(damage)
    assert store.load(ANNA.name) is None
    assert store.sessions() == []
    (aside,) = (tmp_path / "sessions").glob("*.damaged-*")
    assert aside.read_bytes() == damage
    store.save(ANNA)
    assert store.load(ANNA.name) == ANNA


@pytest.mark.feature("F12.2")
def test_where_there_is_a_keyring_the_tokens_rest_only_there(tmp_path: Path) -> None:
    keyring = MemoryKeyring()
    store = SessionStore(tmp_path, keyring=KeyringKeeper(lambda: keyring), prefer_keyring=True)
    store.save(ANNA)
    assert "r1" not in everything_under(tmp_path)
    assert "a1" not in everything_under(tmp_path)
    loaded = store.load(ANNA.name)
    assert loaded is not None
    assert (loaded.access_token, loaded.refresh_token, loaded.expires_at) == ("a1", "r1", ANNA.expires_at)
    assert store.sessions()[0].signed_in
    written = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.json")}
    store.save(loaded.with_tokens("a2", "r2", 600, 2000.0))
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.json")} == written
    store.remove(ANNA.name)
    assert keyring.secrets == {}


@pytest.mark.feature("F12.2")
@pytest.mark.parametrize("kind", [HangingKeyring, FailingKeyring, ForgettingKeyring, type(None)])
def test_a_keyring_that_is_none_hangs_or_fails_is_replaced_by_a_private_file(
    tmp_path: Path, kind: type
) -> None:
    keeper = KeyringKeeper(kind, seconds=0.1)
    store = SessionStore(tmp_path, keyring=keeper, prefer_keyring=True)
    begun = time.monotonic()
    store.save(ANNA)
    assert time.monotonic() - begun < 1.0
    assert store.load(ANNA.name) == ANNA


def test_a_keyring_locked_later_is_said_and_never_waited_for(tmp_path: Path) -> None:
    keyring = MemoryKeyring()
    SessionStore(tmp_path, keyring=KeyringKeeper(lambda: keyring), prefer_keyring=True).save(ANNA)
    locked = SessionStore(tmp_path, keyring=KeyringKeeper(HangingKeyring, seconds=0.1))
    with pytest.raises(NotKept, match="keyring"):
        locked.load(ANNA.name)
    locked.save(ANNA)
    assert locked.load(ANNA.name) == ANNA
    assert not any(thread.name == "keyring" and not thread.daemon for thread in threading.enumerate())


@pytest.mark.parametrize(
    ("environment", "wanted"),
    [
        ({"DBUS_SESSION_BUS_ADDRESS": "unix:path=/run/user/1/bus"}, True),
        ({"DBUS_SESSION_BUS_ADDRESS": "unix:path=/run/user/1/bus", "SSH_CONNECTION": "1 2 3 4"}, False),
        ({"DBUS_SESSION_BUS_ADDRESS": "unix:path=/run/user/1/bus", "KEEPTABS_KEYRING": "no"}, False),
        ({"SSH_TTY": "/dev/pts/1", "KEEPTABS_KEYRING": "yes"}, True),
    ],
)
def test_the_keyring_is_asked_only_where_somebody_sits_at_it(
    environment: dict[str, str], *, wanted: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    assert keyring_wanted(environment) is wanted


def test_a_backend_that_keeps_secrets_in_clear_or_not_at_all_is_no_keyring(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from keyring.backends import chainer, fail, null

    def chosen(backend: object) -> object:
        monkeypatch.setattr("keyring.get_keyring", lambda: backend)
        return real_keyring()

    real = type("Keyring", (MemoryKeyring,), {"__module__": "keyring.backends.SecretService"})()
    clear = type("PlaintextKeyring", (MemoryKeyring,), {"__module__": "keyrings.alt.file"})()
    chain = type("Chain", (), {"__module__": chainer.__name__, "backends": [clear, real]})()
    assert [
        chosen(backend) for backend in (object.__new__(fail.Keyring), object.__new__(null.Keyring), clear)
    ] == [None, None, None]
    assert chosen(real) is real
    assert chosen(chain) is real


def test_an_ended_session_keeps_who_and_where_and_no_token(tmp_path: Path) -> None:
    store = SessionStore(tmp_path)
    store.save(ANNA)
    store.save(ANNA.ended())
    kept = store.load(ANNA.name)
    assert kept is not None
    assert (kept.server, kept.login, kept.signed_in) == (ANNA.server, "anna", False)
    assert "r1" not in everything_under(tmp_path)


def test_what_a_newer_version_wrote_beside_is_no_damage(tmp_path: Path) -> None:
    store = SessionStore(tmp_path)
    store.save(ANNA)
    (file,) = (tmp_path / "sessions").glob("*.json")
    file.write_text(json.dumps(asdict(ANNA) | {"from_the_future": [1]}))
    assert store.load(ANNA.name) == ANNA


def test_names_are_what_people_would_call_them() -> None:
    assert session_name("https://desk.example:8443/x", "anna") == "anna@desk.example:8443"
    assert account_folder("https://desk.example", "anna").startswith("anna@desk.example-")
    assert account_folder("https://a", "x") != account_folder("http://a", "x")
