"""Quantiles that a single slow observation does not draw."""


def quantile(
    share: float, histogram: str, *, by: str = "", matchers: str = "", window: str = "$__rate_interval"
) -> str:
    """The quantile of a histogram where so much was observed that one observation alone is not beyond it.

    The p99 needs 100 observations in the window, the p90 ten: of fewer it is nothing but the slowest one, and its value
    is a bound of the bucket, which may be a multiple of it. What is seldom observed has a window of `$__range`, in a
    table: over a few minutes each point would be nothing but the chance of its few observations.
    """
    selected = f"{{{matchers}}}" if matchers else ""
    buckets = f"sum by ({', '.join(filter(None, (by, 'le')))}) (rate({histogram}_bucket{selected}[{window}]))"
    observed = f"sum{f' by ({by})' if by else ''} (increase({histogram}_count{selected}[{window}]))"
    return f"histogram_quantile({share}, {buckets}) and {observed} >= {round(1 / (1 - share))}"
