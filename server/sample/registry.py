"""Every list and every part of the sample business: a line for each."""

from typing import Final

from server.sample import paperwork
from server.sample.parts import Part, SampleList

LISTS: Final[tuple[SampleList, ...]] = (paperwork.FORM_TEMPLATES,)
"""Reference lists, one that others refer to before those."""

PARTS: Final[tuple[Part, ...]] = (paperwork.FORMS, paperwork.DOCUMENTS)
"""What customers have."""
