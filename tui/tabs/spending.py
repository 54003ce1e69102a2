"""What a customer owes and spends: the line that the eye meets first, and a small chart of the months."""

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import Final

from client.models.money import Money, money, total
from client.models.purchase import Spending
from tui.forms.formats import Formats
from tui.forms.locales import locale_of, plain
from tui.forms.part import Part
from tui.text import fit, width_of
from tui.widgets.lines import Row, Span, within

Told = Callable[[], Spending | None]
"""Gives what the server told last, None where nothing has come yet."""

_EIGHTHS: Final = " ▁▂▃▃▅▆▇█"
"""Without the half block: where only ASCII can be shown, letters are drawn with it, and it looks full."""
_SUM: Final = "sum"
_ROWS: Final = 4
_COLUMN: Final = 5
_NARROWEST: Final = 3


class DebtPart(Part):
    """Balance, what is overdue of it, and all that was ever spent."""

    include = "spending"

    def __init__(self, told: Told, formats: Formats) -> None:
        self._told = told
        self._formats = formats

    def rows(self, width: int, label_width: int) -> Sequence[Row]:
        """Give one line where it has room, else one for each."""
        del label_width
        spending = self._told()
        if spending is None:
            return [self.awaited]
        pieces = [
            (Span(" Balance ", "label"), Span(self._sum(spending.balance, "nothing"), "title")),
            (Span(" Spent ", "label"), Span(self._sum(spending.spent, "nothing"), "title")),
        ]
        if spending.overdue:
            pieces.insert(1, (Span(" OVERDUE ", "bad"), Span(self._sum(spending.overdue, ""), "bad")))
        in_one = [span for piece in pieces for span in (*piece, Span("  "))]
        if sum(width_of(span.text) for span in in_one) <= width:
            return [Row(tuple(in_one))]
        return [Row(within(piece, width)) for piece in pieces]

    def _sum(self, parts: Sequence[Money], nothing: str) -> str:
        return " + ".join(self._formats.money(one.amount, one.currency) for one in parts) or nothing


class ChartPart(Part):
    """Spend by month, this month last."""

    include = "spending"

    def __init__(self, told: Told, formats: Formats) -> None:
        self._told = told
        self._formats = formats

    @property
    def heading(self) -> str:  # type: ignore[override]
        """Say what the chart shows; nothing where it would show nothing."""
        return "Spend by month" if self._months() else ""

    def rows(self, width: int, label_width: int) -> Sequence[Row]:
        """Give the bars, the months below them, then what they come to."""
        del label_width
        months = self._months()
        if not months:
            return []
        shown = months[-max(1, min(len(months), (width - 1) // _NARROWEST)) :]
        column = min(_COLUMN, (width - 1) // len(shown))
        amounts = [spent.exact for _, spent in shown]
        rows = [Row((Span(" "), Span(line, "accent"))) for line in bars(amounts, column)]
        names = "".join(fit(_head(self._name(month), column - 1), column) for month, _ in shown)
        return [*rows, Row((Span(f" {names}", "muted"),)), self._summary(shown, width)]

    def _summary(self, shown: Sequence[tuple[date, Money]], width: int) -> Row:
        currency = shown[0][1].currency
        in_all = total((spent for _, spent in shown), currency)
        average = money(in_all.exact / len(shown), currency)
        month, most = max(shown, key=lambda one: one[1].exact)
        told = (
            ("Sum ", in_all, ""),
            ("average ", average, " a month"),
            ("most ", most, f" in {self._name(month)}"),
        )
        spans = [Span(" ")]
        for before, amount, behind in told:
            spans.append(Span(before, "label"))
            spans.append(Span(self._formats.money(amount.amount, amount.currency)))
            spans.append(Span(f"{behind}   ", "muted"))
        # Marked, so that whoever goes to the end sees the chart above it.
        return Row(within(spans, width), _SUM)

    def _months(self) -> list[tuple[date, Money]]:
        spending = self._told()
        spent = spending is not None and any(one.amount.minor for one in spending.months)
        months = spending.months if spending is not None and spent else []
        return [(date.fromisoformat(f"{one.month}-01"), one.amount) for one in months]

    def _name(self, month: date) -> str:
        names = locale_of(self._formats.dates).months["stand-alone"]["abbreviated"]
        return plain(str(names[month.month])).rstrip(".")


def _head(name: str, width: int) -> str:
    """Give the beginning of a name, without a mark that it goes on."""
    while width_of(name) > width:
        name = name[:-1]
    return name


def bars(amounts: Sequence[Decimal], column: int, rows: int = _ROWS) -> list[str]:
    """Draw bars from top to bottom, each `column` cells wide with a gap: the largest takes all the rows.

    Whatever is more than nothing is seen as more than nothing.
    """
    largest = max(amounts, default=Decimal(0))
    heights = []
    for amount in amounts:
        height = int((amount * 8 * rows / largest).to_integral_value()) if largest > 0 else 0
        heights.append(max(height, 1 if amount > 0 else 0))
    return [
        "".join(
            _EIGHTHS[min(8, max(0, height - 8 * below))] * (column - 1) + " " for height in heights
        ).rstrip()
        for below in reversed(range(rows))
    ]
