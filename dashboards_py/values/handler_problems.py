"""Problems of handlers that Cilium does not accept, by release, and the line to write instead.

Read in pkg/hubble/metrics of 1.16.19, 1.17.16, 1.18.11, 1.19.6 and 1.20.2: api/registry.go (conflicts and unknown
handlers), metric_config_watcher.go and dynamic_flow_processor.go (dynamic), cell/cell.go and, up to 1.17,
pkg/hubble/cell/hubbleintegration.go (both forms at once).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from dashboards_py.catalog import Handler, Release, of_handlers
from dashboards_py.values.handlers import ProblemKind
from dashboards_py.values.hubble_metrics import DYNAMIC, HubbleMetrics, hubble_metrics, is_labels, joined_entries
from dashboards_py.values.keys import HANDLERS, MUTUALLY_EXCLUSIVE, Values, string_list

ALL = frozenset({"*"})
# Handlers whose metrics no board may read, with the releases that have them.
LAST_KAFKA, FIRST_SCTP = (1, 19), (1, 20)


@dataclass(frozen=True, slots=True)
class HandlerProblem:
    """A problem of the configured handlers; `error` if something is then not exposed, or not as written.

    `stops` are the handlers that Cilium does not register because of it; ALL if it registers none.
    """

    kind: ProblemKind
    text: str
    error: bool = True
    stops: frozenset[str] = frozenset()


@cache
def known_handlers(release: Release) -> frozenset[str]:
    """The handlers that a release registers."""
    own = {metric.handler for metric in of_handlers() if metric.exists_on(release)}
    others = {*(("kafka",) if release <= LAST_KAFKA else ()), *(("sctp",) if release >= FIRST_SCTP else ())}
    return frozenset(own | others | {"http", "httpV2"})


def consequence(hubble: HubbleMetrics, release: Release) -> str:
    """The effect of refused options of a handler, or of its neighbours."""
    if hubble.is_dynamic:
        return "that handler is not registered"
    return "the agent does not start" if release >= (1, 18) else "Hubble does not start, and exposes no metric"


def handler_problems(values: Values, release: Release, *, flags: bool = False) -> tuple[HandlerProblem, ...]:
    """The problems of the values' handlers; with `flags` the values are those of `--set`."""
    hubble = hubble_metrics(values, release)
    static = () if hubble.is_dynamic else string_list(values, HANDLERS)
    return (*_both(hubble, release), *problems_of(hubble, static, release, flags=flags))


def problems_of(
    hubble: HubbleMetrics, static: Sequence[str], release: Release, *, flags: bool = False
) -> Iterator[HandlerProblem]:
    """The problems of handlers; `static` are their texts in the static form."""
    handler_names = [handler.name for handler in hubble.handlers]
    yield from _exclusive(hubble, handler_names, release)
    yield from _repeated(hubble, handler_names, release)
    yield from _unknown(hubble, static, release, flags=flags)
    for label in hubble.joined:
        yield HandlerProblem(
            ProblemKind.JOINED,
            f"{hubble.key}: {label} is one value with a separator: write one value a line",
            stops=frozenset({label.partition(":")[0]}),
        )
    for handler in hubble.handlers:
        for reason in handler.refused:
            text = f"{hubble.key}: {handler.name} does not start: {reason}: {consequence(hubble, release)}"
            yield HandlerProblem(
                ProblemKind.REFUSED, text, stops=frozenset({handler.name}) if hubble.is_dynamic else ALL
            )
        for name in handler.repeated:
            text = f"{hubble.key}: {handler.name} has {name} more than once, and only the last counts"
            yield HandlerProblem(ProblemKind.REPEATED_OPTION, f"{text}: write {handler.normalized()}")
    for entry in static:
        if len(entry.split()) > 1:
            text = f"{HANDLERS}: {entry!r} has a space, at which Cilium splits it in two handlers"
            yield HandlerProblem(ProblemKind.SPACE, f"{text}: write {Handler.parse(entry).normalized()}")


def _both(hubble: HubbleMetrics, release: Release) -> Iterator[HandlerProblem]:
    if hubble.both:
        effect = "the agent does not start" if release >= (1, 18) else "Hubble does not start"
        text = f"{DYNAMIC} is true and {HANDLERS} lists handlers: Cilium accepts one of them, and {effect}"
        fix = f"write {HANDLERS}: [] and list all handlers in hubble.metrics.dynamic"
        yield HandlerProblem(ProblemKind.BOTH_FORMS, f"{text}: {fix}", stops=ALL)


def _exclusive(hubble: HubbleMetrics, handler_names: Sequence[str], release: Release) -> Iterator[HandlerProblem]:
    for name in sorted(set(handler_names)):
        other = MUTUALLY_EXCLUSIVE.get(name)
        if other in handler_names and name < str(other):
            effect = "neither is registered" if hubble.is_dynamic else consequence(hubble, release)
            text = f"{hubble.key}: Cilium does not accept {name} together with {other}: {effect}: remove {name}"
            yield HandlerProblem(
                ProblemKind.EXCLUSIVE, text, stops=frozenset({name, str(other)}) if hubble.is_dynamic else ALL
            )


def _repeated(hubble: HubbleMetrics, handler_names: Sequence[str], release: Release) -> Iterator[HandlerProblem]:
    known = frozenset(handler_names) if hubble.is_dynamic else known_handlers(release)  # others are not registered
    for name in dict.fromkeys(handler_names):
        if handler_names.count(name) > 1 and name in known:
            if hubble.is_dynamic:
                effect = "the agent reads none of the handlers"
            elif release >= (1, 17):
                effect = "the agent crashes when it registers its metrics again"
            else:
                effect = "only the last counts"
            same = " and ".join(str(handler) for handler in hubble.handlers if handler.name == name)
            stops = ALL if hubble.is_dynamic or release >= (1, 17) else frozenset()
            yield HandlerProblem(
                ProblemKind.DUPLICATE,
                f"{hubble.key}: duplicate handler {name} ({same}): {effect}: write it once",
                stops=stops,
            )


def _unknown(
    hubble: HubbleMetrics, static: Sequence[str], release: Release, *, flags: bool
) -> Iterator[HandlerProblem]:
    fatal = not hubble.is_dynamic and release < (1, 18)
    effect = consequence(hubble, release) if fatal or hubble.is_dynamic else "Cilium skips it (1.18.1 does not start)"
    if release >= (1, 19) and not hubble.is_dynamic:
        effect = "Cilium skips it"
    wholes = {index: whole for whole, parts in joined_entries(static) if len(parts) > 1 for index in parts}
    split: dict[str, list[str]] = {}
    for index, handler in enumerate(hubble.handlers):
        if handler.name in known_handlers(release):
            continue
        entry = str(static[index]) if static else handler.name
        stops = ALL if fatal else frozenset({handler.name})
        text = f"{hubble.key}: {entry!r} is not a Hubble handler of Cilium {release}: {effect}"
        if is_labels(entry) and flags:
            text = f"{text}: in --set the commas of labelsContext need a backslash (\\,{entry})"
        elif is_labels(entry) and index in wholes:
            split.setdefault(wholes[index], []).append(entry)
            continue
        elif is_labels(entry):
            text = f"{text}: it is a label: write it in the labelsContext of its handler"
        else:
            text = f"{text}: remove it"
        yield HandlerProblem(ProblemKind.UNKNOWN, text, error=fatal, stops=stops)
    for whole, labels in split.items():
        text = f"{hubble.key}: {', '.join(labels)} are labels of {whole.partition(':')[0]}, not Hubble handlers"
        fix = f"write them in its entry: {whole}"
        stops = ALL if fatal else frozenset(labels)
        yield HandlerProblem(ProblemKind.UNKNOWN, f"{text}: {effect}: {fix}", error=fatal, stops=stops)
