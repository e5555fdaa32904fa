"""What lies in the landing root and is not loaded: why, and what to do about it."""

from dataclasses import dataclass
from enum import Enum

from jobmatch_assets.landing.names import MOST_FOLDERS


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
