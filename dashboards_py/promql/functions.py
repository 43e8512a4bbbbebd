"""The functions of PromQL and the arguments that are numbers or strings."""

from collections.abc import Iterable, Mapping

ALL_BUT_FIRST = range(1, 12)  # all arguments but the first


def _arguments(names: str, arguments: Iterable[int]) -> Mapping[str, frozenset[int]]:
    return {name: frozenset(arguments) for name in names.split()}


# Positions of number and string arguments, by function or aggregation (Prometheus, promql/parser/functions.go).
NUMBERS = {
    **_arguments("topk bottomk limitk limit_ratio quantile histogram_quantile quantile_over_time vector", {0}),
    **_arguments("clamp_max clamp_min round predict_linear", {1}),
    **_arguments("clamp double_exponential_smoothing holt_winters", {1, 2}),
    **_arguments("histogram_fraction", {0, 1}),
    **_arguments("histogram_quantiles", range(2, 12)),
}
STRINGS = {
    **_arguments("label_replace label_join sort_by_label sort_by_label_desc", ALL_BUT_FIRST),
    **_arguments("count_values", {0}),
    **_arguments("histogram_quantiles", {1}),
}

# Suggestions for an unknown function.
FUNCTIONS = tuple(
    """
    abs absent absent_over_time acos acosh asin asinh atan atanh avg avg_over_time bottomk ceil changes clamp clamp_max
    clamp_min cos cosh count count_over_time count_values day_of_month day_of_week day_of_year days_in_month deg delta
    deriv double_exponential_smoothing exp first_over_time floor group histogram_avg histogram_count histogram_fraction
    histogram_quantile histogram_quantiles histogram_stddev histogram_stdvar histogram_sum hour idelta increase info
    irate label_join label_replace last_over_time limit_ratio limitk ln log10 log2 mad_over_time max max_over_time min
    min_over_time minute month pi predict_linear present_over_time quantile quantile_over_time rad rate resets round
    scalar sgn sin sinh sort sort_by_label sort_by_label_desc sort_desc sqrt stddev stddev_over_time stdvar
    stdvar_over_time sum sum_over_time tan tanh time timestamp topk ts_of_first_over_time ts_of_last_over_time
    ts_of_max_over_time ts_of_min_over_time vector year
    """.split()  # noqa: SIM905  (a line for each would hide the rest)
)
