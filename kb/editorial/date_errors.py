"""What the date kernel answers and how it refuses, shared by its modules."""

from enum import StrEnum


class DateError(ValueError):
    """A text that is no date. The message is for editors: what was read, and what would be right."""


class AmbiguousDate(DateError):
    """A text that is a date in more than one way.

    `choices` holds the EDTF expressions it could mean, for the editor to choose from.
    """

    def __init__(self, message: str, choices: tuple[str, ...]) -> None:
        super().__init__(message)
        self.choices = choices


class Answer(StrEnum):
    """Can two dates both hold? *Undetermined* means that it depends on something nobody has stated."""

    YES = "yes"
    NO = "no"
    UNDETERMINED = "undetermined"


def shown(text: str, limit: int = 60) -> str:
    """The text in quotation marks for a message, shortened, with invisible characters made visible."""
    text = text if len(text) <= limit else text[: limit - 1] + "…"
    return "“" + "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in text) + "”"
