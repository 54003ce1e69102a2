"""Kill the application while somebody types, again and again: nothing older than a second may be lost.

Run as `python -m benchmarks.killed_app [TIMES]`; the bar is 200 times.
"""

import json
import random
import re
import signal
import sys
import tempfile
import time
from pathlib import Path

from client.drafts import Draft, DraftStore
from tests.wire.office import LOGIN, Office, office, sample_database

_TYPED = re.compile(r'"(abc[a-j]*)"')
ALLOWED = 1.0
"""Seconds of typing that a crash may cost."""


def type_until_killed(one: Office, customer_id: str, chance: random.Random) -> int:
    """Type into the customer's name, kill the application at some instant, give the letters lost."""
    terminal = one.open()
    terminal.wait_for(" customers")
    terminal.type("quexley\r2e\x15")
    terminal.wait_for("Enter keep")
    killed_at = time.perf_counter() + chance.uniform(0.5, 4.0)
    typed: list[float] = []
    while time.perf_counter() < killed_at:
        terminal.type("abcdefghij"[len(typed) % 10])
        typed.append(time.perf_counter())
        time.sleep(chance.choice((0.02, 0.05, 0.1, 0.3)))
    terminal.send(signal.SIGKILL)
    killed = time.perf_counter()
    terminal.wait_exit()
    terminal.__exit__(None, None, None)
    drafts = DraftStore(one.folder / "xdg_state_home" / "keeptabs", one.url, LOGIN)
    draft = drafts.load(f"customers/{customer_id}")
    kept = max((len(text) for text in _texts(draft)), default=0)
    drafts.discard(f"customers/{customer_id}")
    return max(0, sum(moment < killed - ALLOWED for moment in typed) - kept)


def _texts(draft: Draft | None) -> list[str]:
    """Give the texts in a draft that were typed here."""
    return [] if draft is None else _TYPED.findall(json.dumps([draft.patch, draft.typed]))


def main() -> None:
    """Do it as often as asked, and say how much was lost."""
    times = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    chance = random.Random(1)
    lost = 0
    with tempfile.TemporaryDirectory() as folder:
        database = sample_database(Path(folder) / "killed.sqlite", 50)
        with office(Path(folder), database) as one:
            made = one.new_customer(given_name="Miles", family_name="Quexley")
            for number in range(times):
                letters = type_until_killed(one, made["id"], chance)
                lost += letters
                if letters:
                    print(f"  time {number + 1}: {letters} letters lost", flush=True)
    print(f"killed {times} times while typing: {lost} letters older than {ALLOWED} s lost")


if __name__ == "__main__":
    main()
