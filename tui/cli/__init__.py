"""The command line: a root parser, and one module for each subcommand, imported only when it is asked for."""
