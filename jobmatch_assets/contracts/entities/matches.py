"""Words and shapes that facts and dimensions share."""

MATCH_WORDS = ("exact", "before_first", "after_delete", "unknown")
"""How good the version is that a fact was joined with."""

NO_MEMBER = "-1"
"""The key of the member that stands for nothing known."""

MEMBER_KEY = "^([0-9a-f]{32}|-1)$"
"""What the key of a member looks like."""

PRECISIONS = ("exact", "by")
"""Whether a status was taken on then, or by then."""

ORIGINS = ("event", "column", "version")
"""Where a status is known from."""
