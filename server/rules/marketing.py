"""Who may be marketed to, in one place: every list, report and export of people goes through here.

An opt-out leaves a customer out of all marketing by that channel. No role, flag or filter is asked about it:
the condition takes nothing but the channel. Whoever makes a list says how many were left out.
"""

from typing import Final

from client.models.consent import MARKETING, OPT_OUTS

_REACHED: Final = {
    "email": "c.primary_email <> ''",
    "sms": "c.primary_phone <> ''",
    "post": "CAST(c.addresses AS TEXT) <> '[]'",
    "push": "TRUE",
}
"""That there is somewhere to send to, for each channel."""


def opted_out(channel: str) -> str:
    """Give the SQL condition on `customers c` that a customer said no to marketing by `channel`.

    Raises `KeyError` where there is no such channel: nothing of a request ever becomes part of a statement.
    An answer that this version does not know counts as a no.
    """
    known = {name: name for name in _REACHED}[channel]
    answered = (
        "EXISTS (SELECT 1 FROM consents o WHERE o.customer_id = c.id"  # noqa: S608 - constants
        f" AND o.channel = '{known}' AND o.purpose = '{MARKETING}' AND o.state <> 'granted')"
    )
    member = OPT_OUTS.get(known)
    return f"({answered} OR c.{member})" if member else answered


def may_be_marketed_to(channel: str) -> str:
    """Give the SQL condition on `customers c` that nothing speaks against marketing by `channel`."""
    return f"NOT {opted_out(channel)}"


def wants_marketing(channel: str) -> str:
    """Give the SQL condition on `customers c` that a customer said yes to marketing by `channel`."""
    known = {name: name for name in _REACHED}[channel]
    return (
        "EXISTS (SELECT 1 FROM consents y WHERE y.customer_id = c.id"  # noqa: S608 - constants
        f" AND y.channel = '{known}' AND y.purpose = '{MARKETING}' AND y.state = 'granted')"
    )


def reached_by(channel: str) -> str:
    """Give the SQL condition on `customers c` that there is an address or a number for `channel`."""
    return _REACHED[channel]
