from pathlib import Path

import pytest

from jobmatch_assets.landing.source_registry import EntitySource, SourceRegistryError, read_sources

HEADER = "source,time_zone,default_currency,freshness_hours,max_deleted_share"


def read(tmp_path: Path, text: str | bytes) -> dict[str, EntitySource]:
    path = tmp_path / "sources.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return dict(read_sources(path, "EUR"))


def test_sources_without_a_registry_have_the_defaults() -> None:
    assert dict(read_sources(None, "CHF")) == {"": EntitySource("", "UTC", "CHF", 48.0, 0.2)}


def test_a_line_says_what_is_known_of_a_source(tmp_path: Path) -> None:
    text = f"\ufeff{HEADER}\r\n\r\nberlin, Europe/Berlin ,CHF,24,0.5\r\nmoney,,USD,,\r\n"
    assert read(tmp_path, text) == {
        "": EntitySource("", "UTC", "EUR", 48.0, 0.2),
        "berlin": EntitySource("berlin", "Europe/Berlin", "CHF", 24.0, 0.5),
        "money": EntitySource("money", "UTC", "USD", 48.0, 0.2),
    }
    assert read(tmp_path, "source\na\n")["a"] == EntitySource("a", "UTC", "EUR", 48.0, 0.2)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "line 1: there is no header"),
        ("time_zone\nUTC\n", "line 1: the column 'source' is missing"),
        ("source,zone\n", "line 1: the column 'zone' is unknown"),
        ("source,source\n", "line 1: the column 'source' is there twice"),
        (f"{HEADER}\na,UTC\n", "line 2: the row has 2 cells where the header names 5 columns"),
        (f"{HEADER}\n\nA,,,,\n", "line 3: 'A' is no name of a source"),
        (f"{HEADER}\n,UTC,,,\n", "line 2: '' is no name of a source"),
        (f"{HEADER}\na,,,,\nb,,,,\na,,,,\n", "line 4: the source 'a' is listed a second time"),
        (
            f"{HEADER}\na,Europe/Atlantis,,,\n",
            "line 2: the source 'a' has the unknown time zone 'Europe/Atlantis'",
        ),
        (f"{HEADER}\na,../UTC,,,\n", "the unknown time zone '../UTC'"),
        (f"{HEADER}\na,localtime,,,\n", "the unknown time zone 'localtime'"),
        (f"{HEADER}\na,,eur,,\n", "line 2: the source 'a' has the currency 'eur'"),
        (f"{HEADER}\na,,,soon,\n", "line 2: freshness_hours is 'soon', which is no number"),
        (f"{HEADER}\na,,,0,\n", "line 2: the source 'a' has freshness_hours 0"),
        (f"{HEADER}\na,,,,1.1\n", "line 2: the source 'a' has max_deleted_share 1.1"),
        (f"{HEADER}\na,,,,nan\n", "line 2: max_deleted_share is 'nan', which is no number"),
        (f'{HEADER}\n"a,,,,\n', "line 2: the line is not CSV"),
        (HEADER.encode() + b"\n\xff,,,,\n", "line 2: the text is not UTF-8"),
    ],
)
def test_a_mistake_is_told_with_its_line(tmp_path: Path, text: str | bytes, problem: str) -> None:
    with pytest.raises(SourceRegistryError, match="JOBMATCH_SOURCES") as found:
        read(tmp_path, text)
    assert f"sources.csv, {problem}" in str(found.value) or problem in str(found.value)
    assert "; " in str(found.value)


def test_a_registry_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(SourceRegistryError, match="the file does not exist; create it"):
        read_sources(tmp_path / "none.csv", "EUR")
    with pytest.raises(SourceRegistryError, match="the file cannot be read"):
        read_sources(tmp_path, "EUR")
