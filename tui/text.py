"""Text as the terminal shows it: measured in cells, on one line, never taken for markup."""

from rich.cells import cell_len, set_cell_size, split_graphemes

from client.text import clean

ELLIPSIS = "…"


def one_line(text: str) -> str:
    """Give `text` as it can stand on one line: harmless, line ends shown as `⏎`, tabs as blanks."""
    if text.isascii() and text.isprintable():
        return text
    return clean(text).replace("\n", " ⏎ ").replace("\t", " ")


def width_of(text: str) -> int:
    """Give how many cells `text` takes on the terminal."""
    return cell_len(text)


def fit(text: str, width: int) -> str:
    """Give `text` in exactly `width` cells: padded with blanks, or cut with an ellipsis."""
    if width <= 0:
        return ""
    text = one_line(text)
    if cell_len(text) <= width:
        return text + " " * (width - cell_len(text))
    return set_cell_size(text, width - 1) + ELLIPSIS


def column(text: str, width: int) -> str:
    """Give `text` in exactly `width` cells of which the last one is blank, before what stands beside it."""
    return fit(text, width - 1) + " "


def cut(text: str, width: int) -> str:
    """Give `text` in at most `width` cells, with an ellipsis where something is left out."""
    text = one_line(text)
    return text if cell_len(text) <= width else fit(text, width)


def wrap(text: str, width: int) -> list[str]:
    """Give `text` as lines of at most `width` cells, broken at blanks where there are any.

    Line ends in the text are kept; a word longer than a line is broken anywhere between clusters.
    """
    lines: list[str] = []
    for paragraph in clean(text).replace("\t", "    ").split("\n"):
        line = ""
        for word in paragraph.split(" "):
            joined = f"{line} {word}" if line else word
            if cell_len(joined) <= width:
                line = joined
                continue
            if line:
                lines.append(line)
            *whole, line = _pieces(word, width)
            lines.extend(whole)
        lines.append(line)
    return lines


def _pieces(word: str, width: int) -> list[str]:
    pieces, piece, taken = [], "", 0
    for start, end, cells in split_graphemes(word)[0]:
        if taken + cells > width and piece:
            pieces.append(piece)
            piece, taken = "", 0
        piece += word[start:end]
        taken += cells
    return [*pieces, piece]
