"""What follows from a charge, by what was paid for."""

from collections.abc import Mapping
from typing import Final

from server.payments.charging import Settle
from server.routes import invoices, memberships

SETTLERS: Final[Mapping[str, Settle]] = {
    invoices.SUBJECT: invoices.settle,
    memberships.SUBJECT: memberships.settle,
}
"""Called once for each charge, in the transaction of its outcome, whether it succeeded or failed."""
