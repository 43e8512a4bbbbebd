"""Any text is parsed, rejected as invalid, or reported as not understood, and never ends the process."""

import json
import subprocess
import sys
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboards_py import promql, promtool
from dashboards_py.promql import Matcher, QueryError, UnreadableQuery, inject, lenient_selectors, selectors
from dashboards_py.promql.depth import LENGTH, LIMIT, depth
from dashboards_py.promql.durations import seconds
from dashboards_py.promql.lexer import tokens
from dashboards_py.promql.parsing import read
from tests.components import require

SYNTAX = pytest.mark.fault("Grafana's forms and Prometheus 3's syntax are reported as syntax errors")
DEEP = pytest.mark.fault("a query of 500 terms or parentheses is a RecursionError, one of 5,000 a segmentation fault")


@SYNTAX
@pytest.mark.parametrize(
    ("expr", "metrics"),
    [
        ("rate(foo_[[kind]]_total[5m])", ["foo_[[kind]]_total"]),
        ("topk($n, $m)", ["$m"]),
        ("topk by (a) ($n, ${m:raw})", ["${m:raw}"]),
        ("histogram_quantile($q, sum by (le) (rate(x_bucket[$w])))", ["x_bucket"]),
        ("clamp($x, $low, $high)", ["$x"]),
        ("count_values($label, x)", ["x"]),
        ('label_replace(x, "$l", "$1", $from, "(.*)")', ["x"]),
        ("foo{$filters}", ["foo"]),
        ('foo{$l="x", $m=~"$v"}', ["foo"]),
        ("foo{a=~${b:doublequote}}", ["foo"]),
        ("sum by ($by, ${more:csv}) (x)", ["x"]),
        ("x * on ($l) group_left ($k) y", ["x", "y"]),
        ("x[[[window]]]", ["x"]),
        ("rate(x[$__range:$step])", ["x"]),
        ("rate(x[${n}m])", ["x"]),
        ("increase(x[$__range]) / $__range", ["x"]),
        ("x / $__interval_ms * $__range_s", ["x"]),
        ("x offset $o + y offset -${n}h", ["x", "y"]),
        ("x @ ${__to:date:seconds}", ["x"]),
        ('x{a="${b}", c=~"[[d]]|e", f="$__all"}', ["x"]),
        ("rate(x[5m+1m]) + y offset (5m * 2)", ["x", "y"]),
        ("rate(x[5m] smoothed) + rate(x[5m] offset 1m anchored)", ["x", "x"]),
        ("a + fill(0) b", ["a", "b"]),
        ("a + on (x) group_left () fill_right (0) b", ["a", "b"]),
        ('{"my.metric", "a.b"="c"}', ["my.metric"]),
        ('sum by ("a.b") ({"my.metric"})', ["my.metric"]),
        ("limitk(3, x) + rate(x[300])", ["x", "x"]),
        ("rate(x[1_000]) > 1_000_000.5 + 0x_ff + y offset 1_0", ["x", "y"]),
        ("x </ 5 and y >/ 0.5", ["x", "y"]),
        ('info(x, {k=~"v"})', ["x", ""]),
        ("holt_winters(x[1h], 0.1, 0.1)", ["x"]),
        ("x offset -5m + x @ end()", ["x", "x"]),
        ("ts_of_max_over_time(x[5m]) # $comment {", ["x"]),
        ("x{a=~`\\d+`, b=`\\`}", ["x"]),
        ('x{a=~"\\\\Qa.b\\\\E"}', ["x"]),
    ],
)
def test_supported_syntax(expr: str, metrics: list[str]) -> None:
    """Each selector is read, with its metric as written."""
    assert [selector.metric for selector in selectors(expr)] == metrics


def test_parts_are_read_as_written() -> None:
    """Matchers and windows keep their variables, strings their escapes; a variable for matchers is kept apart."""
    (selector,) = selectors('x{a=~"$b.*", c="\\x41\\"", d=~`\\d`, $e, ${f:raw}}[[[g]]]')
    assert list(map(str, selector.matchers)) == ['a=~"$b.*"', 'c="A\\""', 'd=~"\\\\d"']
    assert (selector.window, selector.filters) == ("[[g]]", ("$e", "${f:raw}"))


@SYNTAX
@pytest.mark.parametrize(
    ("expr", "cause", "metrics"),
    [
        ("$agg(x)", r"\$agg, which may be any part of it", ["x"]),
        ("$agg by (a) (cilium_version{a='b'})", r"\$agg, which may be any part of it", ["cilium_version"]),
        ('x{a$op"b"}', r"\$op, which may be any part of it", ["x"]),
        ("rollup_rate(x[5m])", "calls rollup_rate, an unknown function", ["x"]),
    ],
)
def test_unsupported_syntax_is_not_reported_as_invalid(expr: str, cause: str, metrics: list[str]) -> None:
    """The error has the reason, and the metrics are still read from the text."""
    with pytest.raises(UnreadableQuery, match=cause):
        selectors(expr)
    assert [selector.metric for selector in lenient_selectors(expr)] == metrics


@pytest.mark.parametrize(
    ("expr", "message"),
    [
        ("sum(rate(x[$__rate_interval])) by (le", "unclosed"),
        ("raet(x[5m])", "did you mean rate"),
        ("x > 1__0", "does not parse"),
        ("x > 1_", "does not parse"),
        ('x{a=~"\\d"}', "unknown escape sequence"),
        ('x{a=~"\\UFFFFFFFF"}', "does not parse"),
        ('x{a="\ud800"}', "surrogates"),
        ("", "no expression"),
        ("x offset 1e20", "out of range"),
        ("rate(x[inf])", "out of range"),
        ("rate(x[5m:1e19])", "out of range"),
    ],
)
def test_invalid_queries_are_reported_as_invalid(expr: str, message: str) -> None:
    """If no variable can be the cause, the query is invalid."""
    with pytest.raises(QueryError, match=message) as error:
        selectors(expr)
    assert not isinstance(error.value, UnreadableQuery)


@pytest.mark.parametrize(
    ("expr", "cause"),
    [
        ('x{a=~"(?=b)"}', "Prometheus refuses the regular expression: invalid perl operator"),
        ('{pod=~".*"}', "needs a matcher that an empty value does not match"),
        ('{__name__=~".*"}', "needs a matcher that an empty value does not match"),
    ],
)
def test_queries_refused_after_parsing(expr: str, cause: str) -> None:
    """Invalid regular expressions and empty selectors are found after parsing, and the compiler refuses them too."""
    assert any(cause in refusal for refusal in promql.refusals(expr))
    with pytest.raises(QueryError, match=r"needs a matcher|refuses the regular"):
        inject(expr, lambda _: (Matcher("c", "=", "d"),))


@pytest.mark.parametrize("expr", ['x{pod=~".+"}', "{$filters}", '{a="b"}', 'info(x, {k=~".*"})', 'x{a=~"$b("}'])
def test_queries_accepted_after_parsing(expr: str) -> None:
    """A variable may complete a pattern, and the second argument of info may match anything."""
    assert list(promql.refusals(expr)) == []


@pytest.mark.parametrize("expr", ["x{$filters}", "rate(x[5m+1m])", "rate(x[5m] smoothed)", "x{a=$b}", "x{a=~'('}"])
def test_the_compiler_does_not_guess(expr: str) -> None:
    """Queries that are read by a guess get no matchers: our own boards are written in plain PromQL."""
    selectors(expr)
    with pytest.raises(QueryError, match=r"is ambiguous|refuses the regular expression"):
        inject(expr, lambda _: (Matcher("c", "=", "d"),))


def test_a_utf_8_name_is_scoped() -> None:
    """A metric named by a string gets matchers as any other."""
    assert inject('{"my.metric"}', lambda _: (Matcher("c", "=", "d"),)) == '{"my.metric", c="d"}'


SIZES = (LIMIT // 2 - 2, 500, 5000, LENGTH)
SHAPES: dict[str, Callable[[int], str]] = {
    "parentheses": lambda n: "(" * n + "x" + ")" * n,
    "terms": lambda n: " + ".join(["x"] * (n + 1)),
    "alternatives": lambda n: " or ".join(["x"] * (n + 1)),
    "powers": lambda n: "^".join(["2"] * (n + 1)),
    "signs": lambda n: "-" * n + "x",
    "functions": lambda n: "abs(" * n + "x" + ")" * n,
    "aggregations": lambda n: "sum by (a) (" * n + "x" + ")" * n,
    "joins": lambda n: "x * on (a) (" * n + "x" + ")" * n,
    "subqueries": lambda n: "max_over_time(" * n + "x" + "[5m:])" * n,
    "windows": lambda n: "x" + "[5m:]" * n,
    "offsets": lambda n: "x" + " offset 5m" * n,
    "open brackets": lambda n: "(" * n,
    "open braces": lambda n: "x{" * n,
    "open strings": lambda n: 'x{a="' * n,
    "open variables": lambda n: "${" * n,
    "backslashes": lambda n: '"' + '\\"' * n,
    "open groups": lambda n: "sum by(" * n,
}
READS = """
import json, sys
from dashboards_py import promql
from dashboards_py.promql import (
    QueryError, UnreadableQuery, can_return_data, lenient_selectors, missing_labels, output_labels, parse, refusals,
    selectors,
)
from dashboards_py.lint._measure import measure
sys.stdout.reconfigure(errors="backslashreplace")  # a cause may quote a lone surrogate
for expr in json.load(sys.stdin):
    lenient_selectors(expr)
    promql.for_prometheus(expr)
    try:
        list(refusals(expr)), selectors(expr), promql.labels(expr), can_return_data(expr, bool), measure(expr)
        list(missing_labels(expr, lambda _: None)), output_labels(parse(expr), lambda _: frozenset("a"))
        promql.inject(expr, lambda _: (promql.Matcher("c", "=", "d"),))
    except UnreadableQuery as error:
        print("unread", error.cause.replace(chr(10), " "))  # it quotes variables, in which a line may end
    except QueryError as error:
        print("wrong")
    else:
        print("read")
"""


def outcomes(exprs: list[str]) -> list[str]:
    """The outcomes of queries, read in a process of its own that must exit with 0."""
    run = subprocess.run(
        [sys.executable, "-c", READS], input=json.dumps(exprs), capture_output=True, text=True, timeout=120, check=False
    )
    assert run.returncode == 0, run.stderr[-2000:]
    return run.stdout.removesuffix("\n").split("\n")  # a message may quote what splitlines() takes for a line's end


@DEEP
def test_depth_is_bounded_before_the_parser() -> None:
    """For every shape: half the limit is parsed or rejected, more is too deep, and nothing ends the process."""
    results = outcomes([shape(size) for shape in SHAPES.values() for size in SIZES])
    actual = {name: results[index * len(SIZES) :][: len(SIZES)] for index, name in enumerate(SHAPES)}
    for name, (small, *others) in actual.items():
        assert small in ("read", "wrong"), name
        assert all(outcome in ("wrong", "read") or "(limit " in outcome for outcome in others), (name, others)
    assert {actual[name][0] for name in ("parentheses", "terms", "functions", "aggregations", "joins")} == {"read"}
    too_deep = f"unread is too deeply nested to be read (limit {LIMIT})"
    assert {actual[name][1] for name in ("parentheses", "terms", "signs", "functions", "subqueries")} == {too_deep}


def test_the_limit_is_the_tree_s_height() -> None:
    """Brackets and operators count; several arguments, matchers and lists side by side do not."""
    wide = "label_join(x, " + ", ".join(['"a"'] * 500) + ")"
    matched = "x{" + ", ".join(f'l{number}!="v"' for number in range(500)) + "}"
    assert max(depth(tokens(expr)) for expr in (wide, matched)) < 5
    assert [depth(tuple(tokens(SHAPES["terms"](number)))) for number in (1, 7)] == [1, 7]


def test_prometheus_accepts_what_is_too_deep_for_us() -> None:
    """Prometheus has no such limit: a query that is too deep is never reported as invalid."""
    require("promtool")
    deep = [SHAPES["parentheses"](5000), SHAPES["terms"](5000)]
    assert promtool.verdicts(deep) == dict.fromkeys(deep, "")


PIECES = st.sampled_from(
    ["x", "1", "5m", "(", ")", "{", "}", "[", "]", "[5m]", "[5m:]", '"a"', '"', "`", "'", "\\", "=", "=~", "!=", ","]
    + ["+", "-", "^", ">", "==", " bool ", " or ", " unless ", " by ", " on ", "(a)", " group_left ", " offset ", " @ "]
    + ["rate(", "topk(", "sum", "$n", "${v:raw}", "[[w]]", "$__range", "$", "${", "[[", "a=", '{a="b"}', "\n", "#", "é"]
    + ["\0", "\ud800", "fill(0)", " smoothed", "__name__", ":", ".", "1e9", "0x", "inf", "nan", "end()", "start()"]
)


@DEEP
def test_no_text_ends_the_process() -> None:
    """Any text from hypothesis is parsed, invalid, or not understood."""
    exprs: list[str] = []

    @settings(max_examples=1500, deadline=None, database=None)
    @given(st.one_of(st.lists(PIECES, max_size=14).map("".join), st.text(max_size=20)))
    def collect(expr: str) -> None:
        exprs.append(expr)

    collect()
    actual = outcomes(exprs)
    assert len(actual) == len(exprs)
    assert {outcome.split()[0] for outcome in actual} == {"read", "wrong", "unread"}


@pytest.mark.fault("lint without promtool calls a window of `[.5]` invalid, which Prometheus reads")
@pytest.mark.parametrize(
    "expr", ["rate(x[.5])", "rate(x[ .5 ])", "max_over_time(x[.5:.25])", "max_over_time(x[1m:.5])"]
)
def test_a_window_that_begins_with_a_point(expr: str) -> None:
    """It is read as with a zero before the point, and its length is known."""
    assert str(read(expr).tree) == str(read(expr.replace(".5", "0.5").replace(".25", "0.25")).tree)
    assert (seconds(".5"), seconds("0.5"), seconds(".")) == (0.5, 0.5, 0)


@pytest.mark.fault("lint without promtool reads windows that Prometheus refuses, such as `[-5m]`")
@pytest.mark.parametrize("window", ["-5m", " - .5", "-1e3", "-(5m)", "(-5m)", "0", "0.0", "-1h:5m", "5m:-1m", "5m:0"])
def test_a_window_that_is_not_positive(window: str) -> None:
    """It is invalid, as promtool 3.14 says; a window that is computed may be positive when the query runs."""
    with pytest.raises(QueryError, match="must be greater than 0") as error:
        read(f"max_over_time(x[{window}])")
    assert not isinstance(error.value, UnreadableQuery)
    assert read("max_over_time(x[-5m + 10m])").assumed == ("[-5m + 10m]",)


@pytest.mark.fault("values takes minutes for a query of thousands of terms, which it cannot read")
def test_selectors_of_what_does_not_parse_are_read_once() -> None:
    """Whoever asks about one of them asks for all: once for each of 5,000 took minutes."""
    expr = "+".join(["up"] * (LIMIT + 1))
    assert lenient_selectors(expr) is lenient_selectors(str(expr.encode(), "ascii"))
