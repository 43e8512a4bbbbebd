"""Shares of one rate in another."""


def share(part: str, whole: str, *, more_than: float = 0) -> str:
    """The share of `part` in `whole`: 0 where only `part` has no series, and nothing where `whole` is not more."""
    return f"({part} or 0 * {whole}) / ({whole} > {more_than})"
