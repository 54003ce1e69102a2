"""Requests and bytes on the link for what people do: TCP payload of plain HTTP/1.1 on a warm connection.

With TLS 1.3 and IP each segment costs about 75 bytes more, which the budgets include.
"""

from benchmarks.table import Line, count
from tests.wire.office import Office
from tests.wire.proxy import CountingProxy
from tests.wire.pty_terminal import PtyTerminal


def measure(office: Office) -> list[Line]:
    """Do each act behind a counting proxy and give what passed."""
    with CountingProxy(office.url) as proxy:
        office.sign_in(proxy.url)
        proxy.reset()
        _opened(office, proxy).__exit__(None, None, None)
        lines = [_counted(proxy, "first start after signing in", "")]
        proxy.reset()
        terminal = _opened(office, proxy)
        lines.append(_counted(proxy, "start with a cached session", "<= 2 requests, 2,000"))
        acts: tuple[tuple[str, str, list[str]], ...] = (
            ("search, a screenful of rows", "1 request, 250 / 1,000", ["m"]),
            ("search, one customer", "1 request, 250 / 1,000", ["iles q"]),
            ("open a profile", "1 request, 250 / 900", ["enter"]),
            ("  begin to follow it", "304 of 420", []),
            ("tab", "0 or 1 request, 250 / 900", ["2"]),
            ("edit a field", "0", ["e", "\x15Myles Quill", "enter"]),
            ("save one field", "1 request, 450 / 400", ["\x1bOQ"]),
            ("take it back", "1 request, 450 / 400", ["u"]),
            ("idle for 5 s", "0", []),
        )
        for name, budget, keys in acts:
            proxy.reset()
            terminal.press(*keys)
            terminal.wait_quiet(5.0 if not keys else 1.0)
            lines.append(_counted(proxy, name, budget))
        terminal.__exit__(None, None, None)
    return lines


def _opened(office: Office, proxy: CountingProxy) -> PtyTerminal:
    terminal = office.open("--server", proxy.url)
    terminal.wait_for(" customers")
    terminal.wait_quiet(1.0)
    return terminal


def _counted(proxy: CountingProxy, name: str, budget: str) -> Line:
    return Line(name, budget, f"{proxy.requests} requests, {count(proxy.up)} / {count(proxy.down)}")
