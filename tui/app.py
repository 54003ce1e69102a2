"""The application: what screens share, how one follows another, and little else."""

import os
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from textual.app import App, SystemCommand
from textual.driver import Driver
from textual.screen import Screen

from client.errors import CustomerApiError
from client.models import CustomerRow
from tui.commands import CommandHost, everywhere, lists
from tui.options import OpenOptions
from tui.screens.answering import take_call
from tui.screens.base import AppScreen
from tui.screens.link import TellsOfLink
from tui.screens.locking import Lockable, once_open
from tui.screens.telling_unsent import TellsUnsent
from tui.services.calls import CallLine, folder_for_calls
from tui.services.config import Config, KeysConfig, Loaded, configured
from tui.services.desk import Desk
from tui.terminal.asking_driver import redraw
from tui.terminal.clipboard import send_to_clipboard
from tui.terminal.faults import OrderlyFaults
from tui.terminal.signals import has_shell, suspend
from tui.text import cut
from tui.theming.choice import ChosenTheme, by_terminal
from tui.theming.files import find_themes, folders
from tui.theming.for_textual import as_textual


class KeeptabsApp(OrderlyFaults, Lockable, TellsOfLink, TellsUnsent, CommandHost, App[int]):
    """Keeptabs on a terminal."""

    OFFERS = (
        everywhere.ShowHelp,
        everywhere.OpenPalette,
        everywhere.SwitchCustomer,
        everywhere.Redraw,
        *lists.MANAGING,
        everywhere.ShowUnsent,
        everywhere.ChooseTheme,
        everywhere.SignOut,
        everywhere.Suspend,
        everywhere.Quit,
    )
    CSS_PATH = "app.tcss"
    ENABLE_COMMAND_PALETTE = False
    TITLE = "Keeptabs"

    def __init__(
        self,
        desk: Desk,
        options: OpenOptions | None = None,
        driver_class: type[Driver] | None = None,
        config: Loaded | None = None,
    ) -> None:
        without_colour = options is not None and options.terminal is not None and not options.terminal.colours
        # Told at once: Textual decides here how it takes colours out, and greys would be left otherwise.
        super().__init__(driver_class=driver_class, ansi_color=True if without_colour else None)
        self.desk = desk
        self.calls = CallLine(folder_for_calls(os.environ), lambda number: take_call(self, number))
        desk.tell = self.tell
        desk.counted = self.unsent_counted
        self.options = options or OpenOptions()
        self.animation_level = "none"
        self.themes = find_themes(folders())
        for theme in self.themes.themes.values():
            self.register_theme(as_textual(theme))
        usual = by_terminal(self.options.terminal, os.environ)
        wanted = self.options.theme or ChosenTheme(desk.root).load()
        # A terminal of few colours shows one of true colour unreadably, whoever asked for it.
        few = usual != "dark" and wanted in self.themes.themes and not self.themes.themes[wanted].ansi
        self.theme = wanted if wanted in self.themes.themes and not few else usual

        self.shows_links = self.options.terminal is not None and self.options.terminal.shows_links
        """Whether the terminal takes OSC 8 hyperlinks, or at least passes over them."""
        self.config = config or Loaded(Config())
        self.remapped_keys: Mapping[str, str] = {}
        """Keys that differ from the commands' own, by command."""
        self.problems = [*self.config.problems, *self.themes.problems, *self.themes.lacking(wanted)]
        """What in the person's files could not be used, a sentence each."""
        self._take_keys(self.config.config.keys)
        self.begin_locking(self.config.config.lock_seconds, self.options.lock_hint)

    def _take_keys(self, keys: KeysConfig) -> None:
        if keys.preset == "default" and not keys.own:
            return
        from tui.keymaps.registry import keymap_of

        keymap = keymap_of(keys.preset, keys.own)
        self.problems += keymap.problems
        self.remapped_keys = keymap.keys
        self.set_keymap(dict(keymap.keys))

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """Give none: Textual's own would write customers to disk as screenshots."""
        del screen
        return ()

    async def on_mount(self) -> None:
        """Show the list where a session is cached, else ask for one; a screen left locked is locked still."""
        if self.desk.session is not None and self.desk.session.locked:
            self.lock(asked=False)
        elif self.desk.signed_in:
            self.show_customers()
        else:
            self.show_sign_in()
        await self.calls.open()

    async def on_unmount(self) -> None:
        """Let the connections go."""
        await self.calls.close()
        await self.desk.close()

    def show_customers(self) -> None:
        """Make the list of customers the first screen."""
        from tui.screens.customers import CustomersScreen

        self._restart_with(CustomersScreen())
        if self.options.call:
            take_call(self, self.options.call)
            self.options = replace(self.options, call="")

    def show_sign_in(self, reason: str = "") -> None:
        """Ask for name and password, saying why. Several requests may find a session over at once."""
        from tui.screens.sign_in import SignInScreen

        if not isinstance(self.screen, SignInScreen):
            self._restart_with(SignInScreen(reason))

    @once_open
    def open_customer(self, customer_id: str, row: CustomerRow | None = None) -> None:
        """Show a customer's profile; one that is open already comes to the front as it was left."""
        from tui.screens.profile import ProfileScreen

        shown = self.desk.open_profiles.get(customer_id)
        if shown is None:
            shown = self.desk.open_profiles[customer_id] = ProfileScreen(customer_id, row)
            self.install_screen(shown, f"customer-{customer_id}")
        while isinstance(self.screen, ProfileScreen):
            self.pop_screen()
        if self.screen is not shown:
            self.push_screen(shown)

    @once_open
    def back_to_list(self) -> None:
        """Show the list of customers; profiles stay open."""
        while isinstance(self.screen, AppScreen) and len(self.screen_stack) > 2:
            self.pop_screen()

    @once_open
    def leave_profile(self, left_unsaved: str = "") -> None:
        """Go back to where a profile was opened; it stays open. `left_unsaved` names unsaved changes."""
        self.pop_screen()
        if left_unsaved and isinstance(self.screen, AppScreen):
            self.screen.say(f"{left_unsaved}: unsaved changes are kept, F6 goes back to them.", "warn")

    @once_open
    def search_again(self) -> None:
        """Show the list with an empty search box."""
        from tui.screens.customers import CustomersScreen

        self.back_to_list()
        if isinstance(self.screen, CustomersScreen):
            self.screen.box.start_over()

    @once_open
    def close_customer(self, customer_id: str) -> None:
        """Take a profile off the switcher and off the screen. Its draft stays on disk."""
        shown = self.desk.open_profiles.pop(customer_id, None)
        if shown is None:
            return
        if self.screen is shown:
            self.pop_screen()
        self.uninstall_screen(shown)
        shown.remove()
        self.desk.follow_changes()

    @once_open
    def copy_to_clipboard(self, text: str) -> None:
        """Send `text` to the terminal's clipboard and say so where there is a line to say it."""
        sent = send_to_clipboard(self, text)
        if isinstance(self.screen, AppScreen):
            shown = cut(text, 40)
            self.screen.say(
                f"Sent to the terminal's clipboard: {shown}" if sent else f"Too long to copy: {shown}"
            )

    @once_open
    def tell(self, problem: CustomerApiError) -> None:
        """Say what failed behind the screen in front."""
        if isinstance(self.screen, AppScreen):
            self.screen.say(problem.sentence, "bad")

    def before_exit(self) -> None:
        """Write drafts: the driver calls this when a signal ends the application."""
        self.desk.flush()

    def holds_keys(self) -> bool:
        """Say whether the driver shall keep keys back until what they are meant for is there."""
        return isinstance(self.screen, AppScreen) and self.screen.holds_keys

    def do_show_help(self) -> None:
        """Show the keys of the screen in front."""
        from tui.screens.help import HelpScreen

        self.push_screen(HelpScreen.of(self.screen))

    def do_open_palette(self) -> None:
        """Offer every command by name, those that work now."""
        from tui.screens.palette import open_palette

        open_palette(self)

    def do_switch_customer(self) -> None:
        """Offer the open customers."""
        from tui.screens.switcher import open_switcher

        open_switcher(self)

    def do_choose_theme(self) -> None:
        """Offer the themes, each shown live."""
        from tui.screens.themes import choose_theme

        choose_theme(self)

    def do_redraw(self) -> None:
        """Paint every cell again."""
        redraw(self)

    def can(self, name: str) -> bool:
        """Offer what there is a session for."""
        if name == "suspend":
            return has_shell()
        if name.startswith("manage_"):
            collection = name.removeprefix("manage_").replace("_", "-")
            return self.desk.signed_in and self.desk.may(f"{collection}:write")
        if name in ("how_the_link_is", "lock_the_screen", "sign_out", "switch_customer"):
            return self.desk.signed_in
        return super().can(name)

    async def action_command(self, name: str, *key: str) -> None:
        """Do a command; those that manage a list are all alike."""
        collection = name.removeprefix("manage_")
        if collection == name:
            await super().action_command(name, *key)
            return
        from tui.screens.record_list import RecordsScreen
        from tui.tabs.reference_lists import REFERENCE_LISTS

        self.push_screen(RecordsScreen(REFERENCE_LISTS[collection]))

    def do_suspend(self) -> None:
        """Stop until the shell lets the process go on."""
        suspend()

    def do_quit(self) -> None:
        """Leave; drafts stay on disk."""
        self.desk.flush()
        self.exit(0)

    def action_help_quit(self) -> None:
        """Say how to leave when somebody presses Ctrl+C."""
        if isinstance(self.screen, AppScreen):
            self.screen.say("To leave Keeptabs press Ctrl+Q or F8. Drafts are kept.")

    def _restart_with(self, screen: Screen[Any]) -> None:
        self.drop_lock()
        while len(self.screen_stack) > 1:
            self.pop_screen()
        for customer_id in list(self.desk.open_profiles):
            shown = self.desk.open_profiles.pop(customer_id)
            self.uninstall_screen(shown)
            shown.remove()
        self.push_screen(screen)


def open_app(options: OpenOptions) -> int:
    """Open the application on this terminal and stay until it is left. Gives the exit code."""
    from tui.terminal.driver import driver_for

    loaded = configured(options.profile)
    config = loaded.config
    options = replace(
        options,
        server=options.server or config.server or None,
        user=options.user or config.user or None,
        theme=options.theme or config.theme or None,
        read_only=options.read_only or config.read_only,
    )
    desk = Desk.for_options(options)
    desk.downloads, desk.frugality, desk.keeps = config.downloads, config.frugal, config.keep_customers
    app = KeeptabsApp(desk, options, driver_for(options), loaded)
    result = app.run(mouse=False)
    app.raise_fault()
    app.tell_what_waits()
    return app.return_code or 0 if result is None else result
