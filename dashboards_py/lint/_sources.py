"""Data sources that a board names."""

# Data sources that every Grafana has: its own data, expressions, and the results of other panels.
BUILT_IN = {"grafana", "__expr__", "-- Grafana --", "-- Mixed --", "-- Dashboard --"}


def hardcoded_sources(*sources: str | None) -> set[str]:
    """The data sources that are neither a variable nor built in."""
    return {source for source in sources if source and not source.startswith(("$", "[[")) and source not in BUILT_IN}
