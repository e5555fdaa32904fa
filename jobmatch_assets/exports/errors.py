"""What cannot be exported."""

from jobmatch_assets.errors import PlatformError


class ExportError(PlatformError):
    """The file cannot be written as it is wanted; the message says why and what to do."""
