"""Kill the server under write load again and again: what it said it had saved must be there.

Run as `python -m benchmarks.killed_server [TIMES]`; QUALITY asks for 50 times on each database.
"""

import asyncio
import random
import sys
import tempfile
from pathlib import Path

from tests.postgresql import cluster
from tests.server.serving import add_admin
from tests.server.test_serve_killed import check, write_until_killed


def run(database: str, times: int) -> int:
    """Kill the server `times` times at random instants; give the number of saves it acknowledged."""
    add_admin(database)
    saves = 0
    for _ in range(times):
        with tempfile.TemporaryDirectory() as folder:
            seconds = random.uniform(0.05, 0.8)
            kept = asyncio.run(write_until_killed(database, Path(folder), seconds))
        check(database, kept)
        saves += sum(kept.versions.values())
    return saves


def main() -> None:
    times = int(sys.argv[1]) if len(sys.argv) > 1 else 50
    with tempfile.TemporaryDirectory() as folder:
        saves = run(f"{folder}/desk.db", times)
    print(f"SQLite: killed {times} times, {saves} acknowledged saves, 0 lost, 0 half histories")
    with cluster(durable=True) as url:
        saves = run(url, times)
    print(f"PostgreSQL: killed {times} times, {saves} acknowledged saves, 0 lost, 0 half histories")


if __name__ == "__main__":
    main()
