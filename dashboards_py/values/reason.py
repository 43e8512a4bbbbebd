"""A reason why data is missing, with the cause of `doctor` that it is an instance of."""


class Reason(str):
    """A sentence. `cause` is the id of the cause's page, "" for a reason that only the values of the chart have."""

    __slots__ = ("cause",)
    cause: str

    def __new__(cls, text: str, cause: str = "") -> "Reason":
        """The text, with the cause."""
        reason = super().__new__(cls, text)
        reason.cause = cause
        return reason


def causes_of(reasons: tuple[str, ...]) -> tuple[str, ...]:
    """The causes that reasons are instances of, each once."""
    return tuple(dict.fromkeys(cause for reason in reasons if (cause := getattr(reason, "cause", ""))))
