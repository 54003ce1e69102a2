"""Makes the sample business of the demo, as a process of its own: `python -m server.sample DATABASE N`.

The server's modules and the sample take 25 MB, which the application would hold for as long as it is open.
The password of all accounts is read from stdin. What a person should know while waiting is printed to stdout;
why there is no business is the last line on stderr, with exit code 1.
"""

import sys
from datetime import date

from server.auth.passwords import Passwords
from server.config import ServerSettings
from server.opening import CannotStart, open_database, shown_url
from server.sample.load import is_sample, let_in, load


def main(database: str, count: int, password: str) -> int:
    """Make the business where there is none yet, and let everybody in with this password."""
    try:
        opened = open_database(database)
    except CannotStart as reason:
        return _refuse(str(reason))
    try:
        found = opened.read_now(is_sample)
        if found is False:
            return _refuse(f"{shown_url(database)} has customers of its own; the demo needs an empty one.")
        if found is None:
            print(f"Preparing Riverside, a sample business of {count:,} customers …", flush=True)  # noqa: T201 - read by the demo
            opened.write_now(lambda connection: load(connection, count, date.today()))  # noqa: DTZ011 - the person's day
        passwords = Passwords(ServerSettings())
        hashed = passwords.hash_now(password)
        passwords.close()
        opened.write_now(lambda connection: let_in(connection, hashed))
    finally:
        opened.close()
    return 0


def _refuse(reason: str) -> int:
    print(reason, file=sys.stderr)  # noqa: T201 - read by the demo
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2]), sys.stdin.read()))
