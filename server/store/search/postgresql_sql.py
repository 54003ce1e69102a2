"""What the index in PostgreSQL is made of, and how a question to it is written.

Every part of a statement is a constant of this package or a number; values are parameters.
"""

from dataclasses import dataclass

from server.store.search import alike, counts, typos
from server.store.search.postgresql_where import Where


@dataclass(frozen=True, slots=True)
class Tier:
    """A table of the newest customers: `size` of them, and up to `spare` more before it is cut back."""

    place: int
    table: str
    size: int
    spare: int

    @property
    def floor(self) -> str:
        """The tier holds every customer of a larger rank than this; 0: it holds all."""
        return f"(SELECT floor FROM search_floor WHERE tier = {self.place})"  # noqa: S608 - a number

    def tables(self) -> tuple[str, ...]:
        """Give the statements that make it."""
        return (
            # Every save leaves a dead row, which each search would pass until it is cleaned up.
            f"""CREATE TABLE {self.table} (rank BIGINT PRIMARY KEY, tokens TEXT[] COLLATE "C" NOT NULL)
                WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500)""",
            f"CREATE INDEX ix_{self.table}_tokens ON {self.table} USING gin (tokens) WITH (fastupdate = off)",
            f"INSERT INTO search_floor VALUES ({self.place}, 0)",  # noqa: S608 - a number
        )


TIERS = (Tier(0, "search_latest", 2_048, 1_024), Tier(1, "search_newest", 16_384, 4_096))
"""Smallest first. A search with very many matches ends in the first one, one with many in the second."""

# Without the list of pending entries, which every search would have to read.
INDEX = (
    "CREATE INDEX ix_search_documents_tokens ON search_documents USING gin (tokens) WITH (fastupdate = off)"
)
TABLES = (
    """CREATE TABLE search_documents (
        rank BIGINT PRIMARY KEY, customer_id VARCHAR(64) NOT NULL UNIQUE,
        names TEXT NOT NULL, others TEXT NOT NULL, phones TEXT NOT NULL, emails TEXT NOT NULL,
        filters TEXT NOT NULL, number TEXT NOT NULL, archived SMALLINT NOT NULL,
        tokens TEXT[] COLLATE "C" NOT NULL) WITH (toast_tuple_target = 128)""",
    # The tokens are hardly read but by their index, so they stay out of the way of the rest.
    "ALTER TABLE search_documents ALTER tokens SET STORAGE EXTERNAL",
    *(
        f"ALTER TABLE search_documents ALTER {column} SET STORAGE MAIN"
        for column in ("customer_id", "names", "others", "phones", "emails", "filters", "number")
    ),
    INDEX,
    "CREATE TABLE search_floor (tier SMALLINT PRIMARY KEY, floor BIGINT NOT NULL)",
    *(statement for tier in TIERS for statement in tier.tables()),
    *counts.TABLE,
    *typos.TABLE,
    alike.POSTGRESQL,
)
_TIER_TABLES = tuple(tier.table for tier in TIERS)
NAMES = ("search_documents", *_TIER_TABLES, "search_floor", "search_counts", "search_typos", "search_alike")
CLEAR = (
    f"TRUNCATE {', '.join(name for name in NAMES if name != 'search_floor')}",
    "UPDATE search_floor SET floor = 0",
)

MANY = 20
"""Where one of so many of the newest matches, walking the ranks is faster than the index."""
OLDER = "d.rank + 0 < ?"
_STORED = "SELECT names, others, phones, emails, filters, number, archived, rank FROM search_documents"
STORED = f"{_STORED} WHERE customer_id = ?"
DOCUMENTS = f"{_STORED} WHERE rank = ANY(?) ORDER BY rank DESC"
RAISE_FLOOR = "UPDATE search_floor SET floor = ? WHERE tier = ? AND floor < ?"


def insert() -> str:
    """Write the adding of a document, to every tier as well."""
    new = "INSERT INTO search_documents VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING rank, tokens"
    # One that was changed but not moved to the front may be older than all that a tier holds.
    return _along(new, "INSERT INTO {table} SELECT rank, tokens FROM changed WHERE rank > {floor}")


def delete() -> str:
    """Write the taking away of a customer's document, from every tier as well."""
    old = "DELETE FROM search_documents WHERE customer_id = ? RETURNING rank"
    return _along(old, "DELETE FROM {table} WHERE rank IN (SELECT rank FROM changed)")


def _along(change: str, also: str) -> str:
    parts = [f"changed AS ({change})"]
    parts += [f"t{tier.place} AS ({also.format(table=tier.table, floor=tier.floor)})" for tier in TIERS]
    return f"WITH {', '.join(parts)} SELECT"


def trim(tier: Tier) -> str:
    """Write the cutting back. A row that a save has in hand goes with that save, or the next time."""
    gone = f"SELECT rank FROM {tier.table} WHERE rank <= ? FOR UPDATE SKIP LOCKED"  # noqa: S608 - constants
    return f"DELETE FROM {tier.table} WHERE rank IN ({gone})"  # noqa: S608 - constants


def fill(tier: Tier) -> tuple[str, ...]:
    """Write the making of a tier anew."""
    newest = f"SELECT rank, tokens FROM search_documents ORDER BY rank DESC LIMIT {tier.size}"  # noqa: S608 - a number
    below = f"SELECT rank FROM search_documents ORDER BY rank DESC OFFSET {tier.size} LIMIT 1"  # noqa: S608 - a number
    return (
        f"DELETE FROM {tier.table}",  # noqa: S608 - constants
        f"INSERT INTO {tier.table} {newest} ON CONFLICT DO NOTHING",
        f"UPDATE search_floor SET floor = COALESCE(({below}), 0) WHERE tier = {tier.place}",  # noqa: S608 - constants
        f"ANALYZE {tier.table}",
    )


def best(queries: list[Where], limit: int) -> str:
    """Write a search in stages, each given by its conditions: rows of stage and rank, at most `limit` each.

    A stage finds again what the stages before it have found; nothing is read once one is full.
    """
    parts = [f"w0 AS MATERIALIZED (SELECT {limit} AS wanted)"]
    results: list[str] = []
    for stage, where in enumerate(queries):
        wanted = f"(SELECT wanted FROM w{stage})"  # noqa: S608 - constants
        names = [f"p{stage}_{place}" for place in range(len(TIERS) + 1)]
        parts += _places(names, where, wanted, "TRUE")
        full = f"{wanted} = 0 OR {_found(names)} >= {limit}"
        parts.append(
            f"w{stage + 1} AS MATERIALIZED (SELECT CASE WHEN {full} THEN 0 ELSE {limit} END AS wanted)"
        )
        results += [f"SELECT {stage}, rank FROM {name}" for name in names]  # noqa: S608 - constants
    return f"WITH {', '.join(parts)} {' UNION ALL '.join(results)}"


def newest(where: Where, limit: int) -> str:
    """Write a search among the newest customers older than a rank."""
    names = [f"p{tier.place}" for tier in TIERS]
    parts = _places(names, where, str(limit), OLDER)
    results = " UNION ALL ".join(f"SELECT rank FROM {name}" for name in names)  # noqa: S608 - constants
    return f"WITH {', '.join(parts)} {results}"


def few(where: Where, enough: int, limit: int) -> str:
    """Write a search that ends where a tier has given `enough`: rows of whether it went on, and a rank."""
    names = [f"p{place}" for place in range(len(TIERS) + 1)]
    parts = _places(names, where, str(limit), "TRUE", enough=str(enough))
    results = " UNION ALL ".join(f"SELECT rank FROM {name}" for name in names)  # noqa: S608 - constants
    complete = f"{TIERS[-1].floor} = 0 OR {_found(names[:-1])} < {enough}"
    return (
        f"WITH {', '.join(parts)} SELECT complete, rank FROM (SELECT {complete} AS complete) went"  # noqa: S608 - constants
        f" LEFT JOIN ({results}) found ON TRUE"
    )


def count(where: Where, limit: int) -> str:
    """Write a count of at most `limit`."""
    names = [f"p{place}" for place in range(len(TIERS) + 1)]
    parts = _places(names, where, str(limit), "TRUE", order="")
    return f"WITH {', '.join(parts)} SELECT {_found(names)}"


def rest(where: Where, limit: int) -> str:
    """Write a search by the index among the customers that no tier holds, older than a rank."""
    found = _by_index("search_documents", f"{where.rest} AND d.rank + 0 <= {TIERS[-1].floor} AND {OLDER}")
    return f"{found} ORDER BY rank DESC LIMIT {limit}"


def walk(where: Where, limit: int) -> str:
    """Write the same search, looking at one after the other: for what very many match."""
    older = f"SELECT rank, tokens, filters FROM search_documents WHERE rank < LEAST(?, {TIERS[-1].floor} + 1)"  # noqa: S608 - constants
    return f"SELECT rank FROM ({older} ORDER BY rank DESC OFFSET 0) d WHERE {where.rest} LIMIT {limit}"  # noqa: S608 - constants


def count_newest(where: Where, limit: int) -> str:
    """Write a count of matches in the largest tier, at most `limit`."""
    return f"SELECT COUNT(*) FROM ({_by_index(TIERS[-1].table, where.tier)} LIMIT {limit}) found"  # noqa: S608 - constants


def _places(
    names: list[str],
    where: Where,
    wanted: str,
    bound: str,
    *,
    order: str = "ORDER BY rank DESC",
    enough: str = "",
) -> list[str]:
    """Write a search through one tier after the other, then all customers, until there are enough."""
    parts: list[str] = []
    for place, name in enumerate(names):
        limits = [where.tier if place < len(TIERS) else where.rest, bound]
        missing = wanted
        if place:
            floor = TIERS[place - 1].floor
            limits.append(f"d.rank + 0 <= {floor}")
            found = _found(names[:place])
            missing = (
                f"CASE WHEN {floor} > 0 AND {found} < {enough or wanted} THEN {wanted} - ({found}) ELSE 0 END"
            )
        if place < len(TIERS):
            limits.append(f"d.rank + 0 > {TIERS[place].floor}")
        table = TIERS[place].table if place < len(TIERS) else "search_documents"
        parts.append(
            f"{name} AS MATERIALIZED ({_by_index(table, ' AND '.join(limits))} {order} LIMIT {missing})"
        )
    return parts


def _found(names: list[str]) -> str:
    return " + ".join(f"(SELECT COUNT(*) FROM {name})" for name in names)  # noqa: S608 - constants


def _by_index(table: str, where: str) -> str:
    """Keep the planner from walking the ranks instead of using the index of the tokens.

    OFFSET 0 hides the order from it, and ranks compared as `rank + 0` are in no index.
    """
    return f"SELECT rank FROM (SELECT d.rank FROM {table} d WHERE {where} OFFSET 0) d"  # noqa: S608 - constants
