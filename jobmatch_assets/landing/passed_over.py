"""What lies in the landing root and is not loaded: why, and what to do about it."""

from dataclasses import dataclass
from enum import Enum

from jobmatch_assets.contracts.entities.tables import ENTITY_TABLES
from jobmatch_assets.landing.names import MOST_FOLDERS

_TABLES = ", ".join(table.name for table in ENTITY_TABLES)


class Why(Enum):
    """Why something is left where it is; the value says what to do."""

    LEAVES_ROOT = "links out of the landing root, which are not followed: put the file itself here"
    LINK_TO_NOTHING = "links to what is not there: bring it back, or remove the link"
    LINK_LOOP = "links in a circle: remove them"
    LINK_BELOW_LINK = "links to folders below a linked folder: put the folder itself here"
    NOT_UTF8 = "names that are not UTF-8: rename"
    NO_FILE = "neither files nor folders (sockets, pipes, devices): remove"
    TOO_DEEP = f"more than {MOST_FOLDERS} folders deep: move up"
    OTHER_NAME = (
        "endings other than .ndjson or .jsonl (both also with .gz or .zst): rename what holds JSON lines, "
        "move the rest away"
    )
    OTHER_LAYOUT = (
        "folders that none of the layouts has: use <table>/[source=<name>/]dt=YYYY-MM-DD/, or "
        "<table>/[source=<name>/] with DDMMYYYY_ before the name"
    )
    UNKNOWN_TABLE = (
        f"of a table that there is none of: correct the folder, or the name, to one of {_TABLES}, "
        "singular or plural, or to erasure"
    )
    BAD_SOURCE = (
        "source= with a name that is not 1 to 40 of a-z, 0-9, _ and -: rename the folder, source=<name>"
    )
    UNKNOWN_FORMAT = (
        "endings other than .ndjson, .json, .csv or .xml in small letters (each also with .gz): rename what "
        "is of these formats, move the rest away"
    )
    BAD_PART = "snapshot parts with a number of more than nine digits: number them from 1, as -03-of-10"
    TAKEN_ELSEWHERE = (
        "with a time in the name (YYYYMMDDTHHMMSSZ) that is neither on the day of the file nor on the one "
        "after: correct the time or the day"
    )
    UNDATED = "no valid date in the path: move into dt=YYYY-MM-DD/, or begin the name with DDMMYYYY_"
    OUTSIDE = (
        "written for a day that has no partition: correct the day, or JOBMATCH_PARTITIONS_START or "
        "JOBMATCH_PARTITIONS_END"
    )


@dataclass(frozen=True)
class PassedOver:
    """Something with a finished name that is not loaded.

    Attributes:
        name: Path below the feed's folder, with forward slashes; a folder's ends with one.
        why: Why it is not.
    """

    name: str
    why: Why
