"""`python -m benchmarks`: the speed table. Times are for reading; only bytes are held by tests.

python -m benchmarks                     everything, with 5,000 customers
python -m benchmarks screen link         some of it: start, screen, link, load, search
python -m benchmarks load --customers 100000
"""

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from benchmarks import link, load, screen, start
from benchmarks.table import Line, printed
from tests.wire.office import PROJECT, Office, office, sample_database

_UNLIMITED = {"KEEPTABS_SERVER_REQUESTS_PER_MINUTE": "0", "KEEPTABS_SERVER_SIGN_IN_LIMITS": "false"}


def main() -> None:
    """Measure what was asked for and print it."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("parts", nargs="*", metavar="PART", help="start, screen, link, load, search")
    parser.add_argument("--customers", type=int, default=5000)
    parser.add_argument("--runs", type=int, default=5, help="how often to start (medians are printed)")
    parser.add_argument("--seconds", type=float, default=5.0, help="how long to load the server")
    arguments = parser.parse_args()
    sections: dict[str, tuple[str, Callable[[Office], list[Line]]]] = {
        "start": ("Start and size", lambda one: start.measure(one, arguments.runs) + start.resident(one)),
        "screen": ("The terminal at 80x24", screen.measure),
        "link": ("The link: requests, bytes up / down", link.measure),
        "load": ("The server", lambda one: load.measure(one, arguments.seconds)),
    }
    wanted = arguments.parts or [*sections, "search"]
    if unknown := set(wanted) - {*sections, "search"}:
        parser.error(f"there is no part {', '.join(sorted(unknown))}")
    with tempfile.TemporaryDirectory() as folder:
        database = sample_database(Path(folder) / "bench.sqlite", arguments.customers)
        with office(Path(folder), database, _UNLIMITED) as one:
            one.new_customer(given_name="Miles", family_name="Quill")
            for part, (title, measure) in sections.items():
                if part in wanted:
                    print(printed(f"{title} ({arguments.customers:,} customers)", measure(one)), flush=True)
    if "search" in wanted:
        command = [sys.executable, "-m", "benchmarks.search", "--size", str(max(arguments.customers, 10_000))]
        subprocess.run(command, cwd=PROJECT, check=True)


if __name__ == "__main__":
    main()
