"""File names of pages that stand for a value that comes from events, whatever it is."""

import hashlib
import re

_LONGEST = 40


def instance_file(page: str, value: str) -> str:
    """A name that no other value has, that every file system takes, and that looks like the value."""
    shown = re.sub(r"[^a-z0-9]+", "-", value.lower())[:_LONGEST].strip("-")
    digest = hashlib.sha256(value.encode("utf-8", "surrogatepass")).hexdigest()[:10]
    return "-".join(part for part in (page, shown, digest) if part) + ".html"
