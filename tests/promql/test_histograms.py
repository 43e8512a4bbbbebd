"""Queries of histograms: rewritten for both kinds, or refused; means and quantiles are guarded."""

import pytest

from dashboards_py.promql import (
    ClassicOnly,
    DistributionSeries,
    Selector,
    for_both_kinds,
    guard_means,
    guard_quantiles,
)

RATE_C = "rate(h_count[5m]) or histogram_count(rate(h[5m]))"
RATE_S = "rate(h_sum[5m]) or histogram_sum(rate(h[5m]))"
QUANTILE = "histogram_quantile(0.9, sum by (le) (rate(h_bucket[5m])))"
NATIVE_QUANTILE = "histogram_quantile(0.9, sum(rate(h[5m])))"


def lookup(selector: Selector) -> DistributionSeries | None:
    """`h` and `i` are histograms, `s` is a summary, everything else is neither."""
    base, _, suffix = selector.metric.rpartition("_")
    known = base in ("h", "i", "s") and suffix in ("bucket", "sum", "count")
    return DistributionSeries(base, f"_{suffix}", base != "s") if known else None


def both(expr: str, *, heatmap: bool = False) -> str:
    """The query for both kinds."""
    return for_both_kinds(expr, lookup, heatmap=heatmap)


@pytest.mark.fault("panels are empty if Prometheus stores histograms natively")
@pytest.mark.parametrize(
    ("expr", "rewritten"),
    [
        ("sum(rate(h_count[5m]))", f"sum({RATE_C})"),
        ("sum by (a) (increase(h_sum[5m]))", "sum by (a) (increase(h_sum[5m]) or histogram_sum(increase(h[5m])))"),
        ("sum(irate(h_count[5m]))", "sum(irate(h_count[5m]) or histogram_count(irate(h[5m])))"),
        ("rate(h_count[5m])", RATE_C),
        ("rate(h_count[5m]) * 60", f"({RATE_C}) * 60"),
        ("-rate(h_count[5m])", f"-({RATE_C})"),
        ("(rate(h_count[5m]))", f"({RATE_C})"),
        ("rate(h_sum[5m]) / rate(h_count[5m])", f"({RATE_S}) / ({RATE_C})"),
        ("topk(3, max by (a) (rate(h_count[5m])))", f"topk(3, max by (a) ({RATE_C}))"),
        ('label_join(rate(h_count[5m]), "a", "", "b")', f'label_join({RATE_C}, "a", "", "b")'),
        ("max_over_time(rate(h_count[5m])[1h:])", f"max_over_time(({RATE_C})[1h:])"),
        (
            'rate(h_count{a="b", c=~"$d"}[$__rate_interval] offset 1h)',
            'rate(h_count{a="b", c=~"$d"}[$__rate_interval] offset 1h)'
            ' or histogram_count(rate(h{a="b", c=~"$d"}[$__rate_interval] offset 1h))',
        ),
        ("rate(h_count[5m]) > 0 or up", f"({RATE_C}) > 0 or up"),
        ("rate(h_count[5m]) or rate(x_total[5m])", f"{RATE_C} or rate(x_total[5m])"),
        ("up or on (a) rate(h_count[5m])", f"up or on (a) ({RATE_C})"),
        ("up * on (a) group_left rate(h_count[5m])", f"up * on (a) group_left () ({RATE_C})"),
        ("rate(h_count[5m]) and up", f"({RATE_C}) and up"),
        ("sum(h_count)", "sum(h_count or histogram_count(h))"),
        (QUANTILE, f"{QUANTILE} or {NATIVE_QUANTILE}"),
        (f"topk(3, {QUANTILE})", f"topk(3, {QUANTILE} or {NATIVE_QUANTILE})"),
        (f"{QUANTILE} * 1000", f"({QUANTILE} or {NATIVE_QUANTILE}) * 1000"),
        (f"max({QUANTILE}) / max(up)", f"max({QUANTILE} or {NATIVE_QUANTILE}) / max(up)"),
        (
            "histogram_quantile($q, sum(rate(h_bucket[5m])) by (a, le))",
            "histogram_quantile($q, sum(rate(h_bucket[5m])) by (a, le))"
            " or histogram_quantile($q, sum by (a) (rate(h[5m])))",
        ),
        (
            "histogram_quantile(0.9, sum without (a) (rate(h_bucket[5m])))",
            "histogram_quantile(0.9, sum without (a) (rate(h_bucket[5m])))"
            " or histogram_quantile(0.9, sum without (a) (rate(h[5m])))",
        ),
        (
            "histogram_quantile(0.9, rate(h_bucket[5m]))",
            "histogram_quantile(0.9, rate(h_bucket[5m])) or histogram_quantile(0.9, rate(h[5m]))",
        ),
        (
            "histogram_quantile(0.9, sum by (le) (rate(h_bucket[5m])) + sum by (le) (rate(i_bucket[5m])))",
            "histogram_quantile(0.9, sum by (le) (rate(h_bucket[5m])) + sum by (le) (rate(i_bucket[5m])))"
            " or histogram_quantile(0.9, sum(rate(h[5m])) + sum(rate(i[5m])))",
        ),
        (
            "histogram_fraction(0, 0.1, sum by (le) (rate(h_bucket[5m])))",
            "histogram_fraction(0, 0.1, sum by (le) (rate(h_bucket[5m])))"
            " or histogram_fraction(0, 0.1, sum(rate(h[5m])))",
        ),
        ("rate(s_sum[5m]) / rate(s_count[5m])", "rate(s_sum[5m]) / rate(s_count[5m])"),
        ("sum(rate(x_count[5m]))", "sum(rate(x_count[5m]))"),
        ("histogram_quantile(0.9, rate(x_bucket[5m]))", "histogram_quantile(0.9, rate(x_bucket[5m]))"),
    ],
)  # fmt: skip
def test_both_kinds(expr: str, rewritten: str) -> None:
    """An `or` at each rate, and at each quantile; a query that has it already is not changed."""
    assert both(expr) == rewritten
    assert both(rewritten) == rewritten


@pytest.mark.parametrize(
    ("expr", "rewritten"),
    [
        (
            "sum by (le) (rate(h_bucket[5m]))",
            "sum by (le) (rate(h_bucket[5m])) or ignoring (le) sum(rate(h[5m]))",
        ),
        (
            "sum by (le, a) (rate(h_bucket[5m]))",
            "sum by (le, a) (rate(h_bucket[5m])) or ignoring (le) sum by (a) (rate(h[5m]))",
        ),
    ],
)
def test_heatmaps(expr: str, rewritten: str) -> None:
    """A heatmap's query returns buckets, and no other query does."""
    assert both(expr, heatmap=True) == rewritten
    with pytest.raises(ClassicOnly, match="buckets outside of a quantile"):
        both(expr)


@pytest.mark.parametrize(
    ("expr", "cause"),
    [
        ("sum(rate(h_bucket[5m]))", "buckets outside of a quantile"),
        ('rate(h_bucket{le="0.1"}[5m]) / ignoring (le) rate(h_count[5m])', "buckets outside of a quantile"),
        ('histogram_quantile(0.9, sum by (le) (rate(h_bucket{le!="1"}[5m])))', "a matcher on le"),
        ("histogram_quantile(0.9, sum by (a) (rate(h_bucket[5m])))", "drops le"),
        ("histogram_quantile(0.9, sum(rate(h_bucket[5m])))", "drops le"),
        ("histogram_quantile(0.9, sum without (le) (rate(h_bucket[5m])))", "drops le"),
        ("histogram_quantile(0.9, max by (le) (rate(h_bucket[5m])))", "max of buckets"),
        ("histogram_quantile(0.9, deriv(h_bucket[5m]))", "deriv of buckets"),
        ("histogram_quantile(0.9, sum by (le) (rate(h_bucket[5m])) > 0)", "> of buckets"),
        ("histogram_quantile(0.9, rate(h_bucket[5m]) + on (le) rate(i_bucket[5m]))", r"\+ of buckets"),
        ("histogram_quantile(0.9, rate(h_bucket[5m]) + rate(x_bucket[5m]))", r"\+ of buckets"),
        ("histogram_quantile(0.9, avg_over_time(rate(h_bucket[5m])[1h:]))", "avg_over_time of buckets"),
        ('histogram_quantile(0.9, label_replace(h_bucket, "a", "b", "c", "d"))', "label_replace of buckets"),
        ("changes(h_count[5m])", "changes has no equivalent"),
        ("max_over_time(h_sum[1h])", "max_over_time has no equivalent"),
        ("absent(h_count)", "absent of a series"),
        ("timestamp(h_count)", "timestamp of a series"),
        ("h_count[5m]", "its window has no equivalent"),
        ('sum(rate({__name__="h_count"}[5m]))', "named within braces"),
    ],
)
def test_queries_without_a_form_for_both_kinds_are_refused(expr: str, cause: str) -> None:
    """The error quotes the part that would be empty, with the cause."""
    with pytest.raises(ClassicOnly, match=cause) as refused:
        both(expr)
    assert refused.value.fix


@pytest.mark.fault("means turn +Inf after an agent restart")
@pytest.mark.parametrize(
    ("expr", "guarded"),
    [
        ("rate(h_sum[5m]) / rate(h_count[5m])", "rate(h_sum[5m]) / (rate(h_count[5m]) > 0)"),
        ("sum(rate(h_sum[5m])) / (sum(rate(h_count[5m])))", "sum(rate(h_sum[5m])) / (sum(rate(h_count[5m])) > 0)"),
        (
            "max(sum by (a) (increase(s_sum[5m])) / sum by (a) (increase(s_count[5m]))) * 1e3",
            "max(sum by (a) (increase(s_sum[5m])) / (sum by (a) (increase(s_count[5m])) > 0)) * 1e3",
        ),
        (
            "rate(h_sum[5m]) / on (a) group_left rate(h_count[5m]) + rate(i_sum[5m]) / rate(i_count[5m])",
            "rate(h_sum[5m]) / on (a) group_left () (rate(h_count[5m]) > 0)"
            " + rate(i_sum[5m]) / (rate(i_count[5m]) > 0)",
        ),
        ("1000 * rate(h_sum[5m]) / rate(h_count[5m])", "1000 * rate(h_sum[5m]) / (rate(h_count[5m]) > 0)"),
        ("rate(h_sum[5m]) / (rate(h_count[5m]) > 0)", ""),
        ("rate(h_sum[5m]) / (sum(rate(h_count[5m])) != 0)", ""),
        ("rate(h_sum[5m]) / clamp_min(rate(h_count[5m]), 1)", ""),
        ("rate(h_sum[5m]) / rate(i_count[5m])", ""),
        ("rate(x_sum[5m]) / rate(x_count[5m])", ""),
        ("rate(h_count[5m]) / rate(i_count[5m])", ""),
    ],
)
def test_means_are_guarded(expr: str, guarded: str) -> None:
    """A sum divided by its count, of a histogram or a summary, gets `> 0` unless the author guards it ("" here)."""
    assert guard_means(expr, lookup) == (guarded or expr)


def test_a_guarded_mean_is_guarded_for_both_kinds() -> None:
    """The comparison is outside of the `or`."""
    assert both(guard_means("sum(rate(h_sum[5m])) / sum(rate(h_count[5m]))", lookup)) == (
        f"sum({RATE_S}) / (sum({RATE_C}) > 0)"
    )


@pytest.mark.parametrize(
    ("expr", "guarded"),
    [
        (QUANTILE, f"{QUANTILE} >= 0"),
        (f"topk(3, {QUANTILE})", f"topk(3, {QUANTILE} >= 0)"),
        (f"{QUANTILE} * 1000", f"({QUANTILE} >= 0) * 1000"),
        (f"up or {QUANTILE}", f"up or ({QUANTILE} >= 0)"),
        (f"{QUANTILE} > 5", ""),
        ("histogram_quantile(0.9, rate(x_bucket[5m]))", ""),
        ("rate(h_count[5m])", ""),
    ],
)
def test_quantiles_without_observations_are_dropped(expr: str, guarded: str) -> None:
    """`>= 0` drops NaN, unless the author compares the quantile ("" here)."""
    assert guard_quantiles(expr, lookup) == (guarded or expr)
    assert both(f"{QUANTILE} >= 0") == f"({QUANTILE} or {NATIVE_QUANTILE}) >= 0"
