"""The typed client of the Customer API, and everything about that API which is not a screen."""

import sys
from typing import Any, cast

# httpx imports its own command line, and with it click, pygments and rich's progress bars: 3 MB and 40 ms
# that nothing here uses. It does without where that import fails.
cast("dict[str, Any]", sys.modules).setdefault("httpx._main", None)
