"""Which columns lead to a person, which hold what somebody wrote: what erasure replaces, and empties.

Whatever is neither is counted, and stays. A new column that names or tells of a person is entered here.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from jobmatch_assets.contracts.entities.tables import ENTITY_TABLES
from jobmatch_assets.contracts.event_fields import EVENT_FIELDS

USER = "user"
DEVICE = "device"
CANDIDATE = "candidate"
APPLICATION = "application"

KINDS_RENAMED = (USER, DEVICE, CANDIDATE)
"""What a pseudonym stands in place of. An application keeps its id: it is known whose texts it holds."""

PERSON_COLUMNS: Mapping[str, str] = {
    "user_id": USER,
    "anonymous_id": DEVICE,
    "candidate_id": CANDIDATE,
    "application_id": APPLICATION,
}
"""{column, wherever it comes: what its values name}."""

UNIT_COLUMN = "unit_id"
"""A column of derived tables that holds a user, or else a device."""

STRUCTURE = ("op", "before", "after", "payload", "schema", "source", "transaction", "ts_ms", "ts_us", "ts_ns")
"""Members of an envelope around a record, which are no columns."""


@dataclass(frozen=True)
class PersonLines:
    """Lines that may be about a person.

    Attributes:
        subjects: Columns that say whom a line is about, the first that has a value alone.
        any_subject: Whether one of them is enough, whatever the others say.
        columns: The columns of the contract; what has another name is emptied in a line about the person.
        free_text: Columns that are emptied, too.
    """

    subjects: tuple[str, ...]
    columns: frozenset[str]
    free_text: frozenset[str]
    any_subject: bool = True


EVENT_LINES = PersonLines(
    subjects=("user_id", "anonymous_id"),
    columns=frozenset(field.name for field in EVENT_FIELDS),
    free_text=frozenset({"search_query"}),
    any_subject=False,
)

_SUBJECTS = {
    "user": ("user_id", "candidate_id"),
    "candidate": ("candidate_id", "user_id"),
    "application": ("application_id", "candidate_id", "user_id"),
    "placement": ("candidate_id", "application_id"),
}

_FREE_TEXT = {
    "candidate": ("headline",),
    "application": ("rejection_reason", "withdrawal_reason", "resume_id"),
    "placement": ("end_reason",),
}

RECORD_LINES: Mapping[str, PersonLines] = {
    table.name: PersonLines(
        _SUBJECTS.get(table.name, ()),
        frozenset(column.name for column in table.columns),
        frozenset(_FREE_TEXT.get(table.name, ())),
    )
    for table in ENTITY_TABLES
}
"""{table of entities: what its records say of persons}."""
