"""What the index in PostgreSQL is made of, and how a question to it is written.

Every part of a statement is a constant of this package or a number; values are parameters.
"""

from typing import Any

from server.store.search import counts, typos
from server.store.search.query import Query, spelled
from server.store.search.terms import All, Expression

NEWEST = 16_384
"""So many of the newest customers are kept apart, and up to TRIMMED more before they are cut back."""
TRIMMED = 4_096

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
    """CREATE TABLE search_newest (
        rank BIGINT PRIMARY KEY, tokens TEXT[] COLLATE "C" NOT NULL) WITH (toast_tuple_target = 128)""",
    "ALTER TABLE search_newest ALTER tokens SET STORAGE EXTERNAL",
    "CREATE INDEX ix_search_newest_tokens ON search_newest USING gin (tokens) WITH (fastupdate = off)",
    # search_newest holds every customer of a larger rank.
    "CREATE TABLE search_floor (floor BIGINT NOT NULL)",
    "INSERT INTO search_floor VALUES (0)",
    *counts.TABLE,
    *typos.TABLE,
)
NAMES = ("search_documents", "search_newest", "search_floor", "search_counts", "search_typos")

MANY = NEWEST // 20
"""Where so many of the newest match, walking the ranks is faster than the index."""
OLDER = "d.rank + 0 < ?"
FLOOR = "(SELECT floor FROM search_floor)"
_STORED = "SELECT names, others, phones, emails, filters, number, archived, rank FROM search_documents"
STORED = f"{_STORED} WHERE customer_id = ?"
DOCUMENTS = f"{_STORED} WHERE rank = ANY(?) ORDER BY rank DESC"
INSERT = """
    WITH new AS (
        INSERT INTO search_documents VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING rank, tokens)
    INSERT INTO search_newest SELECT rank, tokens FROM new"""
DELETE = """
    WITH old AS (DELETE FROM search_documents WHERE customer_id = ?)
    DELETE FROM search_newest WHERE rank = ?"""
TRIM = (
    "UPDATE search_floor SET floor = ? WHERE floor < ?",
    # A row that a save has in hand goes with that save, or the next time.
    """DELETE FROM search_newest WHERE rank IN (
        SELECT rank FROM search_newest WHERE rank <= ? FOR UPDATE SKIP LOCKED)""",
)
FILL_NEWEST = (
    """INSERT INTO search_newest SELECT rank, tokens FROM search_documents
        ORDER BY rank DESC LIMIT ? ON CONFLICT DO NOTHING""",
    """UPDATE search_floor SET floor = COALESCE(
        (SELECT rank FROM search_documents ORDER BY rank DESC OFFSET ? LIMIT 1), 0)""",
)


def best(queries: list[str], limit: int) -> str:
    """Write a search in stages, each given by its conditions: rows of stage and rank, at most `limit` each.

    A stage finds again what the stages before it have found; nothing is read once one is full.
    """
    parts = [f"w0 AS MATERIALIZED (SELECT {limit} AS wanted)"]
    for place, where in enumerate(queries):
        wanted, found, rest_found = _one(f"w{place}"), _count(f"n{place}"), _count(f"r{place}")
        missing = f"CASE WHEN {FLOOR} > 0 AND {found} < {wanted} THEN {wanted} - {found} ELSE 0 END"
        full = f"{wanted} = 0 OR {found} + {rest_found} >= {limit}"
        parts += [
            f"n{place} AS MATERIALIZED ({newest(where)} ORDER BY rank DESC LIMIT {wanted})",
            f"r{place} AS MATERIALIZED ({rest(where)} ORDER BY rank DESC LIMIT {missing})",
            f"w{place + 1} AS MATERIALIZED (SELECT CASE WHEN {full} THEN 0 ELSE {limit} END AS wanted)",
        ]
    tables = [(place, table) for place in range(len(queries)) for table in (f"n{place}", f"r{place}")]
    results = " UNION ALL ".join(f"SELECT {place}, rank FROM {table}" for place, table in tables)  # noqa: S608 - constants
    return f"WITH {', '.join(parts)} {results}"


def count(where: str, limit: int) -> str:
    """Write a count of at most `limit`."""
    missing = f"CASE WHEN {FLOOR} > 0 THEN {limit} - n ELSE 0 END"
    first = f"first AS MATERIALIZED (SELECT {_count(f'({newest(where)} LIMIT {limit}) found')} AS n)"
    return f"WITH {first} SELECT n + {_count(f'({rest(where)} LIMIT {missing}) found')} FROM first"  # noqa: S608 - constants


def _one(table: str) -> str:
    return f"(SELECT wanted FROM {table})"  # noqa: S608 - constants


def _count(table: str) -> str:
    return f"(SELECT COUNT(*) FROM {table})"  # noqa: S608 - constants


def newest(where: str, bound: str = "TRUE") -> str:
    """Write a search among the newest customers."""
    limits = f"d.rank + 0 > {FLOOR} AND {bound}"
    return _by_index(f"SELECT d.rank FROM search_newest d WHERE {where} AND {limits}")  # noqa: S608 - constants


def rest(where: str, bound: str = "TRUE") -> str:
    """Write a search among all the others."""
    limits = f"d.rank + 0 <= {FLOOR} AND {bound}"
    return _by_index(f"SELECT d.rank FROM search_documents d WHERE {where} AND {limits}")  # noqa: S608 - constants


def walk(where: str, limit: int) -> str:
    """Write a search among all the others that looks at one after the other: for what very many match."""
    older = f"SELECT rank, tokens FROM search_documents WHERE rank < LEAST(?, {FLOOR} + 1)"  # noqa: S608 - constants
    return f"SELECT rank FROM ({older} ORDER BY rank DESC OFFSET 0) d WHERE {where} LIMIT {limit}"  # noqa: S608 - constants


def count_newest(where: str, limit: int) -> str:
    """Write a count of matches among the newest, at most `limit`."""
    return f"SELECT COUNT(*) FROM ({newest(where)} LIMIT {limit}) found"  # noqa: S608 - constants


def _by_index(found: str) -> str:
    """Keep the planner from walking the ranks instead of using the index of the tokens.

    OFFSET 0 hides the order from it, and ranks compared as `rank + 0` are in no index.
    """
    return f"SELECT rank FROM ({found} OFFSET 0) d"  # noqa: S608 - constants


def conditions(query: Query) -> tuple[str, list[Any]]:
    """Write a query as conditions on the tokens of `d`, with its parameters."""
    parameters: list[Any] = []
    written = [_condition(part, query.archived, parameters) for part in query.required]
    return " AND ".join(written), parameters


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
