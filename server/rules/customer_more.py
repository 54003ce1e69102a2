"""What the server adds to the weight, the warnings and the extra contact of a customer."""

from typing import Any

from client.models import Alert, Customer
from server.rules.parts import with_ids
from server.rules.work import Work


def with_more(work: Work, old: Customer | None, new: Customer) -> Customer:
    """Give the day of a weight, the authors of warnings, and ids."""
    changed: dict[str, Any] = {}
    weight = new.weight
    if weight is not None and weight.taken_on is None:
        changed["weight"] = weight.model_copy(update={"taken_on": work.now.date()})
    if new.alerts and (old is None or new.alerts != old.alerts):
        changed["alerts"] = _signed(work, [] if old is None else old.alerts, with_ids(new.alerts))
    extra = new.extra_contact
    if extra.fields and (old is None or extra != old.extra_contact):
        changed["extra_contact"] = extra.model_copy(update={"fields": with_ids(extra.fields)})
    return new.model_copy(update=changed) if changed else new


def _signed(work: Work, old: list[Alert], new: list[Alert]) -> list[Alert]:
    """Name who wrote each warning and when: whoever changes what it says has written it."""
    before = {alert.id: alert for alert in old}
    own = {"author": work.actor.name, "created_at": work.now}
    signed: list[Alert] = []
    for alert in new:
        known = before.get(alert.id)
        same = known is not None and (known.text, known.severity) == (alert.text, alert.severity)
        signed.append(known if known is not None and same else alert.model_copy(update=own))
    return signed
