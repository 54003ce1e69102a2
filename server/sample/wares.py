"""What the business sells, with prices."""

from typing import Final, NamedTuple

from client.models.money import digits_of


class Ware(NamedTuple):
    """Something that is sold."""

    name: str
    pence: int
    """What it costs in London."""
    counter: bool = False
    """Whether it is sold over the counter."""
    renews: bool = False
    """Whether people subscribe to it."""


WARES: Final = (
    Ware("Regular clean, two hours", 4800, renews=True),
    Ware("Regular clean, four hours", 9200, renews=True),
    Ware("Deep clean", 18500),
    Ware("End of tenancy clean", 26000),
    Ware("Window cleaning", 6500),
    Ware("Carpet and upholstery", 8800),
    Ware("Flat check between guests", 5500),
    Ware("Laundry bag, collected and brought back", 2400, renews=True),
    Ware("Ironing, ten shirts", 2200, counter=True),
    Ware("Garden, half a day", 11000),
    Ware("Key holding", 1500, renews=True),
    Ware("Swedish massage", 7200, counter=True),
    Ware("Hot stone massage", 8900, counter=True),
    Ware("Facial", 6400, counter=True),
    Ware("Manicure", 3200, counter=True),
    Ware("Steam room, one hour", 1800, counter=True),
    Ware("Members' room", 6000, renews=True),
    Ware("Wireless in the members' room", 1200, renews=True),
    Ware("Bath oil", 1650, counter=True),
    Ware("Gift basket", 3800, counter=True),
)

_RATES: Final = {"GBP": 100, "EUR": 115, "USD": 130, "CAD": 170, "PLN": 480, "JPY": 190}
"""What a pound is worth, in hundredths of the currency."""


def price(pence: int, currency: str) -> int:
    """Give a price in the smallest unit of a currency, rounded as price lists are."""
    minor = pence * _RATES.get(currency, 100) // 100
    if digits_of(currency) == 0:
        return max(100, minor // 100 * 100)
    return max(50, (minor + 25) // 50 * 50)


def priced(minor: int, currency: str) -> dict[str, str]:
    """Give so many of the smallest unit of a currency as money travels."""
    digits = digits_of(currency)
    whole, rest = divmod(minor, 10**digits)
    return {"amount": f"{whole}.{rest:0{digits}}" if digits else str(whole), "currency": currency}
