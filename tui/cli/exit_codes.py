"""What the exit code of `keeptabs` says to a script: the one table of them."""

OK = 0
"""Done."""

FAILED = 1
"""Tried and failed; the sentence on stderr says why."""

USAGE = 2
"""Asked for in a way that cannot work: unknown arguments, or a screen where there is no usable terminal."""

NOT_FOUND = 3
"""Nothing matches."""

SIGNED_OUT = 4
"""No usable session: sign in first."""

FORBIDDEN = 5
"""Signed in, but this account may not do that."""

UNREACHABLE = 6
"""The server did not answer."""

CONFLICT = 7
"""Someone else changed it first."""

SEVERAL = 8
"""Several customers fit what was said."""

BROKEN = 70
"""A part of Keeptabs itself failed (EX_SOFTWARE of sysexits.h)."""

HUNG_UP = 129
"""The terminal went away (128 + SIGHUP); drafts were written."""

INTERRUPTED = 130
"""Interrupted (128 + SIGINT); drafts were written."""

TERMINATED = 143
"""Asked to stop (128 + SIGTERM); drafts were written."""
