"""Everything that can go wrong between a person and the Customer API: one class for each meaning.

Every error speaks to the person: what failed, what is safe, what to do now. Nothing else leaves the client.
"""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class FieldError:
    """One field that was not taken."""

    pointer: str
    """Where: a JSON Pointer into what was sent (RFC 6901)."""
    code: str
    """A word for programs."""
    detail: str
    """A sentence that stands at the field."""


class CustomerApiError(Exception):
    """Something asked of the server was not done, or it is not known whether it was."""

    failed = "The server did not do this."
    """What failed."""
    safe = "Nothing was changed."
    """What is safe."""
    remedy = "Try again; if it stays, tell whoever runs the server."
    """What to do now."""
    errors: tuple[FieldError, ...] = ()
    """Field by field, where fields are at fault."""
    repeated = False
    """Whether an earlier sending of the same request was lost on the way and may have worked."""
    retry_after: float | None = None
    """Seconds to wait before asking again, where the server said."""

    def __init__(
        self,
        failed: str = "",
        *,
        status: int = 0,
        code: str = "",
        request_id: str = "",
        safe: str | None = None,
        remedy: str | None = None,
    ) -> None:
        self.failed = failed or type(self).failed
        self.safe = type(self).safe if safe is None else safe
        self.remedy = type(self).remedy if remedy is None else remedy
        self.status = status
        """HTTP status, 0 where no answer came."""
        self.code = code
        """The server's word for the problem, for programs."""
        self.request_id = request_id
        """Names the request in the server's log."""
        super().__init__(self.sentence)

    @property
    def sentence(self) -> str:
        """Say what failed, what is safe and what to do now, on one line for a person."""
        return " ".join(part for part in (self.failed, self.safe, self.remedy) if part)

    def __str__(self) -> str:
        return self.sentence

    @property
    def out_of_reach(self) -> bool:
        """Whether the link or what lies on the way is at fault: the server itself has said nothing."""
        silent = isinstance(self, (Unreachable, TimedOut, Interrupted, NotTheApi))
        return (silent and self.code not in ("untrusted_server", "shape")) or self.status in (502, 503, 504)


class Unreachable(CustomerApiError):
    """No connection could be made: nothing was sent."""

    failed = "The server cannot be reached."
    remedy = "Check the link and try again."


class TimedOut(CustomerApiError):
    """The server did not answer in time; what was asked may still have been done."""

    failed = "The server took too long to answer."
    safe = "What you typed is kept; trying again does not do it twice."
    remedy = "Try again."


class Interrupted(CustomerApiError):
    """The link was lost while the server was being asked; what was asked may have been done."""

    failed = "The link was lost before the server's answer was complete."
    safe = "What you typed is kept; trying again does not do it twice."
    remedy = "Try again."


class SignedOut(CustomerApiError):
    """The session is over (401)."""

    failed = "Your session has ended."
    safe = "What you typed is kept."
    remedy = "Sign in again."


class WrongPassword(CustomerApiError):
    """The name and password do not fit together."""

    failed = "The name or the password is wrong."
    safe = ""
    remedy = "Type both again."


class NotApproved(CustomerApiError):
    """A sign-in was refused on the other device (RFC 8628, `access_denied`)."""

    failed = "This sign-in was refused on the other device."
    safe = "Nobody was signed in."
    remedy = ""


class CodeOver(CustomerApiError):
    """A code for signing in from another device was not approved in time, or is not good any more."""

    failed = "The code is over: nobody approved it in time."
    safe = "Nobody was signed in."
    remedy = "Begin again for a new one."


class Forbidden(CustomerApiError):
    """The person may not do this (403)."""

    failed = "Your role does not allow this."
    remedy = "Ask an admin."


class NotFound(CustomerApiError):
    """There is no such record, or no longer (404, 410)."""

    failed = "This is not there, or no longer."
    remedy = "Search again."


class Merged(NotFound):
    """The record has become part of another one (410)."""

    failed = "This record was merged into another one."
    remedy = ""
    customer_id = ""
    """The customer whose record has taken its place."""


class Conflict(CustomerApiError):
    """The state of things does not allow it (409), for instance a name that is taken."""

    failed = "This cannot be done as things are."
    remedy = ""


class Stale(CustomerApiError):
    """Somebody changed the record in the meantime (412)."""

    failed = "Somebody else has changed this in the meantime."
    safe = "Your changes are kept and nothing was overwritten."
    remedy = "Look at both and save again."

    current: Any = None
    """The record as it is now, parsed by the collection that was asked; None where the server gave none."""
    current_json: dict[str, Any] | None = None
    """The same as JSON, ready for `client.merge.merge`."""


class Invalid(CustomerApiError):
    """What was sent is not right (400, 422, 428)."""

    failed = "Some of this cannot be saved as it is."
    remedy = "Correct it and save again."


class TooMany(CustomerApiError):
    """Asked too often (429)."""

    failed = "The server was asked too often."
    remedy = "Wait a moment, then try again."


class TooLarge(CustomerApiError):
    """What was sent is more than the server takes (413)."""

    failed = "This is more than the server takes at once."
    remedy = "Make it shorter."


class Unsupported(CustomerApiError):
    """The server does not offer this (405, 406, 415, 501)."""

    failed = "This server does not offer that."
    remedy = ""


class ServerFault(CustomerApiError):
    """The server failed (5xx)."""

    failed = "The server failed."
    safe = "What you typed is kept; trying again does not do it twice."


class NotTheApi(CustomerApiError):
    """What answered is not a Customer API: a web page, half an answer, something of another shape."""

    failed = "What answered is not a Customer API this application understands."
    safe = "What you typed is kept."
    remedy = "Check the server's address, and whether the network wants you to sign in first."


class NotSeen(CustomerApiError):
    """What was asked of this machine was never seen on it."""

    failed = "This was not seen here before."
    safe = ""
    remedy = "It comes when the link is back."


class NotPrivate(CustomerApiError):
    """A file that must be private is open to others, or is not the person's own."""

    failed = "A private file is open to others."
    safe = "It was not used."
    remedy = ""


class NotKept(CustomerApiError):
    """Something could not be written to or read from this machine's disk or keyring."""

    failed = "This could not be kept on this machine."
    safe = ""
    remedy = "Check that the disk is not full and the folder is yours."
