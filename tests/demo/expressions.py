"""Random expressions over the small storage, from a seed: most make sense, some are refused."""

from collections.abc import Iterator
from random import Random

COUNTERS = ("requests_total", 'requests_total{code="500"}', "duration_seconds_bucket")
GAUGES = ("temperature", "queue", 'queue{job=~"a.*"}', "build_info", "leader", "odd", 'odd{kind!="nan"}', "nothing")
WINDOWS = ("45s", "1m", "2m10s", "5m", "15m")
OF_COUNTERS = ("rate", "increase", "irate", "resets")
OVER_TIME = tuple(
    """
    avg_over_time count_over_time max_over_time min_over_time sum_over_time stddev_over_time stdvar_over_time
    last_over_time first_over_time present_over_time absent_over_time changes delta idelta deriv resets
    """.split()  # noqa: SIM905  (a line for each would hide the rest)
)
SIMPLE = tuple(
    """
    abs ceil floor exp sqrt ln log2 log10 sgn round timestamp sort sort_desc absent deg rad sin cos tan asin acos atan
    tanh asinh acosh atanh hour minute month year day_of_week day_of_month day_of_year days_in_month
    histogram_count histogram_sum -
    """.split()  # noqa: SIM905
)
AGGREGATIONS = ["sum", "avg", "max", "min", "count", "group", "stddev", "stdvar"]
LABELS = ("job", "instance", "code", "job, instance", "")
DEPTH = 3
ARITHMETIC, COMPARISONS = ("+", "-", "*", "/", "%", "^", "atan2"), ("==", "!=", ">", "<", ">=", "<=")


def expressions(seed: int, count: int) -> Iterator[str]:
    """So many expressions."""
    random = Random(seed)
    for _ in range(count):
        yield _vector(random, DEPTH)


def _vector(random: Random, depth: int) -> str:
    if depth == 0:
        return _selector(random, random.choice((*COUNTERS, *GAUGES)))
    kinds = [_range_function, _aggregation, _binary, _binary, _simple, _quantile, _labels, _set, _clamped]
    if depth == DEPTH:  # inside of others it would matter which of several equal series it takes
        kinds.append(_ranked)
    return random.choice(kinds)(random, depth - 1)


def _selector(random: Random, metric: str) -> str:
    chance = random.random()
    if chance < 0.1:
        return f"{metric} offset {random.choice(('1m', '7m', '-1m'))}"
    if chance < 0.15:
        return f"{metric} @ {random.choice(('end()', 'start()', '1795599000'))}"
    return metric


def _window(random: Random, metric: str) -> str:
    modifier = random.choice(("", "", "", " offset 3m", " @ end()", " @ start() offset 1m"))
    return f"{metric}[{random.choice(WINDOWS)}]{modifier}"


def _range_function(random: Random, depth: int) -> str:
    chance = random.random()
    if chance < 0.4:
        return f"{random.choice(OF_COUNTERS)}({_window(random, random.choice(COUNTERS))})"
    if chance < 0.75:
        return f"{random.choice(OVER_TIME)}({_window(random, random.choice(GAUGES))})"
    if chance < 0.8:
        return f"predict_linear({_window(random, random.choice(GAUGES))}, {random.choice((60, 3600, -30))})"
    if chance < 0.85:
        share = random.choice((0, 0.3, 0.95, 1, 1.5, -1))
        return f"quantile_over_time({share}, {_window(random, random.choice(GAUGES))})"
    step = random.choice(("30s", "1m", "90s", ""))
    return f"{random.choice((*OVER_TIME, 'rate'))}(({_vector(random, depth)})[{random.choice(WINDOWS)}:{step}])"


def _aggregation(random: Random, depth: int) -> str:
    grouping = random.choice(("", f" by ({random.choice(LABELS)})", f" without ({random.choice(LABELS)})"))
    if random.random() < 0.1:
        return f"quantile{grouping}({random.choice((0.5, 0.9, 2))}, {_vector(random, depth)})"
    if random.random() < 0.1:
        return f'count_values{grouping}("value", {_selector(random, random.choice(GAUGES))})'
    return f"{random.choice(AGGREGATIONS)}{grouping}({_vector(random, depth)})"


def _ranked(random: Random, depth: int) -> str:
    grouping = random.choice(("", f" by ({random.choice(LABELS)})"))
    return f"{random.choice(('topk', 'bottomk'))}{grouping}({random.choice((1, 2, 5, 0))}, {_vector(random, depth)})"


def _binary(random: Random, depth: int) -> str:
    left, right = _vector(random, depth), _vector(random, depth)
    op = random.choice((*ARITHMETIC, *COMPARISONS))
    as_bool = " bool" if op in COMPARISONS and random.random() < 0.3 else ""
    chance = random.random()
    if chance < 0.35:
        return f"({left}) {op}{as_bool} {random.choice(('2', '0', '-1', '0.5', 'time()', 'scalar(temperature)'))}"
    if chance < 0.5:
        return f"{random.choice(('2', 'time()', '3.5'))} {op}{as_bool} ({right})"
    if chance < 0.6:
        return f"({left}) {op}{as_bool} ({left})"
    side = random.choice(("", "", " group_left", " group_right", " group_left (version)", " group_right (code)"))
    matching = random.choice((" on (job, instance)", " on (instance)", " ignoring (code)", ""))
    return f"({left}) {op}{as_bool}{matching}{side if matching else ''} ({right})"


def _set(random: Random, depth: int) -> str:
    matching = random.choice(("", "", " on (job)", " on (job, instance)", " ignoring (code, le)"))
    return f"({_vector(random, depth)}) {random.choice(('and', 'or', 'unless'))}{matching} ({_vector(random, depth)})"


def _simple(random: Random, depth: int) -> str:
    function = random.choice(SIMPLE)
    argument = _vector(random, depth)
    if function == "round" and random.random() < 0.5:
        return f"round({argument}, {random.choice((0.1, 5))})"
    return f"-({argument})" if function == "-" else f"{function}({argument})"


def _quantile(random: Random, _: int) -> str:
    by = random.choice(("le", "le, job", "le, job, instance"))
    share = random.choice((0.5, 0.99, 0, 1, -0.1, 1.1))
    return f"histogram_quantile({share}, sum by ({by}) (rate({_window(random, 'duration_seconds_bucket')})))"


def _labels(random: Random, depth: int) -> str:
    argument = _vector(random, depth)
    if random.random() < 0.3:
        return f'label_join({argument}, "both", "-", "job", "instance", "missing")'
    pattern, template = random.choice(
        (("(.).*", "$1x"), ("(?P<a>a|d)(.+)", "${2}_$a"), (".*", ""), ("nothing", "y"), ("(.*)", "$1$1$$"))
    )
    target, source = random.choice((("job", "job"), ("new", "instance"), ("instance", "job"), ("__name__", "job")))
    return f'label_replace({argument}, "{target}", "{template}", "{source}", "{pattern}")'


def _clamped(random: Random, depth: int) -> str:
    argument = _vector(random, depth)
    return random.choice(
        (
            f"clamp({argument}, 1, 20)",
            f"clamp_min({argument}, 3)",
            f"clamp_max({argument}, 10)",
            f"clamp({argument}, 5, 1)",
        )
    )
