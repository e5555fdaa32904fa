"""What stands in the place of an id that was erased, and how such an id is known again without being kept."""

import hashlib
import hmac
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field

from jobmatch_assets.contracts.erasure import KINDS_RENAMED
from jobmatch_assets.errors import PlatformError

KEY_KIND = "key"
_KEY_SAMPLE = "the key itself"
_DIGITS_SHOWN = 32
_FEWEST_CHARACTERS = 4
ERASED = "erased-"
"""What a pseudonym begins with."""

_PSEUDONYM = re.compile(f"{ERASED}[0-9a-f]{{{_DIGITS_SHOWN}}}")

# A run of letters and digits; between two of them stands what is neither, nor a space, quote or backslash.
_LETTERS = r"0-9A-Za-z\x80-\U0010ffff"
_RUN = rf"[{_LETTERS}]++"
_BETWEEN = rf"[^{_LETTERS}\s\"'\\]++"
_TELLS = re.compile(r"(?=[^0-9]*[0-9])(?=.*?[A-Za-z\x80-\U0010ffff])", re.DOTALL)


class ErasureKeyError(PlatformError):
    """JOBMATCH_ERASURE_KEY is missing, or is not the one that was used before."""


@dataclass(frozen=True, order=True)
class ErasedId:
    """An id as the warehouse keeps it: its digest, what it names, and how texts are searched for it."""

    digest: str
    kind: str
    runs: int = 0


def runs_of(id_: str) -> int:
    """Of how many runs of letters and digits an id is made, if it can be told from other words; else 0.

    Such an id has at least four characters, letters and digits both, begins and ends with one of them, and
    holds no space, quote or backslash. `u-42` has two runs, `42` and `anna` cannot be told from other words.
    """
    if len(id_) < _FEWEST_CHARACTERS or not _TELLS.match(id_):
        return 0
    if not re.fullmatch(f"{_RUN}(?:{_BETWEEN}{_RUN})*", id_):
        return 0
    return len(re.findall(_RUN, id_))


def digest_of(key: str, id_: str) -> str:
    """The HMAC-SHA256 of an id, in hex."""
    return hmac.digest(key.encode(), id_.encode(errors="surrogatepass"), hashlib.sha256).hex()


def pseudonym_of(digest: str) -> str:
    """What stands in the place of the id with this digest."""
    return f"{ERASED}{digest[:_DIGITS_SHOWN]}"


def is_pseudonym(id_: str) -> bool:
    """Whether an id is one that stands in the place of another."""
    return _PSEUDONYM.fullmatch(id_) is not None


def erased_id(key: str, kind: str, id_: str) -> ErasedId:
    """An id as the warehouse keeps it."""
    return ErasedId(digest_of(key, id_), kind, runs_of(id_) if kind in KINDS_RENAMED else 0)


def mark_of(key: str) -> ErasedId:
    """What is kept to tell another key from this one."""
    return ErasedId(digest_of(key, _KEY_SAMPLE), KEY_KIND)


def checked_key(key: str, erased: Collection[ErasedId]) -> str:
    """The key, if it is the one that the ids were erased with.

    Raises:
        ErasureKeyError: It is missing, or is another.
    """
    if not key:
        raise ErasureKeyError(
            "JOBMATCH_ERASURE_KEY is empty, and erasing a person, or loading files after somebody was "
            "erased, needs it: set it to a secret of 16 characters or more, the same one for ever. Nothing "
            "was changed."
        )
    marks = {known.digest for known in erased if known.kind == KEY_KIND}
    if marks and mark_of(key).digest not in marks:
        raise ErasureKeyError(
            "JOBMATCH_ERASURE_KEY is not the key that persons were erased with in this warehouse, so that "
            "they would not be known again. Set the earlier key. Nothing was changed."
        )
    return key


@dataclass
class Pseudonyms:
    """The ids that were erased, under the key.

    Attributes:
        key: The key.
        erased: What the warehouse keeps of them.
    """

    key: str
    erased: Collection[ErasedId]
    _by_kind: dict[str, set[str]] = field(init=False, repr=False)
    _in_text: set[str] = field(init=False, repr=False)
    _patterns: list[re.Pattern[str]] = field(init=False, repr=False)
    _asked: dict[str, str] = field(default_factory=dict, init=False, repr=False)
    _seen: dict[str, str | None] = field(default_factory=dict, init=False, repr=False)

    def __post_init__(self) -> None:
        self._by_kind = {}
        for known in self.erased:
            self._by_kind.setdefault(known.kind, set()).add(known.digest)
        self._in_text = {known.digest for known in self.erased if known.runs}
        self._patterns = [
            re.compile(f"({_RUN})(?=({f'{_BETWEEN}{_RUN}' * (runs - 1)}))")
            for runs in sorted({known.runs for known in self.erased if known.runs})
        ]

    def __bool__(self) -> bool:
        """Whether somebody was erased."""
        return bool(self._by_kind.keys() - {KEY_KIND})

    def of(self, kind: str, id_: str) -> str | None:
        """The digest of an id of a kind, if it was erased."""
        known = self._by_kind.get(kind)
        if not known:
            return None
        digest = self._asked.get(id_)
        if digest is None:
            if len(self._asked) > _MOST_SEEN:
                self._asked.clear()
            digest = self._asked[id_] = digest_of(self.key, id_)
        return digest if digest in known else None

    def in_text(self, text: str) -> bool:
        """Whether an erased id that can be told from other words stands in a text."""
        return any(True for _ in self._found(text))

    def without(self, text: str) -> str:
        """A text with pseudonyms in the place of those ids."""
        places = sorted(self._found(text), key=lambda place: (place[0], -place[1]))
        kept, end = [], 0
        for first, last, digest in places:
            if first >= end:
                kept += [text[end:first], pseudonym_of(digest)]
                end = last
        return "".join([*kept, text[end:]]) if kept else text

    def _found(self, text: str) -> Iterator[tuple[int, int, str]]:
        """(where it begins, where it ends, its digest) of each erased id in a text."""
        for pattern in self._patterns:
            # Each run with those that follow it: one that is no erased id may begin within one that is.
            hits = {word for word in map("".join, pattern.findall(text)) if self._digest(word)}
            for match in pattern.finditer(text) if hits else ():
                if (word := "".join(match.groups())) in hits:
                    yield match.start(), match.start() + len(word), str(self._digest(word))

    def _digest(self, word: str) -> str | None:
        """The digest of a word, if it is an erased id; what was asked lately is not computed again."""
        try:
            return self._seen[word]
        except KeyError:
            if len(self._seen) > _MOST_SEEN:
                self._seen.clear()
            digest = digest_of(self.key, word) if runs_of(word) else ""
            found = self._seen[word] = digest if digest in self._in_text else None
            return found


_MOST_SEEN = 200_000


def search_pattern(ids: Iterable[str]) -> str:
    """A regular expression of RE2 that finds these ids in a text, and perhaps more than that."""
    spelled = sorted({re.escape(id_) for id_ in ids})
    return rf"(?:^|[^0-9A-Za-z])(?:{'|'.join(spelled)})(?:$|[^0-9A-Za-z])"
