"""What customers are found by beside their own row: the login at the portal, numbers that they had before."""

from server.store.search.document import Elsewhere
from server.store.search.raw import Raw

_OF_ONE = (
    "SELECT 1 AS kind, login AS found, 0 AS number FROM portal_accounts WHERE customer_id = ?"
    " UNION ALL SELECT 2, '', number FROM former_customers WHERE customer_id = ? ORDER BY kind, number"
)
_LOGINS = "SELECT customer_id, login FROM portal_accounts"
_NUMBERS = "SELECT customer_id, number FROM former_customers ORDER BY number"


def of_customer(raw: Raw, customer_id: str, login: str | None = None) -> Elsewhere:
    """Give what is known of one customer; `login` where it is about to be another than is stored."""
    rows = raw.rows(_OF_ONE, (customer_id, customer_id))
    if login is None:
        login = next((row[1] for row in rows if row[0] == 1), "")
    return Elsewhere(login, tuple(str(row[2]) for row in rows if row[0] == 2))


def of_everyone(raw: Raw) -> dict[str, Elsewhere]:
    """Give what is known of all customers of whom there is something."""
    numbers: dict[str, list[str]] = {}
    for customer_id, number in raw.rows(_NUMBERS):
        numbers.setdefault(customer_id, []).append(str(number))
    logins = {row[0]: str(row[1]) for row in raw.rows(_LOGINS)}
    return {
        customer_id: Elsewhere(logins.get(customer_id, ""), tuple(numbers.get(customer_id, ())))
        for customer_id in logins.keys() | numbers.keys()
    }
