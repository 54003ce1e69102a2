"""What customers want to hear: their answers, and the way to give several at once."""

from collections.abc import Mapping
from typing import Any, Final

from client.models import Consent, ConsentAnswers, Customer
from server.merging.room import no_wins
from server.routes.collection import EXAMPLE_ID, Action, Collection
from server.routes.erasure import without
from server.rules import consents as rules
from server.rules.work import Rules, Work
from server.store.tables import consents

CONSENTS: Final = Collection(
    model=Consent,
    table=consents,
    path="consents",
    singular="consent",
    about="What a customer wants to hear by which channel, one record for each answer that was given. "
    "`denied` for marketing by e-mail or post is the same fact as the customer's `email_opt_out` or "
    "`mail_opt_out`: setting either sets both.",
    order=(("id", False),),
    ordered="In the order of the first answers.",
    rules=Rules[Consent](),
    of_customer=True,
    settle=no_wins,
    verbs=frozenset({"list"}),
    # An opt-out stays with the customer's number, and so does the answer that it is.
    erasure=without("note"),
    given={
        "channel": "email",
        "purpose": "marketing",
        "state": "denied",
        "source": "phone",
        "note": "Three letters a week are too many",
        "updated_by_id": EXAMPLE_ID,
        "updated_by": "Anna Lind",
    },
)


def _answer(work: Work, customer: Customer, given: ConsentAnswers) -> Mapping[str, Any]:
    answers = [answer.model_dump() for answer in given.answers]
    known = ConsentAnswers.model_validate(given.model_dump() | {"answers": answers})
    return rules.answer(work, customer, known)


ANSWER: Final[Action[Customer]] = Action(
    name="consents",
    summary="Take a customer's answers on what to hear",
    description="All are taken, or none is; what is answered so already stays as it is. A no to marketing "
    "becomes a yes only with `source` and `note`, which say how the customer gave that consent (409). An "
    "answer that starts from another version than the one that is there is refused (412). Marketing by "
    "e-mail or post sets `email_opt_out` or `mail_opt_out` too, which is why the customer is the answer.",
    event="changed",
    sent=ConsentAnswers,
    example={
        "answers": [{"channel": "email", "purpose": "marketing", "state": "denied"}],
        "source": "phone",
        "note": "Three letters a week are too many",
    },
    permission="consents:write",
    change=_answer,
)
