"""What must not be imported, asked of fresh processes; and whose private parts nobody touches."""

import ast
import contextlib
import importlib
import inspect
import json
import pkgutil
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import tui.cli
from client import models

ROOT = Path(__file__).parents[2]

_LIST = "import json, sys; print(json.dumps(sorted(sys.modules)))"


def imported_by(code: str, *arguments: str) -> set[str]:
    """Run `code` in a fresh Python and give the modules that are loaded afterwards."""
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\n{_LIST}", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return set(json.loads(done.stdout.splitlines()[-1]))


_KEEPTABS = """
import sys
from tui.__main__ import main
try:
    main(sys.argv[1:])
except SystemExit:
    pass
"""


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["demo", "--help"], ["--nonsense"]])
def test_asking_for_help_loads_nothing_slow(arguments: list[str]) -> None:
    loaded = imported_by(_KEEPTABS, *arguments)
    assert "tui.cli.parser" in loaded
    assert not loaded & {"textual", "httpx", "pydantic", "server", "fastapi", "sqlalchemy", "asyncio"}


@pytest.mark.parametrize("module", [found.name for found in pkgutil.iter_modules(tui.cli.__path__)])
def test_a_command_needs_no_screen(module: str) -> None:
    loaded = imported_by(f"import tui.cli.{module}")
    assert not loaded & {"textual", "server", "fastapi", "sqlalchemy"}


_FIRST_USES = """
import sys, threading
sys.setswitchinterval(1e-6)
from datetime import date
from tui.forms import locales, numbers
uses = (
    lambda: locales.locale_of("en_GB"),
    lambda: numbers.shown_number(5, "en_GB"),
    lambda: locales.written_day(date(2020, 1, 1), "en_GB"),
)
together, wrong = threading.Barrier(len(uses)), []
def run(use):
    together.wait()
    try:
        use()
    except ImportError as error:
        wrong.append(error)
threads = [threading.Thread(target=run, args=(use,)) for use in uses]
for thread in threads: thread.start()
for thread in threads: thread.join()
sys.exit(len(wrong))
"""


def test_languages_are_loaded_by_two_threads_at_once() -> None:
    done = [subprocess.run([sys.executable, "-c", _FIRST_USES], cwd=ROOT, check=False) for _ in range(5)]
    assert not any(run.returncode for run in done)


def test_parts_of_babel_are_taken_from_the_whole() -> None:
    """A part named by its own path does not wait for the package, which another thread may be loading."""
    trees = ((path, ast.parse(path.read_text("utf-8"))) for path in (ROOT / "tui").rglob("*.py"))
    named = [
        f"{path.name} imports {node.module}"
        for path, tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("babel.")
    ]
    assert not named


def test_the_client_loads_neither_screen_nor_server() -> None:
    loaded = imported_by("import client.api, client.session, client.auth.sign_in, client.drafts")
    assert "httpx" in loaded
    assert not loaded & {"textual", "tui", "server", "fastapi", "sqlalchemy"}


def test_the_first_key_waits_for_nothing_that_a_list_does_not_need() -> None:
    loaded = imported_by("import tui.app, tui.screens.customers, tui.screens.help")
    assert not loaded & {"httpx", "babel", "phonenumbers", "keyring", "client.api", "client.models.customer"}
    assert not loaded & {"tui.forms.page", "tui.screens.new_customer", "tui.screens.profile", "tui.tabs.all"}
    assert not loaded & {"textual.widgets._text_area", "client.models.money"}


def test_what_draws_qr_codes_is_loaded_when_one_is_drawn() -> None:
    loaded = imported_by("import tui.cli.login, tui.screens.sign_in, tui.screens.device_code, tui.qr")
    assert not loaded & {"segno", "httpx"}
    assert "segno" in imported_by("import tui.qr; assert tui.qr.half_blocks('x', 80, 24)")


def test_a_model_that_is_named_is_imported_and_no_other() -> None:
    loaded = imported_by("from client.models import Note")
    assert "client.models.note" in loaded
    assert not loaded & {"client.models.customer", "client.models.staff", "client.models.event"}


def test_types_are_checked_against_the_models_that_there_are() -> None:
    tree = ast.parse(Path(models.__file__).read_text(encoding="utf-8"))
    (block,) = (node for node in tree.body if isinstance(node, ast.If))
    declared = {
        (str(node.module).rpartition(".")[2], alias.name)
        for node in block.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert declared == {(module, name) for module, names in models._MODULES.items() for name in names.split()}
    for module, name in declared:
        assert getattr(models, name).__module__ == f"client.models.{module}"
    with pytest.raises(AttributeError):
        _ = models.Nonsense  # type: ignore[attr-defined]


def test_the_server_loads_no_screen() -> None:
    loaded = imported_by("import server.app, server.serve")
    assert not loaded & {"textual", "tui", "client.transport", "client.session"}


def test_nothing_is_read_from_the_environment_on_import() -> None:
    code = """
import importlib, os, pkgutil
import client, server, tui
class Watched(type(os.environ)):
    def __getitem__(self, name):
        assert not name.startswith("KEEPTABS"), name
        return super().__getitem__(name)
os.environ.__class__ = Watched
for package in (client, server, tui):
    for found in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
        if not found.name.endswith("__main__") and ".migrations" not in found.name:
            importlib.import_module(found.name)
"""
    imported_by(code)


def own_modules() -> Iterator[Path]:
    for path in sorted((ROOT / "tui").rglob("*.py")):
        if "terminal" not in path.relative_to(ROOT).parts:
            yield path


def _private(name: str) -> bool:
    return len(name) > 1 and name[0] == "_" and name[1] != "_"


def _defined(tree: ast.AST) -> set[str]:
    """Name the private attributes, methods, fields and variables of classes and modules that a text makes."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store | ast.Del):
            found.add(node.attr)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.add(node.name)
        if isinstance(node, ast.ClassDef | ast.Module):
            for statement in node.body:
                if isinstance(statement, ast.Assign | ast.AnnAssign):
                    targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
                    found.update(target.id for target in targets if isinstance(target, ast.Name))
    return {name for name in found if _private(name)}


def test_only_the_terminal_room_uses_private_parts_of_textual() -> None:
    trees = {path: ast.parse(path.read_text(encoding="utf-8")) for path in own_modules()}
    own = set().union(*(_defined(tree) for tree in trees.values()))
    assert not [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.attr}"
        for path, tree in trees.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and _private(node.attr) and node.attr not in own
    ]


@cache
def _made_by(base: type) -> frozenset[str]:
    """Name the private attributes that a class of Textual makes, in its body or in its methods."""
    names = {name for name in vars(base) if _private(name)}
    with contextlib.suppress(OSError, TypeError, SyntaxError):
        names |= _defined(ast.parse(inspect.cleandoc("\n" + inspect.getsource(base))))
    return frozenset(names)


def test_no_class_of_ours_hides_a_private_part_of_textual() -> None:
    clashes = []
    for path in own_modules():
        module = importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
        for name, made in vars(module).items():
            if not inspect.isclass(made) or made.__module__ != module.__name__:
                continue
            own = _defined(ast.parse(inspect.cleandoc("\n" + inspect.getsource(made))))
            for base in made.__mro__[1:]:
                if base.__module__.startswith("textual."):
                    clashes += [f"{module.__name__}.{name}: {one}" for one in own & _made_by(base)]
    assert not clashes
