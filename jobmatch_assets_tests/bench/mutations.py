"""Valid lines and records with damage done to them: to bytes, types, structure, sizes and nesting."""

import json
import random
from collections.abc import Callable, Iterator
from typing import Any

HOSTILE = (
    "'; drop table events; --",
    "{{ env_var('HOME') }}",
    "{% do x() %}",
    "$(touch /tmp/x)",
    "`id`",
    "</script><script>alert(1)</script>",
    "../../../etc/passwd",
    "\x1b[31m\u202e\u2028",
    "%s%n",
    "\ufeff",
    "a\nb\r\nc",
    "\u0000",
)
_VALUES: tuple[Any, ...] = (None, True, 0, -1, 1e308, 2**63, 2**64, "", " ", [], {}, [[]], {"": {}}, *HOSTILE)
_BROKEN_NUMBERS = (b"NaN", b"-Infinity", b"1e400", b"01", b"0x1f", b"1e99999999999999999999", b"9" * 400)

Damage = Callable[[random.Random, dict[str, Any]], bytes]


def mutated(seed: int, count: int, make: Callable[[random.Random, int], dict[str, Any]]) -> Iterator[bytes]:
    """So many damaged lines.

    Args:
        seed: The same gives the same lines.
        count: How many; of lines of a megabyte and more there are few.
        make: Makes the valid object of a number.
    """
    rng = random.Random(seed)
    for number in range(count):
        damage = rng.choice(_RARE if number % 500 == 7 else _OFTEN)
        yield damage(rng, make(rng, number)).replace(b"\n", b" ")


def _compact(sent: Any) -> bytes:
    return json.dumps(sent, separators=(",", ":")).encode()


def _bytes(rng: random.Random, sent: dict[str, Any]) -> bytes:
    line = bytearray(_compact(sent))
    for _ in range(rng.choice((1, 1, 2, 8))):
        at = rng.randrange(len(line))
        line[at : at + rng.randrange(2)] = rng.choice(
            (b"", b"\0", b"\xff", b"\xc3", b'"', b"\\", b"{", b"]", b",")
        )
    return bytes(line)


def _cut(rng: random.Random, sent: dict[str, Any]) -> bytes:
    line = _compact(sent)
    return line[: rng.randrange(1, len(line))]


def _types(rng: random.Random, sent: dict[str, Any]) -> bytes:
    for name in rng.sample(sorted(sent), rng.randint(1, min(3, len(sent)))):
        sent[name] = rng.choice(_VALUES)
    return _compact(sent)


def _numbers(rng: random.Random, sent: dict[str, Any]) -> bytes:
    name = rng.choice(sorted(sent))
    sent[name] = "@number@"
    return _compact(sent).replace(b'"@number@"', rng.choice(_BROKEN_NUMBERS))


def _structure(rng: random.Random, sent: dict[str, Any]) -> bytes:
    names = sorted(sent)
    return rng.choice(
        (
            _compact([sent]),
            _compact({"payload": sent}),
            _compact({"op": rng.choice("curdtx"), "before": sent, "after": rng.choice((sent, None, []))}),
            _compact(sent) * 2,
            _compact({name.upper(): value for name, value in sent.items()}),
            _compact({name: value for name, value in sent.items() if name != rng.choice(names)}),
            _compact(sent | {text: text for text in HOSTILE}),
            _compact(json.dumps(sent)),
        )
    )


def _deep(rng: random.Random, sent: dict[str, Any]) -> bytes:
    depth = rng.choice((511, 513, 5_000, 100_000))
    return _compact(sent | {"x": "@"}).replace(b'"@"', b"[" * depth + b"]" * rng.choice((depth, 0)))


def _long(rng: random.Random, sent: dict[str, Any]) -> bytes:
    return _compact(sent | {rng.choice(sorted(sent)): rng.choice("xé\0") * rng.choice((2**20, 2**21))})


_OFTEN: tuple[Damage, ...] = (_bytes, _cut, _types, _types, _numbers, _structure)
_RARE: tuple[Damage, ...] = (_deep, _deep, _long)
