"""What is wrong with an archive."""

from jobmatch_assets.errors import PlatformError


class ArchiveError(PlatformError):
    """An archive is missing, damaged or cannot be written; the message says which, and what to do."""
