"""What is kept of a record beside its columns, without what is personal."""

from collections.abc import Mapping
from typing import Any

from jobmatch_assets_tests.replay import sent_json
from jobmatch_assets_tests.replay.tables import Table
from jobmatch_assets_tests.replay.values import BLANKS, Where, is_unchanged

_PERSONAL = (
    *("first_name", "last_name", "full_name", "email", "phone", "street_address", "photo_url"),
    *("gender", "sex", "race", "ethnicity", "religion", "birth_date", "age", "nationality"),
    *("marital_status", "sexual_orientation", "pregnancy"),
)
_PERSONAL_BEGINNINGS = ("disability", "veteran", "health")


def kept_properties(
    table: Table, invalid: Mapping[str, Any], unknown: Mapping[str, Any], where: Where
) -> dict[str, Any]:
    """Values of columns that could not be kept there, and unknown columns unless they say nothing."""
    speaking = {name: sent for name, sent in unknown.items() if not _is_silent(sent, where)}
    sent = {**invalid, **speaking}
    return {
        name: _without_personal(table, value)
        for name, value in sent.items()
        if not (is_personal(table, name) or _hides_personal(table, value))
    }


def is_personal(table: Table, name: str) -> bool:
    """Whether a member of this name tells about a person."""
    name = name.lower()
    if "@" in name:
        # An attribute of an element of XML.
        return any(is_personal(table, part) for part in name.split("@"))
    return (
        name in _PERSONAL
        or name.startswith(_PERSONAL_BEGINNINGS)
        or (name == "name" and table.name in ("candidate", "user"))
        or (name.endswith("_url") and table.name == "candidate")
    )


def _is_silent(sent: Any, where: Where) -> bool:
    blank = isinstance(sent, str) and (sent.strip(BLANKS) if where.in_cell else sent) == ""
    return sent is None or blank or is_unchanged(sent)


def _without_personal(table: Table, value: Any) -> Any:
    if isinstance(value, dict):
        return {
            name: _without_personal(table, member)
            for name, member in value.items()
            if not (is_personal(table, name) or _hides_personal(table, member))
        }
    if isinstance(value, list):
        return [_without_personal(table, one) for one in value if not _hides_personal(table, one)]
    return value


def _hides_personal(table: Table, value: Any) -> bool:
    """Whether this is a text of JSON with such a name in it."""
    if not isinstance(value, str) or not value.strip(BLANKS).startswith(("{", "[")):
        return False
    try:
        return _names_person(table, sent_json.parsed(value))
    except (ValueError, RecursionError):
        return False


def _names_person(table: Table, value: Any) -> bool:
    if isinstance(value, dict):
        return any(is_personal(table, name) or _names_person(table, one) for name, one in value.items())
    if isinstance(value, list):
        return any(_names_person(table, one) for one in value)
    return _hides_personal(table, value)
