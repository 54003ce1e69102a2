"""What travels on the link for what people do, held to budgets: bytes of plain HTTP on a warm connection."""

from collections.abc import Iterator

import pytest

from tests.wire.office import Office
from tests.wire.proxy import CountingProxy
from tests.wire.pty_terminal import PtyTerminal


@pytest.fixture
def proxy(shared_office: Office) -> Iterator[CountingProxy]:
    """Give the way to the office on which bytes are counted; someone is signed in on it."""
    shared_office.new_customer(given_name="Lina", family_name="Quillon")
    with CountingProxy(shared_office.url) as counting:
        shared_office.sign_in(counting.url)
        yield counting


def opened(office: Office, proxy: CountingProxy) -> PtyTerminal:
    terminal = office.open("--server", proxy.url)
    terminal.wait_for(" customers")
    terminal.wait_quiet(0.6)
    return terminal


def cost(proxy: CountingProxy, terminal: PtyTerminal, *keys: str, until: str) -> tuple[int, int, int]:
    """Press keys, and give requests, bytes up and bytes down until it is quiet."""
    proxy.reset()
    terminal.press(*keys)
    terminal.wait_for(until)
    terminal.wait_quiet(0.5)
    return proxy.requests, proxy.up, proxy.down


def within(spent: tuple[int, int, int], requests: int, up: int, down: int) -> bool:
    """Say whether a budget holds, and print what was spent."""
    print(spent)
    return all(one <= most for one, most in zip(spent, (requests, up, down), strict=True))


def test_a_job_on_the_link(shared_office: Office, proxy: CountingProxy) -> None:
    terminal = opened(shared_office, proxy)
    first = proxy.down
    terminal.press("f8")
    terminal.wait_exit()
    proxy.reset()
    terminal = opened(shared_office, proxy)
    assert within((proxy.requests, proxy.up, proxy.down), 2, 400, 2_300)
    assert proxy.down < first - 500  # what the server is was kept from the first start
    assert within(cost(proxy, terminal, "quillon", until="Lina Quillon"), 1, 250, 600)
    assert within(cost(proxy, terminal, "enter", until="2 Contact"), 1, 250, 900)
    terminal.wait_quiet(2.5)  # it is followed from now on
    assert within(cost(proxy, terminal, "2", until="Date of birth"), 1, 250, 900)
    cost(proxy, terminal, "e", "\x15Lena Quillon", "enter", until="1 unsaved")
    assert within(cost(proxy, terminal, "\x1bOQ", until="Saved"), 1, 450, 400)
