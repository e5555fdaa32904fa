"""What a line says that asks to erase a person; what is wrong with it is told without what it holds."""

import json
import re
from typing import Any

from jobmatch_assets.contracts.erasure import PERSON_COLUMNS, USER
from jobmatch_assets.errors import PlatformError
from jobmatch_assets.privacy.lines import Line
from jobmatch_assets.privacy.pseudonyms import is_pseudonym

USER_COLUMN = next(name for name, kind in PERSON_COLUMNS.items() if kind == USER)
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


class RequestLineError(PlatformError):
    """A line names nobody; the message ends a sentence about it."""


def user_asked_for(line: Line) -> str:
    """The user that a line asks to erase.

    Raises:
        RequestLineError: It is no object with a user_id that is a text or a whole number.
    """
    if line.form != "text":
        raise RequestLineError("is too long" if line.form == "head_base64" else "is not UTF-8")
    try:
        found = json.loads(line.text, object_pairs_hook=_object)
    except (ValueError, RecursionError):
        raise RequestLineError("is not JSON") from None
    if not isinstance(found, dict):
        raise RequestLineError("is not an object")
    user = found.get(USER_COLUMN)
    if user is None:
        raise RequestLineError(f"has no {USER_COLUMN}")
    if isinstance(user, bool) or not isinstance(user, str | int):
        raise RequestLineError(f"has a {USER_COLUMN} that is neither a text nor a whole number")
    named = str(user).strip()
    if not named:
        raise RequestLineError(f"has an empty {USER_COLUMN}")
    if _LONE_SURROGATE.search(named):
        raise RequestLineError(f"has a {USER_COLUMN} with half of a surrogate pair")
    if is_pseudonym(named):
        raise RequestLineError(f"has the pseudonym of an erased person as its {USER_COLUMN}")
    return named


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    names = [name for name, _ in pairs]
    if names.count(USER_COLUMN) > 1:
        raise RequestLineError(f"has {USER_COLUMN} more than once")
    return dict(pairs)
