"""What was seen before, on disk: found again whatever happened to it, bounded, and gone when it must be."""

import json
import stat
from pathlib import Path
from typing import Any

import pytest

from client import cache
from client.cache import SeenAnswers

pytestmark = pytest.mark.feature("F11.1")

ONE = "/v1/customers/0198-a"


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.time = 1_000_000.0

    def __call__(self) -> float:
        return self.time


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def seen(tmp_path: Path, clock: Clock) -> SeenAnswers:
    return again(tmp_path, clock)


def again(root: Path, clock: Clock, login: str = "anna") -> SeenAnswers:
    return SeenAnswers(root, "https://desk.example", login, now=clock)


def person(name: str = "Ann Salem", **parts: Any) -> dict[str, Any]:
    return {"id": "0198-a", "number": 1000, "display_name": name, **parts}


def files(root: Path) -> list[Path]:
    return [path for path in root.rglob("*") if path.is_file() and not path.name.endswith(".lock")]


def test_an_answer_is_found_by_another_process_with_its_tag_and_time(
    seen: SeenAnswers, tmp_path: Path, clock: Clock
) -> None:
    seen.keep(f"{ONE}?include=notes", '"3-abc"', person(notes={"items": []}))
    clock.time += 60
    found = again(tmp_path, clock).find(f"{ONE}?include=notes")
    assert found is not None
    assert (found.body, found.etag, found.as_of) == (person(notes={"items": []}), '"3-abc"', clock.time - 60)
    assert again(tmp_path, clock).find(f"{ONE}?include=contacts") is None
    assert again(tmp_path, clock, "bob").find(f"{ONE}?include=notes") is None


def test_what_the_server_vouches_for_is_as_young_as_that(seen: SeenAnswers, clock: Clock) -> None:
    seen.keep("/v1/labels", '"1"', {"items": []})
    clock.time += 500
    seen.vouched("/v1/labels")
    found = seen.find("/v1/labels")
    assert found is not None
    assert found.as_of == clock.time


def test_files_are_private(seen: SeenAnswers, tmp_path: Path) -> None:
    seen.keep(ONE, '"1"', person())
    seen.keep_rows([{"id": "a", "number": 1}])
    found = files(tmp_path)
    assert len(found) == 2
    assert {stat.S_IMODE(path.stat().st_mode) for path in found} == {0o600}
    assert {stat.S_IMODE(path.parent.stat().st_mode) for path in found} == {0o700}


def test_a_customer_is_put_together_from_answers_that_had_a_part_each(
    seen: SeenAnswers, clock: Clock
) -> None:
    seen.keep(f"{ONE}?include=notes,summary", '"1"', person(notes=["old"], summary={"overdue": True}))
    clock.time += 10
    seen.keep(
        f"{ONE}?include=notes,contacts", '"2"', person("Ann Salem", city="Rome", notes=["new"], contacts=[])
    )
    found = seen.find(f"{ONE}?include=contacts,summary,notes")
    assert found is not None
    assert found.body == person(city="Rome", notes=["new"], contacts=[], summary={"overdue": True})
    assert (found.etag, found.as_of) == ("", clock.time - 10)
    assert seen.find(f"{ONE}?include=notes,invoices") is None


def test_a_saved_record_takes_the_place_of_what_was_seen_of_it(seen: SeenAnswers) -> None:
    seen.keep(f"{ONE}?include=notes", '"1"', person(notes=["kept"], city="Rome"))
    seen.renew(ONE, person(version=2))
    found = seen.find(f"{ONE}?include=notes")
    assert found is not None
    assert (found.body, found.etag) == (person(version=2, notes=["kept"]), "")


def test_of_somebody_who_is_called_otherwise_nothing_older_is_shown(seen: SeenAnswers) -> None:
    seen.keep(f"{ONE}?include=contacts", '"1"', person(contacts=["a mother"]))
    seen.keep(f"{ONE}?include=notes", '"2"', person("Erased 1000", notes=[]))
    assert seen.find(f"{ONE}?include=contacts") is None
    assert seen.find(f"{ONE}?include=notes") is not None


def test_forgetting_a_customer_leaves_nothing_of_it_at_rest(seen: SeenAnswers, tmp_path: Path) -> None:
    seen.keep(f"{ONE}?include=notes", '"1"', person())
    seen.keep(f"{ONE}/invoices", '"1"', {"items": []})
    seen.keep("/v1/customers/0198-b", '"1"', {"id": "0198-b"})
    seen.keep_rows([{"id": "0198-a", "display_name": "Ann Salem"}, {"id": "0198-b"}])
    seen.forget(f"{ONE}?include=notes")
    assert seen.find(f"{ONE}/invoices") is None
    assert seen.find("/v1/customers/0198-b") is not None
    assert [row["id"] for row in seen.rows()] == ["0198-b"]
    assert not [path for path in files(tmp_path) if b"Ann Salem" in path.read_bytes()]


def test_forgetting_a_list_leaves_the_rest_of_the_customer(seen: SeenAnswers) -> None:
    seen.keep(ONE, '"1"', person())
    seen.keep(f"{ONE}/invoices?limit=5", '"1"', {"items": []})
    seen.keep(f"{ONE}/invoices/7", '"1"', {"id": "7"})
    seen.forget(f"{ONE}/invoices")
    assert seen.find(ONE) is not None
    assert seen.find(f"{ONE}/invoices?limit=5") is None
    assert seen.find(f"{ONE}/invoices/7") is None


def test_signing_out_leaves_nothing(seen: SeenAnswers, tmp_path: Path) -> None:
    seen.keep(ONE, '"1"', person())
    seen.keep_rows([{"id": "a"}])
    damaged = next(path for path in files(tmp_path) if path.suffix == ".seen")
    damaged.write_bytes(b"{broken")
    assert seen.find(ONE) is None  # set aside
    seen.clear()
    assert files(tmp_path) == []


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b'{"answers": {"x": []}}', b"\xff"])
def test_a_damaged_file_is_as_if_nothing_was_seen(seen: SeenAnswers, tmp_path: Path, content: bytes) -> None:
    seen.keep(ONE, '"1"', person())
    next(path for path in files(tmp_path)).write_bytes(content)
    assert seen.find(ONE) is None
    seen.keep(ONE, '"2"', person())
    assert seen.find(ONE) is not None


def test_what_is_kept_cannot_command_a_terminal(seen: SeenAnswers, tmp_path: Path) -> None:
    seen.keep(ONE, '"1"', person())
    file = files(tmp_path)[0]
    file.write_text(file.read_text().replace("Ann Salem", "Ann\\u001b[31m"))
    found = seen.find(ONE)
    assert found is not None
    assert found.body["display_name"] == "Ann[31m"


def test_it_is_bounded_in_number_bytes_and_age(
    seen: SeenAnswers, tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache, "MOST_FILES", 3)
    monkeypatch.setattr(cache, "MOST_ANSWERS", 2)
    monkeypatch.setattr(cache, "LONGEST", 200)
    for number in range(6):
        seen.keep(f"/v1/customers/{number}", '"1"', {"id": str(number)})
    assert len(files(tmp_path)) <= 4
    assert seen.find("/v1/customers/5") is not None
    for number in range(3):
        seen.keep(f"/v1/customers/5?include={number}", '"1"', {"id": "5"})
    assert seen.find("/v1/customers/5") is None
    seen.keep("/v1/customers/5?include=2", '"1"', {"id": "x" * 300})
    assert seen.find("/v1/customers/5?include=2") is None
    seen.keep("/v1/labels", '"1"', {"items": []})
    clock.time += cache.OLDEST_SECONDS + 1
    assert seen.find("/v1/labels") is None


def test_a_file_open_to_others_is_not_read(seen: SeenAnswers, tmp_path: Path) -> None:
    seen.keep(ONE, '"1"', person())
    files(tmp_path)[0].chmod(0o644)
    assert seen.find(ONE) is None


def test_rows_are_each_kept_once_and_bounded(seen: SeenAnswers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "MOST_ROWS", 2)
    seen.keep_rows([{"id": "a"}, {"id": "b"}, {"id": "a", "city": "Rome"}, {"id": "c"}])
    assert [row["id"] for row in seen.rows()] == ["a", "b"]
    assert json.dumps(seen.rows()[0]) == '{"id": "a", "city": "Rome"}'
