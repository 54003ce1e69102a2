"""One request as a handler sees it: who asks, and what the headers, the address and the body say."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from fastapi import Request
from pydantic import BaseModel, ValidationError
from pydantic_core import to_json

from server.auth.actor import Actor
from server.problems import Fault, Refusal, faults_of, invalid
from server.routes.json_body import parse_json
from server.rules.work import Work
from server.store.clock import now
from server.store.database import Database

B = TypeVar("B", bound=BaseModel)

JSON: Final = "application/json"
MERGE_PATCH: Final = "application/merge-patch+json"
ID_PATTERN: Final = "^[0-9A-Za-z_-]{1,64}$"
RETURN_MINIMAL: Final = "return=minimal"
"""The wish for an answer to a change without the record."""
DIFFERENCE: Final = "difference"
"""The wish for an answer to a patch with only what became other than was sent."""
NOTIFY_CUSTOMER: Final = "notify=customer"
"""The wish that a change is told to the customer by e-mail."""
KEY_PATTERN: Final = "^[!-~]{1,200}$"
IF_MATCH_PATTERN: Final = r'^(\*|"[0-9]{1,18}(-[0-9a-f]{8})?"( *, *"[0-9]{1,18}(-[0-9a-f]{8})?")*)$'

_id: Final = re.compile(ID_PATTERN, re.ASCII)
_key: Final = re.compile(KEY_PATTERN, re.ASCII)
_if_match: Final = re.compile(IF_MATCH_PATTERN, re.ASCII)
_version: Final = re.compile(r'"([0-9]+)', re.ASCII)


@dataclass(frozen=True, slots=True)
class Call:
    """A request by a signed-in person. `body` is read before a handler runs."""

    request: Request
    database: Database
    actor: Actor
    body: bytes = b""

    def place(self, name: str, what: str) -> str:
        """Give an id out of the address. What cannot be one is refused like one that is not there."""
        value: str = self.request.path_params[name]
        if not _id.fullmatch(value):
            raise Refusal(404, f"There is no such {what}.")
        return value

    def work(self, connection: Any, owners: Mapping[str, str]) -> Work:
        """Give the frame of a change in a transaction."""
        request_id = getattr(self.request.state, "request_id", "")
        notify = self.prefers(NOTIFY_CUSTOMER)
        return Work(connection, self.actor, now(), request_id, owners, notify)

    def read(self, model: type[B], media_type: str = JSON) -> B:
        """Read the body strictly as a `model`. Raises `Refusal` with 415, 400 or 422."""
        given = self.request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        if given != media_type:
            headers = {"Accept-Patch" if media_type == MERGE_PATCH else "Accept-Post": media_type}
            raise Refusal(415, f"Send this as {media_type}.", headers=headers)
        return checked(model, parse_json(self.body))

    def expected_versions(self) -> frozenset[int] | None:
        """Give the versions that `If-Match` names, an empty set for `*`, None where the header is missing.

        `If-None-Match: *`, that there is none yet, is the version 0 (RFC 9110, section 13.1.2).
        """
        header = self.request.headers.get("If-Match")
        if header is None:
            return frozenset({0}) if self.request.headers.get("If-None-Match") == "*" else None
        if not _if_match.fullmatch(header.strip()):
            sentence = 'If-Match must be an ETag that the server gave, such as "3", or *.'
            raise invalid(Fault("If-Match", "malformed_header", sentence))
        return frozenset(int(version) for version in _version.findall(header))

    def idempotency_key(self) -> str | None:
        """Give `Idempotency-Key`, where there is one."""
        key = self.request.headers.get("Idempotency-Key")
        if key is not None and not _key.fullmatch(key):
            sentence = "Idempotency-Key must be 1 to 200 visible ASCII characters."
            raise invalid(Fault("Idempotency-Key", "malformed_header", sentence))
        return key

    def prefers(self, wish: str) -> bool:
        """Say whether the caller wishes for something that need not be (RFC 7240)."""
        wishes = ",".join(self.request.headers.getlist("Prefer")).replace(" ", "").lower()
        return wish in re.split("[,;]", wishes)


def checked(model: type[B], value: Any) -> B:
    """Check parsed JSON strictly against a write model. Raises `Refusal` with pointers."""
    try:
        return model.model_validate_json(to_json(value), strict=True)
    except ValidationError as error:
        faults = faults_of(error)
        if all(fault.code == "in_the_future" for fault in faults):
            # Well-formed, and fine another day: it is the state of the world that does not allow it.
            raise Refusal(409, faults[0].sentence, "in_the_future", faults) from None
        raise invalid(*faults) from None


def query_of(request: Request, model: type[B], separated: frozenset[str]) -> B:
    """Read the query strictly as a `model`; members in `separated` are lists with commas between.

    Raises `Refusal` with 422 and the name of the parameter, for parameters nobody knows too.
    """
    wanted = model.model_fields
    values: dict[str, Any] = {}
    for name, text in request.query_params.multi_items():
        field = wanted.get(name)
        if field is None:
            raise invalid(Fault(name, "unknown_parameter", f"There is no parameter {name!r} here."))
        if name in separated:
            values.setdefault(name, []).extend(text.split(","))
        elif "list" in str(field.annotation):
            values.setdefault(name, []).append(text)
        elif name in values:
            raise invalid(Fault(name, "repeated_parameter", f"The parameter {name!r} is there twice."))
        else:
            values[name] = (
                int(text) if re.fullmatch("-?[0-9]{1,18}", text, re.ASCII) and _is_int(field) else text
            )
    try:
        return checked(model, values)
    except Refusal as refusal:
        placed = [Fault(fault.pointer[1:], fault.code, fault.sentence) for fault in refusal.faults]
        raise invalid(*placed) from None


def _is_int(field: Any) -> bool:
    return field.annotation is int


def version_conflict(
    expected: frozenset[int] | None, version: int, current: Mapping[str, Any]
) -> Refusal | None:
    """Say why a change may not start from what the caller has: 428 (RFC 6585) or 412; None where it may."""
    if expected is None:
        return Refusal(428, "Send If-Match with the ETag of what you are changing.")
    if not expected or version in expected:
        return None
    sentence = "Somebody changed this meanwhile; the answer holds it as it is now."
    return Refusal(412, sentence, current=dict(current), headers={"ETag": f'"{version}"'})
