"""A question to the index in PostgreSQL as conditions on the tokens of a customer."""

from dataclasses import dataclass
from typing import Any

from server.store.search.query import Query, spelled
from server.store.search.terms import All, Expression, leaves


@dataclass(frozen=True, slots=True)
class Where:
    """Conditions with their parameters: in a tier by tokens alone, among all with dense filters looked up."""

    tier: str
    tier_values: list[Any]
    rest: str
    rest_values: list[Any]

    def everywhere(self, tiers: int) -> list[Any]:
        """Give the parameters of a search through every tier and then all customers."""
        return self.tier_values * tiers + self.rest_values


def conditions(query: Query) -> Where:
    """Write a query as conditions on `d`."""
    values: list[Any] = []
    tokens = [_condition(part, query.archived, values) for part in query.required]
    if not query.required:
        tokens = [_condition(part, query.archived, values) for part in query.checked]
        return Where(" AND ".join(tokens), values, " AND ".join(tokens), values)
    tier_values, rest_values = list(values), list(values)
    more = [_condition(part, query.archived, tier_values) for part in query.checked]
    looked_up: list[str] = []
    for part in query.checked:
        names = leaves(part)
        looked_up.append(f"({' OR '.join(['position(? in d.filters) > 0'] * len(names))})")
        rest_values += [f" {name} " for name in names]
    return Where(
        " AND ".join([*tokens, *more]), tier_values, " AND ".join([*tokens, *looked_up]), rest_values
    )


def _condition(expression: Expression, archived: str, parameters: list[Any]) -> str:
    if isinstance(expression, str):
        parameters.append(list(spelled(expression, archived)))
        return "d.tokens && ?"
    every = isinstance(expression, All)
    plain = [part for part in expression.parts if isinstance(part, str)]
    if every and archived == "any":
        plain = []  # each token has two spellings, one of which is enough
    written: list[str] = []
    if plain:
        parameters.append([token for part in plain for token in spelled(part, archived)])
        written.append(f"d.tokens {'@>' if every else '&&'} ?")
    written += [_condition(part, archived, parameters) for part in expression.parts if part not in plain]
    return f"({(' AND ' if every else ' OR ').join(written)})"
