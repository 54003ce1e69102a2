"""The documents say what is so."""

import re
from pathlib import Path

from tests.features import TABLE, marked_tests, problems, rows
from tests.keys import PAGE, page
from tui.cli.parser import SUBCOMMANDS

ROOT = Path(__file__).parents[2]
DOCUMENTS = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), ROOT / "themes" / "README.md"]


def test_the_table_of_features_and_the_tests_agree() -> None:
    table = rows(TABLE.read_text(encoding="utf-8"))
    assert len(table) > 60
    assert not list(problems(table, marked_tests()))


def test_the_table_of_keys_is_what_the_commands_say() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "make keys"


def test_every_link_within_the_repository_leads_somewhere() -> None:
    assert not [
        f"{document.relative_to(ROOT)}: {target}"
        for document in DOCUMENTS
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", document.read_text(encoding="utf-8"))
        if not (document.parent / target).exists()
    ]


def test_commands_in_the_documents_exist() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    wrong = []
    for document in DOCUMENTS:
        if document.name == "features.md":
            continue
        text = document.read_text(encoding="utf-8")
        code = "\n".join(re.findall(r"```.*?```|`[^`\n]+`", text, re.DOTALL))
        wrong += [
            f"{document.name}: make {one}"
            for one in re.findall(r"\bmake ([a-z-]+)", code)
            if one not in targets
        ]
        wrong += [
            f"{document.name}: keeptabs {one}"
            for one in re.findall(r"\bkeeptabs ([a-z]+)", code)
            if one not in SUBCOMMANDS
        ]
    assert not wrong


def test_every_decision_has_the_same_parts() -> None:
    for decision in sorted((ROOT / "docs" / "decisions").glob("0*.md")):
        text = decision.read_text(encoding="utf-8")
        assert re.match(r"# \d{4} ", text), decision.name
        for part in ("## Why", "## What follows"):
            assert part in text, f"{decision.name}: {part}"
        assert text.count("\n") < 60, f"{decision.name} is more than a page"
