"""The same with curses, which writes changed cells only: what a frugal terminal program costs."""

import curses
import locale

from benchmarks.peers.bare_names import rows


def main(screen: "curses.window") -> None:
    curses.use_default_colors()
    typed, marked, first = "", 0, 0
    while True:
        height, width = screen.getmaxyx()
        screen.erase()
        screen.addstr(0, 0, " Keeptabs")
        for line, row in enumerate(rows(first, height - 4)):
            screen.addnstr(line + 2, 0, ("> " if line == marked else "  ") + "  ".join(row), width - 1)
        screen.addstr(height - 1, 0, " up/down move  Enter open"[: width - 1])
        screen.addnstr(1, 0, f" Find > {typed}", width - 1)
        screen.refresh()
        key = screen.getch()
        if key == curses.KEY_F8:
            return
        if key == curses.KEY_DOWN:
            marked += 1
        elif key == curses.KEY_NPAGE:
            first += height - 4
        elif 32 <= key < 127:
            typed += chr(key)


if __name__ == "__main__":
    locale.setlocale(locale.LC_ALL, "")
    curses.wrapper(main)
