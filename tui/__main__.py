"""`keeptabs`: one process start, decided before anything slow is imported."""

import sys
from collections.abc import Sequence

from tui.cli import exit_codes
from tui.cli.parser import BrokenSubcommand, parse


def main(argv: Sequence[str] | None = None) -> int:
    """Run a subcommand, or open the application; the result is one of `tui.cli.exit_codes`."""
    try:
        arguments, module = parse(sys.argv[1:] if argv is None else argv)
    except BrokenSubcommand as broken:
        print(broken, file=sys.stderr)  # noqa: T201 - the command line speaks on stderr
        return exit_codes.BROKEN
    if module is not None:
        try:
            return module.run(arguments)
        except KeyboardInterrupt:
            return exit_codes.INTERRUPTED

    from tui.options import OpenOptions
    from tui.terminal.opening import open_on_terminal

    return open_on_terminal(
        OpenOptions(
            server=arguments.server,
            user=arguments.user,
            profile=arguments.profile or "",
            theme=arguments.theme,
            read_only=arguments.read_only,
            driver=arguments.driver,
        )
    )


if __name__ == "__main__":
    sys.exit(main())
