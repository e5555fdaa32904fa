"""Records are read through marks where a number of theirs would come out with other digits, and not else."""

import duckdb
import pytest

from jobmatch_assets_tests.bench.macros import compiled_macros


@pytest.fixture(scope="module")
def query(tmp_path_factory: pytest.TempPathFactory) -> str:
    condition = compiled_macros("{{ may_lose_digits('line') }}", tmp_path_factory.mktemp("dbt"))
    return f"select {condition} from (select $line as line)"


def is_marked(query: str, line: str) -> object:
    return duckdb.execute(query, {"line": line}).fetchall()[0][0]


@pytest.mark.parametrize(
    "number",
    [
        *("1e5", "1.5E-3", "-0.1e0", "1.50", "68.340", "0.00", "-2.10"),
        *("0.1234567", "123456789.5", "9223372036854775808", "18446744073709551616", "100000000000000000000"),
    ],
)
@pytest.mark.parametrize("line", ['{{"a":{}}}', '{{"a": {} ,"b":1}}', '{{"a":[1,{}]}}', '{{"a":[ {}\n, 2]}}'])
def test_a_number_that_would_come_out_otherwise_is_found(query: str, line: str, number: str) -> None:
    assert is_marked(query, line.format(number)) is True


@pytest.mark.parametrize(
    "value",
    [
        *("1", "-17", "68.34", "1.0", "12345678.123456", "1803846470931000", "8223372036854775807"),
        *('"2026-03-01T14:19:56.269000Z"', '"2026-03-01T14:19:56.1234567+01:00"', '"14:19:56.269000"'),
    ],
)
def test_another_value_and_a_time_in_a_text_are_not(query: str, value: str) -> None:
    assert is_marked(query, f'{{"a":{value},"b":[{value}]}}') is False
