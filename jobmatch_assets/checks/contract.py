"""The check `matches_contract` of a table: every row of some dates against the table's contract."""

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from jobmatch_assets.checks.check import Check, Look
from jobmatch_assets.checks.contract_queries import any_of, misdescribed, on_rows, queries
from jobmatch_assets.checks.examples import markdown_table, one_line
from jobmatch_assets.checks.markdown import escaped
from jobmatch_assets.checks.outcome import HOLDS_BACK, CheckOutcome, Markdown
from jobmatch_assets.checks.raw_lines import MOST_OF_A_LINE, RAW_LINE, raw_lines
from jobmatch_assets.contracts.column import Column
from jobmatch_assets.contracts.feed import feed_with_lines
from jobmatch_assets.contracts.keys import CheckKey, CheckSpec
from jobmatch_assets.contracts.pandera_schema import (
    MOST_EXAMPLES,
    broken_rules,
    not_null,
    schema_of,
)
from jobmatch_assets.contracts.table_contract import LINE, TableContract
from jobmatch_assets.dates import is_of_days, shown

if TYPE_CHECKING:
    import ibis
    from pandera.ibis import DataFrameSchema

MATCHES_CONTRACT = "matches_contract"
GRAIN_IS_UNIQUE = "grain_is_unique"
_LONGEST_TEXT = MOST_OF_A_LINE


def contract_key(contract: TableContract) -> CheckKey:
    """The check of a table's contract."""
    return CheckKey(contract.key, MATCHES_CONTRACT)


def matches_contract(contract: TableContract) -> Check:
    """The check of a table's contract: with all its rules."""
    rules = "\n".join(f"- {rule.name}: {rule.says}" for rule in contract.rules)
    spec = CheckSpec(
        contract_key(contract),
        "Every row keeps the table's contract (Pandera, computed in the warehouse). Columns have their "
        "types, those whose description does not say what NULL means are never NULL, and no two rows "
        f"share {', '.join(contract.grain)}. "
        f"{HOLDS_BACK} Rules:\n{rules}",
    )
    return Check(spec, partial(check_contract, contract))


def check_contract(contract: TableContract, look: Look) -> CheckOutcome:
    """Look at all rows of these dates, and at rows without a date, which belong to no partition.

    Where it is known which of them have changed, the others have passed before.

    Args:
        contract: The table and its rules.
        look: What is looked at.
    """
    name, days = str(contract.key), look.days
    shape = look.shape_of(contract)
    if shape is None:
        return _broken_table(contract, days, f"the table {name} does not exist")
    columns = tuple(look.columns_of(contract))
    asked = _queries(contract, columns, shape, look)
    if not asked:
        wrong = misdescribed(contract, columns, _schema(contract, look))
        return _broken_table(contract, days, f"the columns of {name} are not as described: {wrong[0]}", wrong)
    looked_at = {"partitions": shown(days), "rules": len(contract.rules)}
    changed = look.changed(contract)
    count = _nothing_is_broken(asked, _rows(contract, look, changed), look)
    if count is not None:
        return CheckOutcome(
            contract_key(contract),
            passed=True,
            blocking=True,
            metadata={"failing rows": 0, "changed rows" if changed else "rows": count, **looked_at},
        )
    table = look.backend.sql(_rows(contract, look), schema=_schema(contract, look))
    return _Findings(contract, schema_of(contract, columns), table, look.backend).outcome(looked_at)


def _rows(contract: TableContract, look: Look, condition: str = "") -> str:
    """A query: the rows of the dates that are looked at; of these, some."""
    conditions = [f"({found})" for found in (look.counts(contract), condition) if found]
    if contract.date_column is not None:
        # An alias before it: a date may be called like a word of SQL.
        date = f"looked_at.{contract.date_column}"
        conditions.append(f"({is_of_days(date, look.days)} or {date} is null)")
    where = f" where {' and '.join(conditions)}" if conditions else ""
    return f"select * from {contract.schema}.{contract.table} as looked_at{where}"  # noqa: S608


def _schema(contract: TableContract, look: Look) -> "ibis.Schema":
    return look.backend.table(contract.table, database=contract.schema).schema()


def _queries(contract: TableContract, columns: tuple[Column, ...], shape: str, look: Look) -> Sequence[str]:
    """The queries of `contract_queries`; none where the columns are not as described."""
    dialect = look.settings.target
    described = [(column.name, column.type, column.nullable) for column in columns]

    def written() -> Sequence[str]:
        schema = _schema(contract, look)
        if misdescribed(contract, columns, schema):
            return ()
        return queries(contract, columns, schema, dialect)

    return look.queries_of(contract, f"{dialect} {shape} {described}", written)


def _nothing_is_broken(asked: Sequence[str], rows: str, look: Look) -> int | None:
    """The number of rows; None where one of them breaks a rule."""
    counts, repeats = asked
    (counted,) = look.query(on_rows(counts, rows), 1)
    if counted["broken"]:
        return None
    (repeated,) = look.query(on_rows(repeats, rows), 1)
    return None if repeated["repeated"] else int(counted["rows"])


class _Findings:
    """What is wrong with the rows of a table; only computed where something is."""

    def __init__(
        self,
        contract: TableContract,
        schema: "DataFrameSchema",
        rows: "ibis.Table",
        backend: "ibis.BaseBackend",
    ) -> None:
        import ibis

        self._contract = contract
        self._backend = backend
        repeated = rows.count().over(ibis.window(group_by=schema.unique)) > 1
        broken = {**broken_rules(schema, rows), GRAIN_IS_UNIQUE: repeated}
        self._rows = rows.mutate(**{_flag(rule): breaks for rule, breaks in broken.items()})
        self._broken = list(broken)
        self._rules = {rule.name: rule for rule in contract.rules}

    def outcome(self, looked_at: Mapping[str, Any]) -> CheckOutcome:
        """The failed check."""
        by_date = self._counts_by_date()
        failing = {date: found for date, found in by_date.items() if found["failing"]}
        totals: Counter[str] = Counter()
        for found in failing.values():
            totals.update({rule: found[_flag(rule)] for rule in self._broken if found[_flag(rule)]})
        examples = self._examples(list(totals))
        rows = sum(found["failing"] for found in failing.values())
        dates = [date for date in failing if date is not None]
        first = next(iter(totals))
        name = str(self._contract.key)
        where = shown(dates) if dates else "no date" if self._contract.date_column else "all of it"
        others = f" and {len(totals) - 1} other rules" if len(totals) > 1 else ""
        example = examples[0] if examples else None
        return CheckOutcome(
            contract_key(self._contract),
            passed=False,
            blocking=True,
            # A row without a date may be of any.
            dates=frozenset() if None in failing else frozenset(dates),
            description=(
                f"Check {MATCHES_CONTRACT} of {name} found {rows:,} rows on {where} that break {first} "
                f"({self._says(first)}){others}"
                + (f", the first: {example['where']}: {example['found']}" if example else "")
            ),
            metadata={
                "failing rows": rows,
                "failing dates": shown(dates) or "rows without a date",
                "rows": sum(found["rows"] for found in by_date.values()),
                **looked_at,
                "broken rules": Markdown(
                    _bullets(f"{rule}: {count:,} rows ({self._says(rule)})" for rule, count in totals.items())
                ),
                "examples": Markdown(markdown_table(examples)),
            },
        )

    def _counts_by_date(self) -> dict[dt.date | None, dict[str, int]]:
        import ibis

        rows, column = self._rows, self._contract.date_column
        # Of a table without dates all rows are of none.
        date = ibis.null("date") if column is None else rows[column]
        counts = rows.group_by(date_of_row=date).aggregate(
            rows=rows.count(),
            failing=any_of(rows[_flag(rule)] for rule in self._broken).sum(),
            **{_flag(rule): rows[_flag(rule)].sum() for rule in self._broken},
        )
        return {found.pop("date_of_row"): found for found in counts.to_pyarrow().to_pylist()}

    def _examples(self, rules: Sequence[str]) -> list[dict[str, str]]:
        """Some rows of each rule that is broken, of the first ones if these are many."""
        rules = rules[:MOST_EXAMPLES]
        each = MOST_EXAMPLES // len(rules)
        found = [(rule, row) for rule in rules for row in self._rows_that_break(rule, each)]
        raw = self._raw_lines([row for _, row in found])
        return [
            {
                "rule": rule,
                "where": self._where(row),
                "found": one_line({c: row[c] for c in self._shown(rule)}),
                **({"line": line} if (line := raw.get(n)) is not None else {}),
            }
            for n, (rule, row) in enumerate(found)
        ]

    def _raw_lines(self, rows: Sequence[Mapping[str, Any]]) -> dict[int, str]:
        """{number of a row: the line that it comes from}, of a table whose rows are lines: all or none."""
        if not set(LINE) <= set(self._place):
            return {}
        if RAW_LINE in self._rows.columns:
            return {n: str(row[RAW_LINE]) for n, row in enumerate(rows)}
        feed = feed_with_lines(self._contract.table)
        if feed is None:
            return {}
        places = [(row[LINE[0]], row[LINE[1]]) for row in rows]
        lines = raw_lines(self._backend, feed, [place for place in places if None not in place])
        return {n: lines.get(place, "(not staged)") for n, place in enumerate(places)}

    def _rows_that_break(self, rule: str, most: int) -> list[dict[str, Any]]:
        raw_line = [RAW_LINE] if RAW_LINE in self._rows.columns else []
        dated = [self._contract.date_column] if self._contract.date_column else []
        names = dict.fromkeys((*dated, *self._place, *self._shown(rule), *raw_line))
        rows = self._rows.filter(self._rows[_flag(rule)])
        shown = rows.order_by(list(self._place)).limit(most)
        columns = {
            name: shown[name].left(_LONGEST_TEXT) if shown[name].type().is_string() else shown[name]
            for name in names
        }
        found: list[dict[str, Any]] = shown.select(**columns).to_pyarrow().to_pylist()
        return found

    @property
    def _place(self) -> tuple[str, ...]:
        return self._contract.place or self._contract.grain

    def _where(self, row: Mapping[str, Any]) -> str:
        """`file:line` of a line, the grain of any other row."""
        place = {name: row[name] for name in self._place}
        if not set(LINE) <= place.keys():
            return one_line(place)
        line = f"{place.pop(LINE[0])}:{place.pop(LINE[1])}"
        return ", ".join([line, one_line(place)]) if place else line

    def _shown(self, rule: str) -> Sequence[str]:
        """Columns of an example; the line itself is shown apart, and not in the description."""
        if rule == GRAIN_IS_UNIQUE:
            return self._contract.grain
        found = self._rules.get(rule)
        columns = (found.columns or self._contract.grain) if found else (self._column_of(rule),)
        return [column for column in columns if column != RAW_LINE]

    def _says(self, rule: str) -> str:
        if rule == GRAIN_IS_UNIQUE:
            return f"no two rows share {', '.join(self._contract.grain)}"
        found = self._rules.get(rule)
        return found.says if found else f"{self._column_of(rule)} is never NULL"

    @staticmethod
    def _column_of(rule: str) -> str:
        return rule.removesuffix(not_null(""))


def _broken_table(
    contract: TableContract, days: Collection[dt.date], problem: str, found: Sequence[str] = ()
) -> CheckOutcome:
    return CheckOutcome(
        contract_key(contract),
        passed=False,
        blocking=True,
        description=f"Check {MATCHES_CONTRACT} of {contract.key}: {problem}",
        metadata={
            "partitions": shown(days),
            "columns": Markdown(_bullets(found)),
        },
    )


def _flag(rule: str) -> str:
    """The column that says whether a row breaks a rule."""
    return f"breaks_{rule}"


def _bullets(lines: Iterable[str]) -> str:
    return "\n".join(f"- {escaped(line)}" for line in lines)
