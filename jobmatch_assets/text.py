"""Text from elsewhere, as it can be shown: whatever names and values hold, it is seen and never obeyed."""

import unicodedata

_UNSEEN = ("Cc", "Cf", "Cs", "Zl", "Zp")


def printable(text: str, keep: str = "") -> str:
    r"""The text with everything that a terminal would obey, or not show, as an escape like \n or \x1b.

    These are control characters (C0, C1), marks of direction and other format characters, those of no width
    among them, line separators, and what bytes outside of UTF-8 become.

    Args:
        text: Any text.
        keep: Characters that stay all the same, e.g. line ends.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        _escaped(character)
        if unicodedata.category(character) in _UNSEEN and character not in keep
        else character
        for character in text
    )


def _escaped(character: str) -> str:
    if "\udc80" <= character <= "\udcff":  # a byte of a name that is not UTF-8
        return f"\\x{ord(character) - 0xDC00:02x}"
    return character.encode("unicode_escape").decode("ascii")
