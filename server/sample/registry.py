"""Every list and every part of the sample business: a line for each."""

from typing import Final

from server.sample.parts import Part, SampleList

LISTS: Final[tuple[SampleList, ...]] = ()
"""Reference lists, one that others refer to before those."""

PARTS: Final[tuple[Part, ...]] = ()
"""What customers have."""
