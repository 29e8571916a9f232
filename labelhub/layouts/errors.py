"""The two ways in which reading fails: the whole file, or one row of it."""


class UnreadableFileError(Exception):
    """A file that cannot be read, or not to its end: where, why, and what the reader can do."""

    def __init__(self, place: str, reason: str, remedy: str) -> None:
        super().__init__(f"{place}: {reason}. {remedy}")
        self.place = place
        self.reason = reason
        self.remedy = remedy


class RowError(Exception):
    """One row that is refused. It never leaves this package: `reading` makes a BadRow of it."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field = field
        self.reason = reason
