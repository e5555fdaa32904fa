"""Files that name who is to be erased: they land below entities/, and hold no record of what there is."""

import re

from jobmatch_assets.landing.line_layout import lines_without_day

REQUEST_LAYOUT = lines_without_day(
    "erasure/<name>.ndjson or DDMMYYYY_erasure.ndjson (or .jsonl, both also with .gz or .zst)"
)
"""A request holds whenever it was written, so its file has no day."""

# Names of tables are told by their case; a request must not be missed for it.
_REQUESTS = re.compile(r"(?:dt=[^/]*/)?(?:[0-9]{8}_)?erasures?(?:[./].*)?", re.DOTALL | re.IGNORECASE)


def is_of_requests(path: str) -> bool:
    """Whether a path below entities/ is one of files that name who is to be erased."""
    return _REQUESTS.fullmatch(path) is not None
