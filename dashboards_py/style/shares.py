"""Shares of one rate in another."""


def share(part: str, whole: str) -> str:
    """The share of `part` in `whole`: 0 where only `part` has no series, and nothing where there is no whole."""
    return f"({part} or 0 * {whole}) / ({whole} > 0)"
