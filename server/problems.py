"""Refusals: how they are raised anywhere in the server, and how they travel (RFC 9457)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.exceptions import HTTPException

from client.models import FieldProblem, Problem

PROBLEM: Final = "application/problem+json"

TITLES: Final[Mapping[int, tuple[str, str, str]]] = {
    400: ("malformed_json", "Not understood", "The request could not be read."),
    401: ("unauthenticated", "Not signed in", "Sign in first."),
    403: ("forbidden", "Not allowed", "Your role does not allow this."),
    404: ("not_found", "Not found", "There is nothing here."),
    405: ("method_not_allowed", "Not possible here", "This cannot be done with what the address names."),
    409: ("conflict", "In conflict", "This does not go with what is there."),
    410: ("gone", "Gone", "This is not here any more."),
    412: ("stale", "Changed meanwhile", "Somebody changed this meanwhile."),
    413: ("too_large", "Too large", "This is larger than the server takes."),
    415: ("unsupported_media_type", "Unknown form", "The server does not read this form of content."),
    416: ("nothing_there", "Nothing there", "There is no such part of this."),
    422: ("invalid", "Not valid", "Something in this is not valid."),
    428: ("precondition_required", "Version needed", "Say which version this change starts from."),
    429: ("too_many_requests", "Too many requests", "These are too many requests; wait a little."),
    500: ("internal", "Failed", "The server failed. Nothing was changed; the log has the reason."),
    503: ("unavailable", "Not now", "The server cannot do this just now. Try again in a moment."),
}
"""For each status: the code, the title, and the sentence where nothing better is known."""


REMOVED_MEANWHILE: Final = "removed_meanwhile"
"""The code where something was removed between looking and writing."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One member of a request that is not taken, and why."""

    pointer: str
    code: str
    sentence: str


class Withdrawn(Exception):
    """Ends an answer that is under way: whoever asked may not have the rest any more."""


@dataclass
class Refusal(Exception):
    """A request that is not done. Everything in it is meant to be read by the one who asked."""

    status: int
    sentence: str = ""
    code: str = ""
    faults: Sequence[Fault] = ()
    current: dict[str, Any] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    customer_id: str = ""
    """With 410: the customer whose record has taken the place of the one that was asked for."""


def invalid(*faults: Fault) -> Refusal:
    """Give the refusal of members that are not valid."""
    sentence = faults[0].sentence if len(faults) == 1 else f"{len(faults)} things are not valid."
    return Refusal(422, sentence, faults=faults)


def not_found(what: str) -> Refusal:
    """Give the refusal for a record that is not there, or not for this person."""
    return Refusal(404, f"There is no such {what}.")


def faults_of(error: ValidationError | RequestValidationError) -> list[Fault]:
    """Read pydantic's list of errors."""
    return [
        Fault(_pointer(found["loc"]), *_worded(found["type"], found["msg"], found.get("ctx") or {}))
        for found in error.errors()
    ]


def _pointer(place: Sequence[int | str]) -> str:
    # Escapes of RFC 6901, section 3.
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in place)


_WORDED: Final = {
    "missing": ("missing", "This is needed."),
    "extra_forbidden": ("unknown_member", "There is no such member here, or it cannot be set."),
    "string_pattern_mismatch": ("malformed", "This does not have the form that it must have."),
    "model_type": ("not_an_object", "This must be a JSON object."),
    "string_type": ("not_text", "This must be text."),
    "bool_type": ("not_a_boolean", "This must be true or false."),
    "int_type": ("not_a_whole_number", "This must be a whole number."),
    "int_from_float": ("not_a_whole_number", "This must be a whole number."),
    "float_type": ("not_a_number", "This must be a number."),
    "list_type": ("not_a_list", "This must be a list."),
    "date_type": ("not_a_date", "This must be a date, such as 1990-12-31."),
    "date_parsing": ("not_a_date", "This must be a date, such as 1990-12-31."),
    "date_from_datetime_parsing": ("not_a_date", "This must be a date, such as 1990-12-31."),
}


def _worded(kind: str, message: str, context: Mapping[str, Any]) -> tuple[str, str]:
    if "sentence" in context:
        return kind, str(context["sentence"])
    return _WORDED.get(kind, (kind, f"{message}."))


def problem_response(request: Request, refusal: Refusal) -> Response:
    """Give the answer that tells a refusal."""
    code, title, sentence = TITLES.get(refusal.status, ("refused", "Refused", ""))
    problem = Problem(
        title=title,
        status=refusal.status,
        detail=refusal.sentence or sentence,
        code=refusal.code or code,
        errors=[
            FieldProblem(pointer=fault.pointer, code=fault.code, detail=fault.sentence)
            for fault in refusal.faults
        ],
        request_id=getattr(request.state, "request_id", ""),
        customer_id=refusal.customer_id,
        current=refusal.current,
    )
    headers = {"Cache-Control": "no-store", **refusal.headers}
    body = problem.model_dump_json(exclude_defaults=True)
    return Response(body, refusal.status, headers, media_type=PROBLEM)


def add_problems(app: FastAPI) -> None:
    """Make an application answer every failure with a problem."""

    async def refused(request: Request, error: Exception) -> Response:
        return problem_response(request, _as_refusal(error))

    for kind in (Refusal, HTTPException, RequestValidationError):
        app.add_exception_handler(kind, refused)


def _as_refusal(error: Exception) -> Refusal:
    match error:
        case Refusal():
            return error
        case RequestValidationError():
            # The first part of a place names where it was: body, query, header.
            placed = [
                Fault("/" + fault.pointer.split("/", 2)[-1], fault.code, fault.sentence)
                for fault in faults_of(error)
            ]
            return invalid(*placed)
        case HTTPException():
            # Starlette's own sentences for these two say no more than the status.
            known = error.detail if error.status_code not in (404, 405) else ""
            return Refusal(error.status_code, known, headers=error.headers or {})
        case _:
            raise error
