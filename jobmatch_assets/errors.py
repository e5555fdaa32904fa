"""Errors that the platform explains: their message says what is wrong, where, and what to do."""


class PlatformError(Exception):
    """Something that the platform needs is not as it must be; its message says what to do."""


class RequestError(PlatformError):
    """What somebody asked for cannot be: an argument, a date, a column."""
