"""What a setting is: one environment variable, and the one place that says how it is read."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jobmatch_assets.errors import PlatformError


class SettingsError(PlatformError, ValueError):
    """A setting is missing or has a value that is not understood; the message names it."""


@dataclass(frozen=True)
class Setting:
    """One environment variable; stands in the annotation of the field that has its value.

    Attributes:
        variable: Its name.
        meaning: What it means.
        default: The text that is read where the variable is not set.
        read: Makes a value of a text; raises a ValueError that says what it must be.
        secret: Its value is never shown, nor handed to other programs.
        base: For a path, the folder that its default begins in; asked for when the default is read.
    """

    variable: str
    meaning: str
    default: str
    read: Callable[[str], Any]
    secret: bool = False
    base: Callable[[], Path] | None = None

    def value(self, environment: Mapping[str, str]) -> Any:
        """The value that it has with these variables.

        Raises:
            SettingsError: Its text is not understood.
        """
        text = environment.get(self.variable)
        if text is None:
            text = str(self.base() / self.default) if self.base else self.default
        try:
            return self.read(text)
        except ValueError as error:
            shown = self.variable if self.secret else f"{self.variable}={text!r}"
            raise SettingsError(f"{shown} is not understood: it must {error}. {self.meaning}") from None
