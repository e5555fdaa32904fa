"""One model's SQL as sqlglot reads it. A program of its own: whoever waits for it can end it.

Reads a `Question` as JSON and writes its `Origins` as JSON.
"""

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

Origin = Sequence[str]
"""A table, as the query has it, and its column."""

Origins = Mapping[str, Sequence[Origin]]
"""{column of a query: the columns that it is made of}."""


@dataclass(frozen=True)
class Question:
    """What is to be traced.

    Attributes:
        sql: A query.
        dialect: Whose SQL it is.
        parents: {name of a table as the query has it: its columns with their types}.
    """

    sql: str
    dialect: str
    parents: Mapping[str, Mapping[str, str]]

    def as_json(self) -> str:
        """What the program reads."""
        return json.dumps(asdict(self))


def trace(question: Question) -> Origins:
    """Follow each column of a query back to the columns of its tables.

    Names are resolved and nothing else: sqlglot's optimizer does more, and takes minutes for long conditions.

    Raises:
        sqlglot.errors.SqlglotError: The query cannot be read, or a name in it not resolved.
        ValueError: It is none.
    """
    from sqlglot import MappingSchema, exp, parse_one, to_table
    from sqlglot.expressions import normalize_table_name
    from sqlglot.lineage import lineage
    from sqlglot.optimizer.qualify import qualify
    from sqlglot.optimizer.scope import build_scope

    dialect = question.dialect
    schema, names = MappingSchema(dialect=dialect), {}
    for name, columns in question.parents.items():
        table = to_table(name, dialect=dialect)
        schema.add_table(table, dict(columns), dialect=dialect)
        names[normalize_table_name(table, dialect=dialect)] = name
    parsed = parse_one(question.sql, dialect=dialect)
    query = qualify(parsed, schema=schema, dialect=dialect, validate_qualify_columns=False)
    scope = build_scope(query)
    if scope is None or not isinstance(query, exp.Query):
        raise ValueError("it is no query")
    origins: dict[str, list[Origin]] = {}
    for column in query.named_selects:
        found = set()
        for node in lineage(column, query, schema, scope=scope, dialect=dialect, trim_selects=False).walk():
            if not node.downstream and (read := node.expression.find(exp.Table)):
                name = names.get(normalize_table_name(read, dialect=dialect), "")
                found.add((name, exp.to_column(node.name).name))
        origins[column] = [origin for origin in sorted(found) if origin[0]]
    return origins


if __name__ == "__main__":
    try:
        json.dump(trace(Question(**json.load(sys.stdin))), sys.stdout)
    except Exception as error:
        # sqlglot's second line repeats the query.
        sys.exit(f"{type(error).__name__}: {str(error).splitlines()[0]}")
