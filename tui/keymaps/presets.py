"""Sets of keys to begin with. A preset names only what differs from the commands' own declarations."""

from collections.abc import Mapping
from typing import Final

PRESETS: Final[Mapping[str, Mapping[str, str]]] = {
    "default": {},
    # tmux, screen, zellij, docker and terminals' menus take these keys for themselves: only safe ones stay.
    "tmux-safe": {
        "show_help": "question_mark,f1",
        "open_palette": "f9",
        "new_customer": "f4",
        "filter_customers": "f3",
        "sort_customers": "f7",
        "show_recents": "f5",
        "pin_customer": "insert",
        "save_changes": "f2",
        "submit_form": "f2",
        "next_tab": "right_square_bracket",
        "previous_tab": "left_square_bracket",
        "quit": "f8",
    },
    "vim": {
        "mark_paid": "P",
        "take_payment": "P",
        "take_time": "T",
        "assign_again": "B",
        "end_sign_in": "X",
        "open_payment_page": "O",
        "miss_booking": "N",
        "fill_in": "F",
        "previous": "up,k",
        "next": "down,j",
        "page_back": "pageup,ctrl+u",
        "page_forward": "pagedown,ctrl+d",
        "first": "home,less_than_sign",
        "last": "end,G,greater_than_sign",
        "next_tab": "right_square_bracket,L",
        "previous_tab": "left_square_bracket,H",
        "edit": "e,i",
        "open_palette": "colon,ctrl+p,f9",
    },
}
