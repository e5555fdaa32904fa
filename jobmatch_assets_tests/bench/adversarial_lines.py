"""Lines that try everything the event contract says, and what it does not expect.

Left out, because the contract does not define them: a key that stands twice in an object, lone surrogate
escapes, leap seconds, and which way instants before 1970 are cut behind the ninth digit after the point.
"""

import json
import random
from collections.abc import Iterator

FILE_DAY = "2026-03-02"
FIRST_DAY = "2026-02-01"
"""The first partition to build with; the times stand close to it."""

FIELDS = (
    "event_id", "schema_version", "event_name", "event_ts", "ingested_at", "user_id", "anonymous_id", "session_id",
    "search_id", "search_query", "results_count", "surface", "rank_position", "is_exploration", "ranker_version",
    "experiment_id", "variant", "experiments", "job_id", "publisher_id", "campaign_id", "group_id", "bid",
    "currency", "application_id", "application_status", "platform", "device_type", "source",
)  # fmt: skip

EVENT_NAMES = (
    "session_start", "search", "impression", "click", "apply", "signup", "job_view", "apply_start",
    "application_status", "login", "profile_update", "bookmark",
)  # fmt: skip

NUMBERS = """
0 -0 1 2 3 -1 10 007 +1 .5 5. 1.5 2.5 -0.0 0.0 1.0 2.0 3.0 3.00 -3.0 3.000000000000000000000 0.1 0.10 1.10
3e0 3E0 3e+0 3e-0 3.0e0 30e-1 0.3e1 0.03E+2 300e-2 3.5e0 35e-1 1e1 1e2 1e5 1e-1 1e-9 1e-10 1e-15 1e-30 0e0 0e5 0e-5
3.0000000001 3.0000000001e0 30000000001e-10 30000000001e-9 1.0000000000000000001 0.99999999999999999999 2.9999999999e0
2.00000000000000000001e0 20000000000000000001e-19 1e18 1e19 9e18 1e20 1e22 1e25 1e28 1e29 1e30 1e37 1e38 1e40 1e100 1e300
9007199254740991 9007199254740992 9007199254740993 9007199254740993.0 9007199254740993.5 9007199254740993e0
900719925474099.3 900719925474099.30 9007199254740.993 900719925474099300e-2 0.1234567890123456 0.12345678901234567
12345678901234567890 9223372036854775807 9223372036854775808 -9223372036854775808 -9223372036854775809
9223372036854775807.0 9223372036854775807e0 9223372036854775808.0 9.223372036854775807e18 9223372036854775806.5
18446744073709551615 18446744073709551616 -18446744073709551616 123456789012345678901234567890
123456789012345678901234567890.0 0.00000000000001 0.000000000000001 0.00000000000000000000000000001 123456.789e3
100000000000000000000000000000000000000000 1.7976931348623157e308 5e-324 2.2250738585072014e-308 1E5 1e05 1e+05 1e-05
1234567890123456 12345678901234567 123456789012345.6 1e16 1.0e16 4.35 0.000001 1e-7 1.0E-7 123e-7
1e400 -1e400 0e100 -0e400 0.000e-999 0e99999999999999999999 0e-99999999999999999999 1e99999999999999999999 1e-400 5e-99999999999
1000e-003 1000e-0000000003 3e0000000000000000000000000000000000 1e+0000002 7000e-3 0.0000000000003e13 30.00e+000 9223372036854775807e000
1.7976931348623158e308 1.7976931348623159e308 17976931348623157e292 1.8e308 2e-324 3e-324 1e39 1e40 1e41 0.1e41 1e-39 1e-41
""".split() + [
    f"3{'0' * 120}e-120", f"1{'0' * 400}", f"1{'0' * 400}e-400", f"0.{'0' * 399}2e400", f"0.{'0' * 399}25e400",
    f"0.{'0' * 120}5e121", f"{'0.' + '0' * 5000}7e5001", f"9{'0' * 5000}e-5000",
]  # fmt: skip

EPOCHS = """
1772445600 1772445600.0 1772445600.5 1772445600.123456 1772445600.1234567 1772445600.12345678901234567
1772445600.9999999 1772445600.9999999999999999999 1772445600000 1772445600000.0 1772445600123 1772445600123.4567
1772445600123.99999999999999 1.7724456e9 1.7724456e+9 1.7724456E12 17724456e2 17724456000000e-4 17724456001234567e-7
1.77244560099999999999e9 1.772445600999999999999999999e9 1.7724456009999999999e12 1772445600.9999999999e0
1772409599.9999999999999e0 177240959999999999999999e-14 1.77240959999999999999999e9 1772409599.999999 1772495999.9999999
99999999999 99999999999.9 99999999999.999999999999 100000000000 100000000000.0 1e11 1e10 0.1e12 9.9999999999e10
0 -0 0.0 -1 -0.5 -0.0000001 -1.5 -86400 1e-10 1e-7 -62135596800 -62135596800.0000001
-62135596801 253402300799999 253402300799999.9 253402300800000 253402300799999.9999 999999999999999 1000000000000000
-999999999999999 -10000000000000 -9300000000000 -1e13 -1e14 -1e15 1e14 1e15 1e16 -1e18 1e18 12345678901234567890
1769904000 1769903999 1769903999.9999999 1769904000000 1769903999999.9999
-99999999999 -100000000000 1546300800 1546300799 1546300799.999999 1546300799.9999999 1772409599 1772409600 1772582400
1772582399.9999999 1772582399 1546300800000 1546300799999 1546300799999.9999
""".split()

TIMES = (
    """
2026-03-02T10:00:00Z 2026-03-02t10:00:00z 2026-03-02T10:00:00.5Z 2026-03-02T10:00:00.123456Z 2026-03-02T10:00:00.1234567Z
2026-03-02T10:00:00.99999999999999999Z 2026-03-02T10:00:00.000000999Z 2026-03-02T10:00:00.Z 2026-03-02T10:00:00,5Z
2026-03-02T10:00:00+09:00 2026-03-02T10:00:00-09:30 2026-03-02T10:00:00+00:00 2026-03-02T10:00:00-00:00
2026-03-02T10:00:00+23:59 2026-03-02T10:00:00-23:59 2026-03-02T10:00:00+24:00 2026-03-02T10:00:00+09:60
2026-03-02T10:00:00+0900 2026-03-02T10:00:00+09 2026-03-02T10:00:00+9:00 2026-03-02T10:00:00 2026-03-02T10:00Z
2026-03-02 2026-03-02T24:00:00Z 2026-03-02T23:59:59.999999Z 2026-03-02T00:00:00Z 2026-03-02T23:60:00Z 2026-03-02T23:59:61Z
2026-02-29T10:00:00Z 2024-02-29T10:00:00Z 2026-02-30T10:00:00Z 2026-13-01T10:00:00Z 2026-00-10T10:00:00Z
2026-03-00T10:00:00Z 2026-3-2T10:00:00Z 26-03-02T10:00:00Z 02026-03-02T10:00:00Z 2026/03/02T10:00:00Z 20260302T100000Z
0001-01-01T00:00:00Z 0001-01-01T00:00:00+00:01 0001-01-01T00:00:00-00:01 0000-12-31T23:59:59Z 9999-12-31T23:59:59.999999Z
9999-12-31T23:59:59-00:01 9999-12-31T23:59:59+00:01 9999-12-31T23:59:59.9999999Z 10000-01-01T00:00:00Z
-2026-03-02T10:00:00Z +2026-03-02T10:00:00Z 2026-03-03T23:59:59Z 2026-03-04T00:00:00Z 2026-03-04T08:00:00+09:00
2026-03-04T09:00:00+09:00 2026-03-03T20:00:00-04:00 2018-12-31T23:59:59.999999Z 2019-01-01T00:00:00Z
2026-01-31T23:59:59.9999999Z 2026-02-01T00:00:00Z 2026-02-01T00:30:00+01:00 2026-01-31T23:30:00-01:00
2019-01-01T00:30:00+01:00 2018-12-31T23:30:00-01:00 2019-01-01T00:00:00.0000001+00:00 1969-12-31T23:59:59.5Z
2026-03-02T10:00:00Zulu Z infinity -infinity epoch now today 1772445600 2026-W10-1T10:00:00Z 2026-061T10:00:00Z
2026-03-02T10:00:00.5+09:00 2026-03-02T10:00:00.000000000000000000000000001-03:00 2026-03-02T1O:00:00Z
""".split()
    + [
        "2026-03-02 10:00:00Z",
        "2026-03-02 10:00:00.5+05:45",
        "2026-03-02  10:00:00Z",
        "2026-03-02_10:00:00Z",
        "2026-03-02T10:00:00 Z",
        "2026-03-02T10:00:00 +09:00",
        " 2026-03-02T10:00:00Z",
        "2026-03-02T10:00:00Z ",
        "2026-03-02T10:00:00Z\n",
        "2026-03-02T10:00:00\u0000Z",
        "２０２６-03-02T10:00:00Z",
        "2026-03-02T10:00:00\u2212 09:00",
        "2026-03-02T10:00:00.١Z",
        "2026-03-02 10:00:00 BC",
    ]
)

STRINGS = [
    "", " ", "x", "a b", "1", "3.0", "3e0", "true", "null", "NaN", "Infinity", "-Infinity", "[]", "{}", "007", "１",
    'quo"te', "back\\slash", "back\\\\", '\\"', "\\\\\"NaN,]", "a\nb", "tab\t", "nul\u0000inside", "\u0000", "\u0001\u0002\u0003",
    "\u001f", "\u007f", "\u0085", "\u2028", "\u2029", "\ufeff", "\u00a0", "ä", "日本語", "🤦🏼\u200d♂️", "\U0001f600", "\U0010ffff",
    "x" * 128, "x" * 129, "\U0001f600" * 128, "\U0001f600" * 129, "é" * 128, "e\u0301" * 64 + "e", "🤦🏼\u200d♂️" * 30, "/", "</script>",
    "'; drop table events; --", "{{ var }}", "%s", "$1", "\\1", "number:5", "search", "direct", "email", "Search", "web", "WEB", "ios",
    "desktop", "tablet", "unknown", "submitted", "Placed", "placed", "EUR", "eur", "EU", "EURO", "ÉUR", "JPY", "JPY\n", "control",
    ", ]", ",}", ": nan", ",12345678901234567890", ":1e5", '[1e5,"', "-1e5", "12345678901234567890", "\\u0041", "1,]",
]  # fmt: skip

OTHERS = """
true false null [] {} [1] [null] ["x"] {"a":1} {"a":null} {"a":{"b":[1,2,{"c":null}]}} [[]] [{}] [[],[[]]] "" " " {"":""}
True False None NULL nul tru NaN -NaN nan Infinity -Infinity Inf inf undefined 'x' 0x1F 1_000 1,000 -- - + . e5 1e 1e+ 1.e5
"unterminated "bad\\escape\\q" "\\u12" "\\x41" [1,] [,1] {"a":1,} {,} {"a"} {"a":} {a:1} [1 {"a":1 ]} /*c*/1 1//c
""".split()

PAIRS = [
    "[]", "null", '""', "[null]", "[[]]", "[{}]", "[1]", '["exp"]', "[true]", "{}", '{"experiment_id":"e","variant":"v"}', '"e"', "1",
    "true", '[{"experiment_id":"e","variant":"v"}]', '[{"variant":"v","experiment_id":"e"}]', '[{"experiment_id":"e"}]',
    '[{"variant":"v"}]', '[{"experiment_id":"","variant":"v"}]', '[{"experiment_id":"e","variant":""}]',
    '[{"experiment_id":"e","variant":null}]', '[{"experiment_id":null,"variant":null}]', '[{"experiment_id":1,"variant":"v"}]',
    '[{"experiment_id":"e","variant":12345678901234567890}]', '[{"experiment_id":"e","variant":1e5}]',
    '[{"experiment_id":"e","variant":true}]', '[{"experiment_id":"e","variant":["v"]}]', '[{"experiment_id":{},"variant":"v"}]',
    '[{"experiment_id":"e","variant":"v"},{"experiment_id":"e","variant":"v"}]',
    '[{"experiment_id":"f","variant":"w"},{"experiment_id":"e","variant":"v"}]',
    '[{"experiment_id":"e","variant":"v","weight":0.5,"more":{"a":[1e5]}}]', '[{"experiment_id":"e","variant":"v"},null]',
    '[{"experiment_id":"e","variant":"v"},{"experiment_id":"f"}]', '[1,{"experiment_id":"f"}]', '[{"experiment_id":"f"},1]',
    '[{"experiment_id":"e\\"]}","variant":"[{\\\\"}]', '[{"experiment_id":"\\u00e9","variant":"\\ud83d\\ude00"}]',
    '[ { "experiment_id" : "e" , "variant" : "v" } ]', '[{"experiment_id":"e","variant":"v"}', '[{"experiment_id":"e","variant":"v"},]',
    '[[{"experiment_id":"e","variant":"v"}]]', '[{"experiment_id":"Z","variant":"b"},{"experiment_id":"a","variant":"A"},{"experiment_id":"é","variant":"b"}]',
    '[{"Experiment_id":"e","variant":"v"}]', '[{"experiment_id":" ","variant":"v"}]', '[{"experiment_id":"e","variant":"v","experiment":"NaN"}]',
    '[{"experiment_id":"null","variant":"null"}]', '[{"experiment_id":"e\\u0000","variant":"v"}]',
]  # fmt: skip

WHOLE_LINES = [
    b"{}", b"[]", b"null", b"true", b"1", b"1e5", b'"x"', b"{", b"}", b"[", b'"', b"x", b"nan", b"NaN", b"-Infinity", b"Infinity", b"{} {}", b"{}{}",
    b"{},", b"[{}]", b" {} ", b"\t{}\t", b"{}\x00", b"\x00", b"{\x00}", b"{}\x0b", b"\x0c{}", b"\xc2\xa0{}", b"\xe2\x80\xa8{}", b"\xef\xbb\xbf{}",
    b'{"a":"\x01"}', b'{"a":"\t"}', b'{"a":"\x7f"}', b'{"a":\xff}', b'"\xed\xa0\x80"', b'{"a":"\xc0\x80"}', b'{"a":"\xf4\x90\x80\x80"}', b"\xff\xfe{\x00}\x00",
    b'{"a":1}//x', b'/**/{"a":1}', b"{'a':1}", b'{"a":01}', b'{"a":1,,"b":2}', b'{"a" 1}', b'{"a":"b"', b'{"a":"\\"}', b'{"a":"\\\\"}', b"-", b"--1", b"nul",
    b"1 2", b'{"a":[1,2,]}', b'{"a":"x,]"}', b'{"a":": NaN"}', b'{"a":": NaN","b":NaN}', b'{"nan":1}', b'{"inf": -1}', b'{"a": "\\\\", "b": NaN}',
    b'{"a":"\\\\\\"NaN,]"}', b'{"a":tRUE}', b'{"a":[nan]}', b'{"a":[ -inf ]}', b'{"a":1 , }', b'[1 , ]', b'{"a":\tNaN}',
] + [
    line
    for depth in (511, 512, 513, 600, 170_000, 500_000)
    for line in (
        b"[" * depth + b"]" * depth,
        b"[" * depth,
        b"]" * depth + b"[" * depth,
        b'{"a":' * (depth - 1) + b"{}" + b"}" * (depth - 1),
        b'{"event_id":"deep' + str(depth).encode() + b'","event_name":"login","event_ts":"2026-03-02T10:00:00Z","user_id":"u","a":'
        + b"[" * (depth - 1) + b'"\\"[{"' + b"]" * (depth - 1) + b',"b":"' + b"[{" * 600 + b'","c":[' + b"[]," * 600 + b"0]}",
    )
    if len(line) <= 1_048_576
]  # fmt: skip


def lines(seed: int, count: int) -> Iterator[bytes]:
    """Every hand-written value in every field once, then `count` lines with several faults at random."""
    rng = random.Random(seed)
    number = 0

    def fresh() -> str:
        nonlocal number
        number += 1
        return f"e{number:06d}"

    yield from WHOLE_LINES
    for field in FIELDS:
        for value in values_of(field):
            yield line(rng, fresh(), {field: value})
    for field in (
        "more",
        "Event_ts",
        "event_ts ",
        "",
        "a.b",
        "$",
        "0",
        "ü",
        'q"',
        "bid\\",
        "platform_",
        "dt",
    ):
        for value in NUMBERS[:60:3] + OTHERS + [quoted(text) for text in STRINGS[::2]]:
            yield line(rng, fresh(), {field: value})
    for _ in range(count):
        chosen = rng.sample(FIELDS, rng.choice((1, 2, 2, 3, 5)))
        yield line(rng, fresh(), {field: rng.choice(values_of(field)) for field in chosen})
    for _ in range(count // 4):  # characters lost, doubled or swapped
        broken = bytearray(line(rng, fresh(), {}))
        for _ in range(rng.choice((1, 1, 2))):
            at = rng.randrange(len(broken))
            broken[at : at + 1] = rng.choice(
                (b"", bytes(broken[at : at + 1]) * 2, b",", b'"', b"\\", b"}", b"1", b"e", b" ", b"\xe9")
            )
        if b"\n" not in broken and not _has_repeated_key(bytes(broken)):
            yield bytes(broken)


def values_of(field: str) -> list[str]:
    """JSON texts (or what is none) to send in a field; those of its own type are the first."""
    strings = [quoted(text) for text in STRINGS]
    if field == "event_id":
        # Only what is rejected or unique: rows are compared by event_id.
        return [text for text in strings if len(text) > 0] + NUMBERS[::4] + OTHERS
    if field in ("event_ts", "ingested_at"):
        return [quoted(text) for text in TIMES] + EPOCHS + NUMBERS[::3] + OTHERS + strings[::4]
    if field == "event_name":
        return (
            [quoted(name) for name in EVENT_NAMES]
            + ['"Search"', '" click"', '"view"']
            + NUMBERS[::9]
            + OTHERS
        )
    if field == "experiments":
        return PAIRS + OTHERS
    if field in (
        "schema_version",
        "rank_position",
        "results_count",
        "bid",
        "publisher_id",
        "campaign_id",
        "group_id",
    ):
        return NUMBERS + OTHERS + strings[::3]
    if field in ("user_id", "job_id"):
        return NUMBERS + strings + OTHERS
    return strings + NUMBERS[::5] + OTHERS


def quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def line(rng: random.Random, event_id: str, sent: dict[str, str]) -> bytes:
    """An event of a random kind, valid but for the JSON texts that are sent in some fields."""
    name = rng.choice(EVENT_NAMES)
    fields = {
        "event_id": quoted(event_id),
        "event_name": quoted(name),
        "event_ts": '"2026-03-02T10:00:00Z"',
        "user_id": '"u1"',
        "job_id": '"j1"',
        "schema_version": rng.choice(("1", "2", "2.0")),
        "search_id": '"s1"',
        "rank_position": "1",
    }
    if name == "application_status":
        fields |= {"application_id": '"a1"', "application_status": '"submitted"'}
    for optional in ("job_id", "search_id", "rank_position", "schema_version", "user_id"):
        if rng.random() < 0.1:
            del fields[optional]
    fields |= sent
    keys = list(fields)
    rng.shuffle(keys)
    space = rng.choice(("", "", "", " ", "\t", "  "))
    members = [
        f"{quoted(key) if rng.random() < 0.97 else escaped(key)}{space}:{space}{fields[key]}" for key in keys
    ]
    return f"{space}{{{space}{(space + ',' + space).join(members)}{space}}}{space}".encode()


def escaped(key: str) -> str:
    """The key in escapes alone, which means the same."""
    return '"' + "".join(f"\\u{ord(character):04x}" for character in key) + '"'


def _has_repeated_key(text: bytes) -> bool:
    def unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
        if len(dict(pairs)) < len(pairs):
            raise KeyError
        return dict(pairs)

    try:
        json.loads(text, object_pairs_hook=unique)
    except KeyError:
        return True
    except ValueError:
        return False
    return False
