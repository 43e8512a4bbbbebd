"""Colors with a meaning: one table for all boards, the same in both themes."""

import json
import math
import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from functools import cache
from itertools import combinations

import pytest

from dashboards_py import promql
from dashboards_py.model import Query
from dashboards_py.panel_data import opening_values, panel_data
from dashboards_py.panel_data.colors import field_color
from dashboards_py.panel_data.colors.css import parse_color
from dashboards_py.panel_data.colors.named import contrast, named_color
from dashboards_py.panel_data.frame import Field, FieldConfig, FieldType
from dashboards_py.render.kind import COLORS as JUDGED_COLORS
from dashboards_py.style.colors import COLORED_LABELS, ORANGE, TEAL, series_colors
from dashboards_py.style.hues import GRAY, HUES, SHARED_HUES, name_hues, single_hues, styles_of_names
from dashboards_py.style.lines import name_styles
from dashboards_py.style.panels import query
from tests.demo.boards import BOARDS, WINDOW, reads_the_same, scene_source

JUDGEMENTS = {"green", JUDGED_COLORS["yellow"], "red"}
GOOD, DOUBTFUL, BAD, NEUTRAL, OTHER = "green", ORANGE, "red", "blue", "text"
# Values as Cilium, Hubble, Envoy and DNS write them, by a query of a metric that has them.
COLORS: Mapping[tuple[str, str], Mapping[str, str | None]] = {
    ("level", "cilium_errors_warnings_total"): {"WARN": DOUBTFUL, "ERROR": BAD},
    ("status", "cilium_hive_status"): {"ok": GOOD, "degraded": BAD, "stopped": None},
    ("status", "cilium_node_health_connectivity_status"): {"reachable": GOOD, "unreachable": BAD},
    ("status", "cilium_controllers_runs_total"): {"success": GOOD, "failure": BAD},
    ("status", "hubble_http_requests_total"): {
        "100": OTHER,
        "200": GOOD,
        "204": GOOD,
        "302": NEUTRAL,
        "404": DOUBTFUL,
        "429": DOUBTFUL,
        "503": BAD,
    },
    ("status", "hubble_relay_pool_peer_connection_status"): {
        "READY": GOOD,
        "IDLE": None,
        "CONNECTING": DOUBTFUL,
        "TRANSIENT_FAILURE": BAD,
        "NIL_CONNECTION": BAD,
    },
    ("outcome", "cilium_endpoint_regenerations_total"): {"success": GOOD, "fail": BAD},
    ("return_code", "cilium_k8s_client_api_calls_total"): {"200": GOOD, "201": GOOD, "409": DOUBTFUL, "500": BAD},
    ("verdict", "hubble_flows_processed_total"): {
        "FORWARDED": GOOD,
        "AUDIT": DOUBTFUL,
        "DROPPED": BAD,
        "ERROR": BAD,
        "REDIRECTED": NEUTRAL,
    },
    ("action", "hubble_policy_verdicts_total"): {"forwarded": GOOD, "dropped": BAD, "redirected": NEUTRAL},
    ("rule", "cilium_policy_l7_total"): {
        "received": NEUTRAL,
        "forwarded": GOOD,
        "denied": BAD,
        "parse_errors": DOUBTFUL,
    },
    ("rcode", "hubble_dns_responses_total"): {
        "No Error": GOOD,
        "Non-Existent Domain": DOUBTFUL,
        "Server Failure": BAD,
        "Query Refused": BAD,
    },
    ("status", "cilium_endpoint_component_status"): {"OK": GOOD, "Warning": DOUBTFUL, "Failure": BAD, "Disabled": None},
    ("direction", "cilium_drop_count_total"): {"INGRESS": "blue", "EGRESS": "purple"},
    ("endpoint_state", "cilium_endpoint_state"): {"ready": GOOD, "disconnecting": None, "regenerating": None},
    ("reason", "cilium_drop_count_total"): {
        "Policy denied": DOUBTFUL,
        "CT: Map insertion failed": BAD,
        "Invalid destination mac": "#c95fa8",
        "No mapping for NAT masquerade": BAD,
        "Stale or unroutable IP": "blue",
        "Rate limited": None,
    },
    ("reason", "hubble_drop_total"): {
        "POLICY_DENIED": DOUBTFUL,
        "CT_MAP_INSERTION_FAILED": BAD,
        "STALE_OR_UNROUTABLE_IP": "blue",
    },
}
LEAST_CONTRAST = 1.8  # of a line with its panel
STAGES = ("policyGenerationTime", "processingTime", "semaphoreTime")
SHADES = 11  # that Grafana makes of a color
CLASSES = (("1xx", OTHER), ("2xx", GOOD), ("3xx", NEUTRAL), ("4xx", DOUBTFUL), ("5xx", BAD))
SCENES = ("healthy", "dns-drop", "map-full", "rolling-upgrade")
# The labels that decide a color, the decisive one first.
JUDGED = tuple(reversed(COLORED_LABELS))


def color_of(legend: str, metric: str, name: str) -> str | None:
    """The color of a series' name; the last matching pattern decides. None: a hue that judges nothing."""
    query = Query(expr=f"sum(rate({metric}[5m]))", legend=legend)
    fitting = [
        color
        for pattern, color in series_colors([query]).items()
        if re.search(pattern.removeprefix("/").removesuffix("/i"), name, re.IGNORECASE)
    ]
    return fitting[-1] if fitting else None


@pytest.mark.parametrize(
    ("label", "metric", "value", "color"),
    [(label, metric, value, color) for (label, metric), colors in COLORS.items() for value, color in colors.items()],
)
def test_each_value_has_its_color(label: str, metric: str, value: str, color: str | None) -> None:
    """Also beside labels that nobody judges."""
    assert color_of(f"{{{{{label}}}}}", metric, value) == color
    with_method = color_of(f"{{{{method}}}} {{{{{label}}}}}", metric, f"GET {value}")
    assert with_method == color or label == "rcode" or (label == "direction" and with_method is None)


@pytest.mark.parametrize(("name", "color"), CLASSES)
def test_each_class_of_status_codes_has_its_color(name: str, color: str) -> None:
    """Five classes, five colors: 1xx is not drawn as 2xx."""
    legend, metric = "{{envoy_response_code_class}}xx", "envoy_http_downstream_rq_xx"
    assert color_of(legend, metric, name) == color
    assert len({color_of(legend, metric, known) for known, _ in CLASSES}) == len(CLASSES)


def test_the_reason_decides_then_the_outcome_then_the_direction() -> None:
    """A series has one color however many of its labels are judged."""
    drops, verdicts = "cilium_drop_count_total", "hubble_policy_verdicts_total"
    assert color_of("{{reason}} {{direction}}", drops, "Rate limited EGRESS") is None
    assert color_of("{{reason}} {{direction}}", drops, "Policy denied EGRESS") == DOUBTFUL
    assert color_of("{{direction}} {{match}} {{action}}", verdicts, "egress none forwarded") == GOOD


def test_patterns_name_only_what_a_label_can_be() -> None:
    """A board is not longer than it must be."""
    query = Query(expr="sum by (status) (rate(cilium_controllers_runs_total[5m]))", legend="{{status}}")
    assert series_colors([query]) == {"/succe/i": GOOD, "/fail/i": BAD}


@pytest.mark.fault("two series of a graph have the same color")
@pytest.mark.parametrize("dark", [True, False], ids=["dark", "light"])
def test_no_two_lines_of_a_graph_look_the_same(dark: bool) -> None:
    """They differ by their color, or are solid, dashed and dotted: in all scenes and both themes."""
    lines: dict[tuple[str, str, str, str], list[str]] = defaultdict(list)
    for scene in SCENES:
        for where, field in drawn(scene, types=("timeseries",)):
            style = json.dumps(field.config.custom.get("lineStyle"))
            lines[scene, where, field_color(field, dark=dark), style].append(series_name(field))
    assert {key: names for key, names in lines.items() if len(names) > 1} == {}


@pytest.mark.fault("two series of a graph have the same color")
def test_client_errors_that_come_together_differ() -> None:
    """403, 404, 409 and 429 have one color, and a style each."""
    calls = Query(expr="sum by (return_code) (rate(cilium_k8s_client_api_calls_total[5m]))", legend="{{return_code}}")
    styles = {
        code: next((style for names, style in name_styles([calls]).items() if re.search(names[1:-2], code)), "solid")
        for code in ("403", "404", "409", "429")
    }
    assert styles == {"403": "solid", "404": "dash", "409": "long dash", "429": "dot"}


@pytest.mark.fault("lines are shades of one blue")
@pytest.mark.parametrize("dark", [True, False], ids=["dark", "light"])
def test_lines_that_nobody_judges_have_hues(dark: bool) -> None:
    """Of three and more lines at least three differ in hue or style, not in shade only; and the hues are no shades.

    Where the style says the direction, two do.
    """
    hues: dict[str, list[tuple[str, str]]] = defaultdict(list)
    least: dict[str, int] = {}
    for where, field in drawn("healthy", types=("timeseries",)):
        if not judged_as(field) and "reason" not in (field.labels or {}):
            hues[where].append((field.config.fixed_color, json.dumps(field.config.custom.get("lineStyle"))))
            least[where] = 2 if "direction" in (field.labels or {}) else 3
    assert len(hues) > 50
    assert {where: own for where, own in hues.items() if len({*own}) < min(len(own), least[where])} == {}
    distances = [distance(*pair, dark=dark) for own in (HUES, SHARED_HUES) for pair in combinations(own, 2)]
    assert min(distances) > 50


@pytest.mark.fault("a line is black in the light theme, or white on white")
@pytest.mark.parametrize("dark", [True, False], ids=["dark", "light"])
def test_each_line_of_a_graph_can_be_seen(dark: bool) -> None:
    """Whatever its number among the series of its panel: in all scenes, and any number that a series can have."""
    background = named_color("panel-bg", dark=dark)
    faint = {
        f"{where}: {series_name(field)} is {color}"
        for scene in SCENES
        for where, field in drawn(scene, types=("timeseries",))
        if contrast(color := field_color(field, dark=dark), background) < LEAST_CONTRAST
    }
    assert faint == set()
    for hue in (*SHARED_HUES, OTHER):
        shades = [_shade(hue, number, dark=dark) for number in range(SHADES)]
        assert min(contrast(shade, background) for shade in shades) > LEAST_CONTRAST, hue
        assert len({*shades}) > SHADES // 2, hue
    assert contrast(_shade(GRAY, SHADES - 1, dark=True), named_color("panel-bg", dark=True)) < LEAST_CONTRAST


def _shade(hue: str, number: int, *, dark: bool) -> str:
    config = FieldConfig(color_mode="shades", fixed_color=hue)
    return field_color(Field(name="", type=FieldType.NUMBER, values=(), config=config), number, dark=dark)


@pytest.mark.fault("a line is black in the light theme, or white on white")
@pytest.mark.parametrize("dark", [True, False], ids=["dark", "light"])
def test_a_line_that_has_a_hue_for_itself_can_be_seen(dark: bool) -> None:
    """It has the hue itself, not the shade of its number; and all hues have contrast with the panels."""
    background = named_color("panel-bg", dark=dark)
    assert min(contrast(named_color(hue, dark=dark), background) for hue in HUES) > 2.9
    queries = query("sum by (family) (cilium_ip_addresses)", "{{family}}"), query("sum(cilium_ip_addresses)", "all")
    assert (single_hues(queries), name_hues(queries)) == ({"ipv6": "purple"}, {})


@pytest.mark.fault("yellow numbers on white can hardly be read")
@pytest.mark.parametrize("dark", [True, False], ids=["dark", "light"])
def test_each_number_can_be_read(dark: bool) -> None:
    """The color of each threshold and state of all boards, and of each bar: a contrast of 3, as large text needs."""
    colors = {color for board in BOARDS for panel in board.panels for color in number_colors(panel.type, panel.raw)}
    background = named_color("panel-bg", dark=dark)
    assert {JUDGED_COLORS["yellow"], ORANGE, "red", "green", "gray"} <= colors
    assert {color for color in colors if contrast(named_color(color, dark=dark), background) < 3} == set()


def number_colors(kind: str, part: object) -> Iterator[str]:
    """The colors of thresholds and states in a part of a panel's JSON, and those of bars and of single numbers."""
    if isinstance(part, Mapping):
        names = ("color", "fixedColor") if kind in ("bargauge", "stat", "table") else ("color",)
        yield from (color for name in names if isinstance(color := part.get(name), str))
    if isinstance(part, Mapping | list):
        for inner in part.values() if isinstance(part, Mapping) else part:
            yield from number_colors(kind, inner)


def distance(one: str, other: str, *, dark: bool) -> float:
    """How far two colors are from each other, in red, green and blue."""
    first, second = (parse_color(named_color(name, dark=dark)) for name in (one, other))
    return math.dist((first.red, first.green, first.blue), (second.red, second.green, second.blue))


def series_name(field: Field) -> str:
    """The name that the legend of the query gives."""
    return field.config.name_from_source or field.config.display_name or field.name


def drawn(scene: str, types: Collection[str] = ("timeseries", "bargauge")) -> Iterator[tuple[str, Field]]:
    """Each series of each graph, and each bar that is not judged, of each board in a scene, and where it is.

    Panels that read what they read in the healthy cluster are drawn there only.
    """
    yield from ((where, field) for kind, where, field in _all_drawn(scene) if kind in types)


@cache
def _all_drawn(scene: str) -> tuple[tuple[str, str, Field], ...]:
    return tuple(_drawn(scene))


def _drawn(scene: str) -> Iterator[tuple[str, str, Field]]:
    source = scene_source(scene)
    for board in BOARDS:
        values = opening_values(board, WINDOW, source).values
        for panel in board.panels:
            if scene != "healthy" and reads_the_same(board, panel, scene):
                continue
            is_judged = JUDGEMENTS & {step.color for step in panel.thresholds}
            if panel.type == "timeseries" or (panel.type == "bargauge" and not is_judged):
                for frame in panel_data(panel, WINDOW, values, source).frames:
                    for field in frame.fields:
                        if field.type is FieldType.NUMBER:
                            yield panel.type, f"{board.uid} / {panel.title}", field


def judged_as(field: Field) -> str:
    """The kind and the value by which a series is judged, however a board spells it; "" if by none."""
    labels = field.labels or {}
    if field.config.name_from_source.startswith("denied by policy,"):
        return "reason policy denied"
    label = next((label for label in JUDGED if label in labels), "")
    if label == "direction" and len(labels) > 1:
        return ""  # it has the style of the line
    parts = [part for _, parts in COLORED_LABELS.get(label, ()) for part in parts]
    suffix = "xx" if label == "envoy_response_code_class" else ""
    if not any(re.search(part, labels[label] + suffix, re.IGNORECASE) for part in parts):
        return ""
    value = re.sub(r"[\W_]+", " ", labels[label]).strip().lower()
    if re.fullmatch(r"[1-5]\d\d|[1-5]", value):
        return f"{value[0]}xx"
    kind = label if label in ("reason", "direction", "level") else "outcome"
    return f"{kind} {value}"


@pytest.mark.fault("a reason, verdict, direction, level or status class has different colours on different boards")
@pytest.mark.parametrize("dark", [True, False], ids=["dark", "light"])
def test_a_judged_value_has_one_color_on_all_boards(dark: bool) -> None:
    """In all scenes, in graphs and bars."""
    colors: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for scene in SCENES:
        for where, field in drawn(scene):
            if value := judged_as(field):
                colors[value][field_color(field, dark=dark)].add(where)
    assert {value: by_color for value, by_color in colors.items() if len(by_color) > 1} == {}
    assert len(colors) > 25


@pytest.mark.fault("a stage has one color in a panel, and another one in the next")
def test_a_value_that_nobody_judges_has_one_color_on_all_boards() -> None:
    """Of the same metrics, whatever other series there are, and whatever values the query leaves out: in all scenes."""
    metrics = {
        f"{board.uid} / {panel.title}": frozenset(
            re.sub("_(bucket|sum|count)$", "", selector.metric)
            for one in panel.queries
            for selector in promql.lenient_selectors(one.expr)
        )
        for board in BOARDS
        for panel in board.panels
    }
    colors: dict[tuple[object, ...], dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for scene in SCENES:
        for where, field in drawn(scene, types=("timeseries",)):
            if field.labels and field.config.color_mode == "fixed" and not judged_as(field):
                value = metrics[where], frozenset(field.labels.items())
                colors[value][field.config.fixed_color].add(where)
    assert {value: by_color for value, by_color in colors.items() if len(by_color) > 1} == {}
    assert sum(len(next(iter(by_color.values()))) > 1 for by_color in colors.values()) > 5


@pytest.mark.fault("a stage has one color in a panel, and another one in the next")
def test_the_place_of_a_value_among_all_known_ones_decides_its_hue() -> None:
    """Not the values that a query returns, nor what stands beside it; of two labels one has the styles of lines."""
    stages = "sum by (scope) (rate(cilium_proxy_upstream_reply_seconds_sum{}[5m]))"
    all_stages, some = (
        query(stages.replace("{}", braces), "{{scope}}") for braces in ("", '{scope!~"totalTime|dataplaneTime"}')
    )
    total = query("sum(rate(cilium_proxy_upstream_reply_seconds_sum[5m]))", "total")
    looks = [
        {stage: next((hue for names, hue in hues.items() if re.fullmatch(names, stage)), "") for stage in STAGES}
        for hues in map(single_hues, ([all_stages], [some], [all_stages, total]))
    ]
    assert len({*looks[0].values()}) == len(STAGES)
    assert looks[0] == looks[1] == looks[2]
    messages = [query("sum by (family, type) (rate(hubble_icmp_total[5m]))", "{{family}} {{type}}")]
    for family in ("IPv4", "IPv6"):
        colored = [hue for names, hue in single_hues(messages).items() if re.fullmatch(names, f"{family} EchoReply")]
        styles = [style for names, style in styles_of_names(messages).items() if re.fullmatch(names, f"{family} X")]
        assert (len(colored), colored[:1], styles) == (1, [TEAL], [] if family == "IPv4" else ["dash"])


@pytest.mark.fault("calls with one method have several hues, and those of three methods one")
@pytest.mark.parametrize("metric", ["cilium_k8s_client", "cilium_operator_k8s_client"])
def test_of_names_that_share_hues_the_first_label_has_them(metric: str) -> None:
    """A method has one hue, whatever the path; lines of one hue are solid and dashed."""
    calls = query(f"sum by (method, path) (rate({metric}_api_latency_time_seconds_sum[5m]))", "{{method}} {{path}}")
    paths = ("/apis/cilium.io/v2/ciliumnodes/{name}", "/apis/cilium.io/v2/ciliumendpoints", "/something/unknown")

    def of_method(method: str) -> set[str]:
        names = [f"{method} {path}" for path in paths]
        return {
            next((hue for own, hue in name_hues([calls]).items() if re.fullmatch(own, name)), "blue") for name in names
        }

    hues = [of_method(method) for method in ("GET", "PUT", "PATCH", "POST")]
    assert hues == [{"blue"}, {"purple"}, {"purple"}, {"#eb4c9c"}]
    dashed = [bool(re.fullmatch(own, f"GET {path}")) for own in styles_of_names([calls]) for path in paths[:2]]
    assert dashed == [False, True]


def is_alarming(color: str) -> bool:
    """True for red, orange and green."""
    hue, saturation, lightness = parse_color(color).hsl
    is_colored = saturation > 0.25 and 0.15 < lightness < 0.93
    return is_colored and (hue * 360 < 45 or hue * 360 > 342 or 75 < hue * 360 < 165)


@pytest.mark.fault("what nobody has judged is drawn in red, orange or green")
@pytest.mark.parametrize("dark", [True, False], ids=["dark", "light"])
def test_what_nobody_has_judged_is_neither_red_nor_orange_nor_green(dark: bool) -> None:
    """No series without a label that has a meaning."""
    wrong = {
        f"{where}: {dict(field.labels or {})}"
        for scene in SCENES
        for where, field in drawn(scene)
        if not COLORED_LABELS.keys() & (field.labels or {}).keys() and is_alarming(field_color(field, dark=dark))
    }
    assert wrong == set()
    assert [is_alarming(color) for color in ("#73bf69", "#f2495c", "#ff780a", "#5794f2")] == [True, True, True, False]
