"""The console of commands: whatever names and values hold, it is shown and never obeyed."""

import sys
from typing import Any

import click
from rich.console import Console
from rich.text import Text

from jobmatch_assets.text import printable

_PIPE_WIDTH = 120


class Terminal(Console):
    """A console on which brackets are brackets and colons are colons: no markup, no emoji."""

    def __init__(self, stderr: bool = False) -> None:
        stream = sys.stderr if stderr else sys.stdout
        # A file or a pipe has no width: wide enough for a week side by side.
        width = None if stderr or stream.isatty() else _PIPE_WIDTH
        super().__init__(stderr=stderr, markup=False, emoji=False, highlight=False, width=width)

    def render_str(self, text: str, **options: Any) -> Text:
        """Every string passes here on its way out, those in the cells of tables too."""
        return super().render_str(printable(text, keep="\n"), **(options | {"markup": False, "emoji": False}))

    def say(self, text: str) -> None:
        """Print a paragraph: wrapped between words on a terminal, one line elsewhere."""
        self.print(text, soft_wrap=not self.is_terminal)


out = Terminal()
"""Where answers go."""

err = Terminal(stderr=True)
"""Where errors and the log go."""


class PlainErrorsGroup(click.Group):
    """A group whose errors quote what was typed as it is."""

    def make_context(self, *arguments: Any, **options: Any) -> click.Context:
        """Parse the arguments."""
        try:
            return super().make_context(*arguments, **options)
        except click.ClickException as error:
            raise _printable_error(error) from None

    def invoke(self, context: click.Context) -> Any:
        """Run the command that was named."""
        try:
            return super().invoke(context)
        except click.ClickException as error:
            raise _printable_error(error) from None


def _printable_error(error: click.ClickException) -> click.ClickException:
    said = error.format_message()
    text = printable(said, keep="\n")
    if text == said:
        return error
    if isinstance(error, click.UsageError):
        return click.UsageError(text, error.ctx)
    return click.ClickException(text)
