"""How fast customers are found: `python -m benchmarks.search --size 100000 --database sqlite`.

Builds a database of synthetic customers, puts 2,000 mixed questions to it and prints budget beside figure.
"""

import argparse
import json
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from random import Random
from typing import Any

from sqlalchemy import Connection, insert
from sqlalchemy.sql.schema import CallableColumnDefault, ScalarElementColumnDefault

from benchmarks.search_customers import LABELS, customers
from client.fold import fold
from client.models.customer_search import CustomerSearch
from server.store import tables
from server.store.database import Database
from server.store.search import index_for

_BUDGETS = {
    "sqlite": {10_000: (0.25, 0.8), 100_000: (0.3, 1.4), 1_000_000: (0.5, 5.0)},
    "postgresql": {10_000: (1.1, 4.0), 100_000: (1.2, 3.6), 1_000_000: (1.5, 7.5)},
}
_ROUNDS = 3
"""Each question is put so often and the best time counts, so that a busy neighbour does not."""
_COLUMNS = [column.name for column in tables.customers.columns]


def build(database: Database, size: int) -> None:
    """Fill an empty database with customers and index them."""
    started = time.perf_counter()
    index = index_for(database.dialect)
    with database.engine.begin() as connection:
        index.drop(connection)
        tables.metadata.drop_all(connection)
        tables.metadata.create_all(connection)
        index.create(connection)
        now = next(customers(1))[0]["created_at"]
        connection.execute(
            insert(tables.labels),
            [
                {"id": f"label-{place:02}", "version": 1, "created_at": now, "updated_at": now, "name": name,
                 "name_key": fold(name), "color": "gray", "description": ""}
                for place, name in enumerate(LABELS)
            ],
        )  # fmt: skip
        _load(connection, size)
    print(f"  {size:,} customers stored in {time.perf_counter() - started:.0f} s", flush=True)
    started = time.perf_counter()
    with database.engine.begin() as connection:
        index.put_many(connection, customers(size))
    print(f"  indexed in {time.perf_counter() - started:.0f} s", flush=True)
    if database.dialect == "postgresql":
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")


def _load(connection: Connection, size: int) -> None:
    driver: Any = connection.connection.driver_connection
    columns = ", ".join(_COLUMNS)
    if connection.dialect.name == "sqlite":
        marks = ", ".join("?" * len(_COLUMNS))
        driver.executemany(f"INSERT INTO customers ({columns}) VALUES ({marks})", _stored(size))
        driver.executemany("INSERT INTO customer_labels VALUES (?, ?)", _labels(size))
        return
    with driver.cursor() as cursor:
        with cursor.copy(f"COPY customers ({columns}) FROM STDIN") as copy:
            for row in _stored(size):
                copy.write_row(row)
        with cursor.copy("COPY customer_labels FROM STDIN") as copy:
            for row in _labels(size):
                copy.write_row(row)


def _stored(size: int) -> Iterator[tuple[Any, ...]]:
    for customer, _ in customers(size):
        yield tuple(
            json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else value
            for value in (customer.get(name, _empty(name)) for name in _COLUMNS)
        )


def _empty(name: str) -> Any:
    """Give what a column holds of a customer of whom nothing is said there."""
    default: Any = tables.customers.columns[name].default
    if isinstance(default, CallableColumnDefault):
        made: Any = default.arg
        return made(None)
    return default.arg if isinstance(default, ScalarElementColumnDefault) else None


def _labels(size: int) -> Iterable[tuple[str, str]]:
    return ((customer["id"], label) for customer, labels in customers(size) for label in labels)


class Question:
    """One search, and the customer that it must have on page one where there is one."""

    def __init__(self, kind: str, q: str, wanted: str | None = None, **rest: Any) -> None:
        self.kind = kind
        self.wanted = wanted
        self.search = CustomerSearch(q=q[:200], **rest)


def questions(size: int, count: int = 2_000) -> Iterator[Question]:
    """Give mixed questions about customers that are there."""
    dice = Random(11)
    step = max(1, size // count)
    sample = [customer for place, (customer, _) in enumerate(customers(size)) if place % step == 0]
    dice.shuffle(sample)
    kinds = [_prefix, _prefix, _prefix, _two_words, _two_words, _typo, _phone, _phone, _email, _label, _deep]
    for place, customer in enumerate(sample[:count]):
        archived = "any" if customer["archived_at"] else "no"
        yield kinds[place % len(kinds)](dice, customer, archived)


def _prefix(dice: Random, customer: dict[str, Any], archived: str) -> Question:
    word = dice.choice(customer["display_name"].split())
    return Question("prefix", word[: dice.randrange(1, 9)], archived=archived)


def _two_words(dice: Random, customer: dict[str, Any], archived: str) -> Question:
    words = customer["display_name"].split()
    dice.shuffle(words)
    whole = dice.random() < 0.5
    typed = " ".join(word if whole else word[: dice.randrange(1, 6)] for word in words)
    if whole:
        typed += " " + customer["city"][:4]
    return Question("two words", typed, customer["id"] if whole else None, archived=archived)


def _typo(dice: Random, customer: dict[str, Any], archived: str) -> Question:
    words = customer["display_name"].split()
    place = max(range(len(words)), key=lambda number: len(words[number]))
    word = fold(words[place])
    if len(word) < 5 or not word.isascii():
        return _prefix(dice, customer, archived)
    spot = dice.randrange(1, len(word) - 1)
    changed = (
        word[:spot] + word[spot + 1 :],
        word[:spot] + dice.choice("xqwkz") + word[spot:],
        word[:spot] + dice.choice("xqwkz") + word[spot + 1 :],
        word[:spot] + word[spot + 1] + word[spot] + word[spot + 2 :],
    )[dice.randrange(4)]
    words[place] = changed
    return Question("typo", " ".join([*words, customer["city"][:4]]), customer["id"], archived=archived)


def _phone(dice: Random, customer: dict[str, Any], archived: str) -> Question:
    digits = customer["primary_phone"][1:]
    style = dice.randrange(4)
    if style == 0:
        length = dice.randrange(3, 9)
        return Question("phone", digits[-length:], customer["id"] if length > 6 else None, archived=archived)
    if style == 1:
        start = dice.randrange(2, 6)
        return Question("phone", digits[start : start + dice.randrange(3, 7)], archived=archived)
    if style == 2:
        typed = f"+{digits[:2]} {digits[2:5]}-{digits[5:]}"
        return Question("phone", typed, customer["id"], archived=archived)
    return Question("phone", f"00{digits[: dice.randrange(4, 9)]}", archived=archived)


def _email(dice: Random, customer: dict[str, Any], archived: str) -> Question:
    address = customer["primary_email"]
    if not address:
        return _phone(dice, customer, archived)
    style = dice.randrange(4)
    if style == 0:
        return Question("e-mail", address, customer["id"], archived=archived)
    if style == 1:
        return Question("e-mail", address[: dice.randrange(4, 12)], archived=archived)
    start = dice.randrange(1, 4)
    length = dice.randrange(4, 10)
    return Question("e-mail", address[start : start + length], archived=archived)


def _label(dice: Random, customer: dict[str, Any], archived: str) -> Question:
    word = dice.choice(customer["display_name"].split())[: dice.randrange(1, 4)]
    label = dice.choice(LABELS)
    if dice.random() < 0.5:
        return Question("label", f"{label.split()[0]} {word}", archived=archived)
    return Question("label", word, archived=archived, label=[label], status=["active"])


def _deep(dice: Random, customer: dict[str, Any], archived: str) -> Question:
    word = dice.choice(customer["display_name"].split())
    return Question("deep pages", word[: dice.randrange(1, 4)], archived=archived)


def measure(database: Database, size: int, asked: list[Question]) -> None:
    """Put every question and print the figures."""
    index = index_for(database.dialect)
    times: dict[str, list[float]] = defaultdict(list)
    slow: list[tuple[float, str, str]] = []
    found: dict[str, list[bool]] = defaultdict(list)

    def ask(connection: Connection, question: Question) -> None:
        pages = 6 if question.kind == "deep pages" else 1
        search = question.search
        for _ in range(pages):
            taken = 1e9
            for _ in range(_ROUNDS):
                started = time.perf_counter()
                page = index.find(connection, search)
                taken = min(taken, 1000 * (time.perf_counter() - started))
            times[question.kind].append(taken)
            slow.append((taken, question.kind, search.q))
            if page.next_cursor is None:
                break
            search = search.model_copy(update={"cursor": page.next_cursor})
        if question.wanted is not None:
            kind = "typo" if question.kind == "typo" else "wanted"
            hit = question.wanted in {item["id"] for item in page.items}
            found[kind].append(hit)
            if not hit:
                missed.append(search.q)

    missed: list[str] = []
    for question in asked[:200]:  # warms what a server that runs has warm
        database.read_now(lambda connection, question=question: ask(connection, question))  # type: ignore[misc]
    for kept in (times, slow, found, missed):
        kept.clear()
    for question in asked:
        database.read_now(lambda connection, question=question: ask(connection, question))  # type: ignore[misc]
    for kind, taken in times.items():
        print(f"  {kind:12} {_figures(taken)}")
    everything = [taken for kind in times.values() for taken in kind]
    print(f"  {'all':12} {_figures(everything)}")
    budget = _BUDGETS[database.dialect].get(size)
    if budget:
        print(f"  {'budget':12} p50 {budget[0]:7.2f}  p99 {budget[1]:7.2f} ms")
    for kind, hits in found.items():
        bar = 99.0 if kind == "typo" else 98.5
        print(f"  {kind} on page one: {100 * statistics.mean(hits):.1f} % of {len(hits)} (bar {bar} %)")
    print("  slowest:", ", ".join(f"{q!r} {taken:.1f}" for taken, _, q in sorted(slow, reverse=True)[:8]))
    if missed:
        print("  missed:", missed[:8])


def _figures(taken: list[float]) -> str:
    taken = sorted(taken)
    return (
        f"p50 {taken[len(taken) // 2]:7.2f}  p99 {taken[int(len(taken) * 0.99)]:7.2f}"
        f"  worst {taken[-1]:7.2f} ms  ({len(taken)})"
    )


def main() -> None:
    """Read the arguments and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=10_000)
    parser.add_argument("--database", default="sqlite")
    parser.add_argument("--keep", action="store_true")
    arguments = parser.parse_args()
    size = arguments.size
    url = arguments.database
    if url == "sqlite":
        url = f"sqlite:///{tempfile.mkdtemp()}/search.db"
    database = Database(url)
    print(f"{database.dialect}, {size:,} customers")
    if not arguments.keep:
        build(database, size)
    measure(database, size, list(questions(size)))


if __name__ == "__main__":
    main()
