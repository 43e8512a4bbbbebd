"""Adding matchers: in any query only the matchers are added, and every other byte is kept."""

import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboards_py.promql import Matcher, QueryError, Selector, can_return_data, inject, parse, selectors

CLUSTER = Matcher("cluster", "=~", "$cluster")
NODE = Matcher("node", "=~", "$node")


def both(_: Selector) -> tuple[Matcher, ...]:
    """Scope every selector by cluster and node."""
    return (CLUSTER, NODE)


# A grammar of PromQL as used in boards. Each strategy generates text that Prometheus accepts.
NAMES = st.sampled_from(
    [
        "up",
        "cilium_drop_count_total",
        "job:x:rate5m",
        "by",
        "offset",
        "sum",
        "inflight",
        "nano",
        "$metric",
        "cilium_${kind}_total",
    ]
)
LABELS = st.sampled_from(["a", "reason", "by", "or", "on", "le", "offset", "cluster", "node"])
PLAIN = st.text(alphabet="ab {}()[],=~!#$'\"`\\|.*\n", max_size=8)
VALUES = st.one_of(
    PLAIN.map(lambda text: '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'),
    PLAIN.map(lambda text: "'" + text.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n") + "'"),
    PLAIN.filter(lambda text: "`" not in text).map(lambda text: f"`{text}`"),
)
PATTERNS = st.sampled_from(['"$cluster"', '"${ns:regex}"', '"[[ns]]"', '".*\\\\.x|y"', "'5..'"])
MATCHERS = st.one_of(
    st.tuples(LABELS, st.sampled_from(["=", "!="]), VALUES).map("".join),
    st.tuples(LABELS, st.sampled_from(["=~", "!~"]), PATTERNS).map("".join),
)
BLANK = st.sampled_from(["", " ", "\n ", " # a } comment ( \n"])
WINDOWS = st.sampled_from(["5m", "$__rate_interval", "${__range_s}s", "1h30m", "$__range"])
MODIFIERS = st.sampled_from(["", " offset 5m", " offset -1h", " @ end()", " @ start() offset 5m", " @ 1700000000"])


@st.composite
def instants(draw: st.DrawFn) -> str:
    """A vector selector."""
    inside = draw(st.lists(MATCHERS, max_size=3))
    blank = draw(BLANK)
    braces = (
        draw(st.sampled_from(["", "{" + blank + "}"]))
        if not inside
        else "{" + blank + ", ".join(inside) + draw(st.sampled_from(["", ","])) + blank + "}"
    )
    return draw(NAMES) + draw(st.sampled_from(["", " "]) if braces else st.just("")) + braces + draw(MODIFIERS)


@st.composite
def ranges(draw: st.DrawFn) -> str:
    """A range vector: of a selector, or a subquery."""
    inner = draw(instants())
    base, _, modifier = inner.partition(" offset") if " offset" in inner and "{" not in inner else (inner, "", "")
    if " @" in base or modifier or " offset" in base:
        return f"({inner})[{draw(WINDOWS)}:{draw(st.sampled_from(['', '1m', '$__interval']))}]"
    return f"{base}[{draw(WINDOWS)}]" + draw(MODIFIERS)


def _extend(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    group = st.lists(LABELS, max_size=2, unique=True).map(lambda labels: "(" + ", ".join(labels) + ")")
    return st.one_of(
        st.tuples(st.sampled_from(["sum", "max", "count"]), st.sampled_from([" by ", " without "]), group, inner).map(
            lambda x: f"{x[0]}{x[1]}{x[2]} ({x[3]})"
        ),
        st.tuples(st.sampled_from(["sum", "avg"]), inner, st.sampled_from([" by ", " without "]), group).map(
            lambda x: f"{x[0]}({x[1]}){x[2]}{x[3]}"
        ),
        st.tuples(st.sampled_from(["topk(3, ", "-(", "abs(", "(", "histogram_quantile(0.9, "]), inner).map(
            lambda x: f"{x[0]}{x[1]})"
        ),
        st.tuples(inner, st.sampled_from([" and ", " or ", " unless ", " + ", " / ", " == bool ", " > "]), inner).map(
            lambda x: f"({x[0]}){x[1]}({x[2]})"
        ),
        st.tuples(
            inner, group, st.sampled_from(["", " group_left (a)", " group_right () ", " group_left "]), inner
        ).map(lambda x: f"({x[0]}) * on {x[1]}{x[2]} ({x[3]})"),
        st.tuples(inner, group, inner).map(lambda x: f"({x[0]}) unless ignoring {x[1]} ({x[2]})"),
        inner.map(lambda x: f'label_replace({x}, "node", "$1", "a", "(.*)")'),
        inner.map(lambda x: f"({x}) > 0x1F"),
    )


QUERIES = st.recursive(
    st.one_of(
        instants(),
        ranges().map(lambda range_: f"rate({range_})"),
        ranges().map(lambda range_: f"max_over_time({range_})"),
    ),
    _extend,
    max_leaves=4,
)


def parses(expr: str) -> bool:
    """Whether the parser accepts the text: the grammar above is a little wider than PromQL's types."""
    try:
        parse(expr)
    except QueryError:
        return False
    return True


@settings(max_examples=400, deadline=None)
@given(QUERIES)
def test_only_matchers_are_added(expr: str) -> None:
    """The result parses, has each matcher that was missing, keeps everything else, and a second run changes nothing."""
    if not parses(expr):
        return
    before = selectors(expr)
    after = inject(expr, both)
    actual = selectors(after)
    assert len(actual) == len(before)
    for old, new in zip(before, actual, strict=True):
        missing = tuple(
            matcher for matcher in (CLUSTER, NODE) if matcher.label not in {own.label for own in old.matchers}
        )
        assert set(new.matchers) == {*old.matchers, *missing}
        assert (new.metric, new.window, new.functions) == (old.metric, old.window, old.functions)
    assert is_subsequence(expr, after)
    assert inject(after, both) == after
    assert inject(expr, lambda _: ()) == expr


def test_the_grammar_is_mostly_promql() -> None:
    """The property above is not vacuous: most of what the grammar generates parses."""
    results: list[bool] = []

    @settings(max_examples=200, deadline=None, database=None)
    @given(QUERIES)
    def count(expr: str) -> None:
        results.append(parses(expr))

    count()
    assert sum(results) > 0.7 * len(results)


def is_subsequence(short: str, long: str) -> bool:
    """Whether `long` is `short` with text inserted."""
    rest = iter(long)
    return all(char in rest for char in short)


@pytest.mark.parametrize(
    ("expr", "expected"),
    [
        ("up", 'up{cluster=~"$cluster"}'),
        ("up{}", 'up{cluster=~"$cluster"}'),
        ('up{a="b"}', 'up{a="b", cluster=~"$cluster"}'),
        ('up{a="b",}', 'up{a="b", cluster=~"$cluster"}'),
        ('up{ # }\n a="}" }[5m]', 'up{ # }\n a="}", cluster=~"$cluster" }[5m]'),
        ('up{cluster="a"}', 'up{cluster="a"}'),
        ('up{cluster!~"a"}', 'up{cluster!~"a"}'),
        ("sum by (cluster) (up)", 'sum by (cluster) (up{cluster=~"$cluster"})'),
        ("count(up) by (node)", 'count(up{cluster=~"$cluster"}) by (node)'),
        ("by", 'by{cluster=~"$cluster"}'),
        ("a * on (x) group_left b", 'a{cluster=~"$cluster"} * on (x) group_left b{cluster=~"$cluster"}'),
        ("x offset 5m @ end()", 'x{cluster=~"$cluster"} offset 5m @ end()'),
        ("x offset $back and y", 'x{cluster=~"$cluster"} offset $back and y{cluster=~"$cluster"}'),
        ("rate(x[5m:1m])", 'rate(x{cluster=~"$cluster"}[5m:1m])'),
        ("topk($n, x)", 'topk($n, x{cluster=~"$cluster"})'),
        ("x > bool inf", 'x{cluster=~"$cluster"} > bool inf'),
        ('{__name__="x"}', '{__name__="x", cluster=~"$cluster"}'),
        (
            'label_replace(x, "node", "$1", "a", "(.*)")',
            'label_replace(x{cluster=~"$cluster"}, "node", "$1", "a", "(.*)")',
        ),
        ("1 + 2", "1 + 2"),
    ],
)
def test_worked_cases(expr: str, expected: str) -> None:
    """Worked examples."""
    assert inject(expr, lambda _: (CLUSTER,)) == expected


def test_a_value_is_quoted() -> None:
    """Quotes, backslashes and newlines in a value are escaped as one PromQL string."""
    value = 'a"b\\c\nd'
    actual = inject("x", lambda _: (Matcher("l", "=", value),))
    assert actual == 'x{l="a\\"b\\\\c\\nd"}'
    assert selectors(actual)[0].matchers == (Matcher("l", "=", value),)


def test_or_inside_braces_is_refused() -> None:
    """Alternative sets of matchers in a selector cannot be scoped by one matcher: the error names the alternative."""
    with pytest.raises(QueryError, match="`or` inside its braces"):
        inject('x{a="b" or c="d"}', both)
    assert inject('x{or="b"}', lambda _: (NODE,)) == 'x{or="b", node=~"$node"}'


@pytest.mark.parametrize(
    ("expr", "cause"),
    [
        ("sum(", "unclosed left parenthesis"),
        ("rate(x)", "expected type matrix"),
        ("nosuch(x)", "unknown function"),
        ("x{a=}", ""),
        ("", ""),
        ("sum by (x (y)", ""),
    ],
)
def test_a_query_that_does_not_parse(expr: str, cause: str) -> None:
    """The error quotes the query and the parser's cause, and has the exit code of bad input."""
    with pytest.raises(QueryError) as error:
        parse(expr)
    assert repr(expr) in str(error.value)
    assert cause in str(error.value)
    assert error.value.exit_code == 2


@pytest.mark.parametrize(
    ("expr", "can_return"),
    [
        ("gone", False),
        ("here", True),
        ("gone or here", True),
        ("here or gone", True),
        ("gone or gone", False),
        ("here unless gone", True),
        ("gone unless here", False),
        ("here and gone", False),
        ("here / gone", False),
        ("sum(rate(gone[5m])) or vector(0)", False),
        ("sum(rate(here[5m])) or vector(0)", True),
        ("topk(5, sum by (a) (here)) + on (a) max(gone)", False),
        ("(gone or here) * 2", True),
        ("gone or -absent(here)", False),
        ("here or -absent(gone)", True),
        ("absent(here) or absent(gone)", True),
        ("gone or -(here ^ 0 unless gone)", False),
        ("here or -(here ^ 0 unless gone)", True),
        ("gone or here ^ 1", True),
    ],
)
def test_whether_a_query_can_return_data_without_a_metric(expr: str, can_return: bool) -> None:
    """`or` can if either side reads a known metric, `unless` if its left side does, everything else only if all do."""
    assert can_return_data(expr, lambda selector: selector.metric == "gone") is can_return


def test_the_context_of_a_selector() -> None:
    """Metric, matchers with variables as written, window as written, functions outermost first."""
    expr = 'sum by (a) (rate(x{b=~"${ns:regex}", c!="1"}[$__rate_interval])) / count(y)'
    assert selectors(expr) == (
        Selector(
            "x", (Matcher("b", "=~", "${ns:regex}"), Matcher("c", "!=", "1")), "$__rate_interval", ("sum", "rate")
        ),
        Selector("y", (), None, ("count",)),
    )


def test_a_result_that_is_not_the_query_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """The parser confirms the lexer's result: a wrong position never becomes a query."""
    module = sys.modules["dashboards_py.promql.inject"]  # the package's own `inject` is the function
    monkeypatch.setattr(module, "_insert", lambda text, _site, new: f'{text}{{{new}, x="y"}}')
    with pytest.raises(QueryError, match=r"became .*, which differs in more than the matchers added"):
        inject("confirmed_total", lambda _: (Matcher("node", "=~", "$node"),))


def test_selectors_that_lexer_and_parser_count_differently_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A selector that only one of them sees has no position in the text."""
    monkeypatch.setattr("dashboards_py.promql.parsing.selector_spans", lambda _: ())
    with pytest.raises(QueryError, match="1 selector by its tree, 0 by its text"):
        selectors("counted_total")
