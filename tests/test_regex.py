"""Regular expressions are accepted or rejected as by Prometheus."""

import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboards_py import promtool, regex
from tests.components import require

PYTHON_SYNTAX = pytest.mark.fault(
    "lint judges regular expressions by Python's re: [[:upper:]] and \\Q..\\E never match"
)
HANGS = pytest.mark.fault("lint hangs on a regular expression such as (([a-z0-9-]+)+)+X")
# Patterns that Python, Rust, C++ and Go do not all accept, or do not all read in the same way.
PATTERNS = [
    *("[[:upper:]]+", r"\Qa.b\E", r"\Q(", r"\E", "(?i)a", "(?s).", "(?-s).", "(?U)a+", "(?i:x)y", r"\z", r"\pN"),
    *("(", "a)(b", "(?=a)", "(?<=a)b", r"(a)\1", "(?P=a)", "(?P<a>x)", "(?<a>x)", "(?P<a>x)(?P<a>y)", "(?#c)a"),
    *("a**", "a++", "a{,3}", "a{3,2}", "x{2}{3}", "x{1000}", "x{1001}", "(x{100}){100}", "^*", "*", "|", "a|", ""),
    *(r"\C", r"\Z", r"\8", r"\h", r"\e", r"\K", r"\R", r"\_", r"\-", r"\/", r"\xg", r"\x{110000}", r"\p{Greek}"),
    *("[z-a]", "[]", "[]a]", r"[a-\d]", "[[:foo:]]", r"[\Q]\E]", "é", "(?x)a", "(" * 998 + ")" * 998),
    *("(" * 999 + ")" * 999, r"\pL{1000}", r"\(" * 2000, r"\Q" + "(" * 2000),
]


@PYTHON_SYNTAX
@pytest.mark.parametrize(
    ("pattern", "value", "expected"),
    [
        ("[[:upper:]]+", "EGRESS", True),
        (r"\QA.B\E", "A.B", True),
        (r"\QA.B\E", "AxB", False),
        ("a|b", "ab", False),
        ("a", "ba", False),
        ("a.b", "a\nb", True),
        ("(?i)egress", "EGRESS", True),
        ("", "", True),
        (".*", "", True),
        (".+", "", False),
        ("x$", "x\n", False),
        ("(?=a)a", "a", None),
        ("a)(b", "ab", None),
        (r"\pL{1000}", "a", None),
        ("a", "\ud800", False),
    ],
)
def test_a_value_is_matched_as_a_whole(pattern: str, value: str, expected: bool | None) -> None:
    """Anchored, and a dot matches line breaks; None if Prometheus rejects the pattern or RE2 runs out of memory."""
    assert regex.matches(pattern, value) is expected


@HANGS
def test_no_pattern_takes_long() -> None:
    """Nested repetitions take time linear in the length of the value, not exponential."""
    begin = time.process_time()
    assert regex.matches("(([a-z0-9-]+)+)+X", "a" * 100_000) is False
    assert time.process_time() - begin < 1


def test_prometheus_rejects_the_same_patterns() -> None:
    """promtool and we reject the same patterns; one that is too large only for our RE2 is not reported."""
    require("promtool")
    verdicts = promtool.verdicts([query(pattern) for pattern in PATTERNS])
    refused = {pattern for pattern in PATTERNS if verdicts[query(pattern)]}
    assert {pattern for pattern in PATTERNS if regex.problem(pattern)} == refused
    assert 20 < len(refused) < len(PATTERNS) - 20


ATOMS = ["a", ".", r"\d", r"\b", r"\Q", r"\E", "[a-z]", "[^a]", "[[:alpha:]]", "(", "(?:", "(?i)", "(?P<n>", ")", "|"]
ATOMS += ["*", "+", "?", "*?", "{2}", "{2,1}", "^", "$", r"\A", r"\z", r"\C", r"\x41", "é", "(?=", r"\1"]


def test_random_patterns_are_rejected_by_both() -> None:
    """The same for patterns that hypothesis generates."""
    require("promtool")
    patterns: set[str] = set()

    @settings(max_examples=400, deadline=None, database=None)
    @given(st.lists(st.sampled_from(ATOMS), max_size=6).map("".join))
    def collect(pattern: str) -> None:
        patterns.add(pattern)

    collect()
    verdicts = promtool.verdicts([query(pattern) for pattern in patterns])
    refused = {pattern for pattern in patterns if verdicts[query(pattern)]}
    assert {pattern for pattern in patterns if regex.problem(pattern)} == refused
    assert 0 < len(refused) < len(patterns)


def query(pattern: str) -> str:
    """A query with a matcher for the pattern."""
    return f"up{{a=~{json.dumps(pattern, ensure_ascii=False)}}}"


@HANGS
@pytest.mark.parametrize("pattern", ["x{1,500}" * 500, "(?:x{10}){10}" * 900, "((?:[[:upper:]]{30}){30}y)" * 90])
def test_a_pattern_that_takes_long_to_compile_is_not_judged(pattern: str) -> None:
    """Prometheus accepts it, but expanding it would take minutes. A long one without repetitions is evaluated."""
    begin = time.process_time()
    assert (regex.problem(pattern), regex.matches(pattern, "x")) == ("", None)
    assert time.process_time() - begin < 1
    assert regex.matches("|".join(f"pod-{number}" for number in range(5000)), "pod-4999") is True
