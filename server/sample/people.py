"""Who the customers are: each made from its index alone, so that any one can be made without the others."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, Final

from server.sample.dice import Dice
from server.sample.names import Name, Tradition, plain
from server.sample.places import City, Country, weighted_countries

_SEED: Final = 7_700_900_000_000


@dataclass(frozen=True, slots=True)
class Person:
    """Someone, or the one who answers for a body, before anything that happened to them as a customer."""

    index: int
    country: Country
    city: City
    tradition: Tradition
    gender: str
    name: Name
    kin: tuple[str, ...]
    company: str
    born_on: date
    address: dict[str, Any]
    landline_slot: int
    lives_with: int | None = None
    twin_of: int | None = None


@lru_cache(maxsize=2048)
def person(index: int) -> Person:
    """Give the person of an index. Some live with the one before; a few are in the books twice."""
    dice = Dice(_SEED + index)
    draw = dice.below(1000)
    if index and draw < 95:
        host = person(index - 1)
        return _stranger(dice, index) if host.company or host.twin_of is not None else _housemate(dice, host)
    if index > 8 and draw < 106:
        original = person(index - 2 - dice.below(min(index - 3, 400)))
        if not original.company and original.twin_of is None:
            return _twin(dice, index, original)
    return _stranger(dice, index)


def _stranger(dice: Dice, index: int) -> Person:
    country = weighted_countries().pick(dice)
    city, tradition = country.cities.pick(dice), country.people.pick(dice)
    gender = "female" if dice.chance(56) else "male"
    name, kin = tradition.name(dice, gender, country.code)
    company = _company(dice, name, country, city) if dice.chance(7) else ""
    return Person(
        index=index,
        country=country,
        city=city,
        tradition=tradition,
        gender=gender,
        name=name,
        kin=kin,
        company=company,
        born_on=_birthday(dice, 1938 + dice.below(36), 33),
        address=country.address(dice, city, "work" if company else "home"),
        landline_slot=2 * index + 1,
    )


def _company(dice: Dice, name: Name, country: Country, city: City) -> str:
    """Give the name of a body as its country names them, after the one who answers for it."""
    own = country.own
    other = own.name(dice, "male", country.code)[0]
    # Where a script of its own is at home, signs show it; elsewhere they are in Latin letters.
    family, given = (name.family, name.given) if own.home else (name.latin_family, name.latin_given)
    town = city.name.removesuffix("市").split(" ")[0] if country.code in ("CN", "KR") else city.name
    template = dice.pick(own.companies)
    return template.format(
        family=family.split("-")[0], family2=other.family.split("-")[0], given=given, city=town
    )


def _housemate(dice: Dice, host: Person) -> Person:
    """Give a partner, a grown child or a flatmate of `host`, at the same address and on the same line."""
    family = dice.chance(84)
    gender = ("male" if host.gender == "female" else "female") if dice.chance(80) else host.gender
    name, kin = host.tradition.name(dice, gender, host.country.code, host.kin if family else ())
    grown_up = family and dice.chance(25) and host.born_on.year < 1980
    year = host.born_on.year + 26 if grown_up else max(1936, host.born_on.year - 5)
    return replace(
        host,
        index=host.index + 1,
        gender=gender,
        name=name,
        kin=kin,
        born_on=_birthday(dice, year, 8),
        lives_with=host.index,
    )


def _twin(dice: Dice, index: int, original: Person) -> Person:
    """Give the second record of one person, as another colleague wrote it on another day."""
    name = original.name
    given, family = name.given, name.family
    slip = dice.below(4)
    if slip == 0 and name.latin_given == given:
        display = f"{given[0]}. {family}"
    elif slip == 1 and name.display != f"{name.latin_given} {name.latin_family}":
        display = f"{name.latin_given} {name.latin_family}"
    elif slip == 2 and name.latin_given == given:
        display = f"{family}, {given}"
    else:
        display = f"{given} {family}" if " " in name.display else name.display
    return replace(
        original, index=index, name=replace(name, middle="", display=display), twin_of=original.index
    )


def _birthday(dice: Dice, year: int, years: int) -> date:
    return date(year, 1, 1) + timedelta(days=dice.below(365 * years))


_MAILBOXES: Final = ["example.org", "example.com", "example.net", "mail.example.org", "post.example.net"]
_EMPLOYERS: Final = [
    "cityhall.example.org",
    "stmarys-hospital.example.org",
    "northbank.example.com",
    "brightwater.example.com",
    "uni.example.net",
    "kestrel-logistics.example.com",
    "oakandpartners.example.com",
    "ferrylines.example.net",
    "lighthouse-studio.example.com",
    "school9.example.org",
]


def mailbox(dice: Dice, someone: Person) -> str:
    """Give a private e-mail address as people choose them."""
    given, family = plain(someone.name.latin_given), plain(someone.name.latin_family.split(" ")[-1])
    year = str(someone.born_on.year)
    local = dice.pick(
        [
            f"{given}.{family}",
            f"{given}.{family}",
            f"{given}{family}",
            f"{given[:1]}.{family}",
            f"{given[:1]}{family}{year[2:]}",
            f"{given}.{family}{year[2:]}",
            f"{given}_{year}",
            f"{family}.{given}",
            f"{given}{year[2:]}",
            f"{family}.{given[:1]}{1 + dice.below(9)}",
            f"the{family}s" if someone.lives_with is not None else f"{given}{family[:1]}{year[2:]}",
        ]
    )
    return f"{local or f'kunde{someone.index}'}@{dice.pick(_MAILBOXES)}"


def work_mailbox(dice: Dice, someone: Person) -> str:
    """Give the address that a person has at work, or that a body is written to."""
    if someone.company:
        name = plain(someone.company) or plain(someone.name.latin_family)
        return f"{dice.pick(['info', 'office', 'hello', 'post', 'desk'])}@{name[:24]}.example.com"
    given, family = plain(someone.name.latin_given), plain(someone.name.latin_family.split(" ")[-1])
    return f"{dice.pick([given[:1] + family, given + '.' + family])}@{dice.pick(_EMPLOYERS)}"
