"""The cause of each answer, and one finding for all queries that have the same."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from dashboards_py.doctor.causes._cause import Diagnosis, chain, diagnoses
from dashboards_py.doctor.deepen import alone, deepest
from dashboards_py.doctor.executed import ExecutedQuery
from dashboards_py.doctor.observation import Observation
from dashboards_py.errors import Word, by_kind
from dashboards_py.findings import Finding, Location, Severity
from dashboards_py.findings.finding import RANK
from dashboards_py.plural import some_of

MOST_ITEMS = 5  # names in one line


@dataclass(frozen=True, slots=True)
class Report:
    """The findings, most panels first within a severity; `examined` are the panels whose queries were asked."""

    findings: tuple[Finding, ...]
    examined: frozenset[Location]
    observation: Observation

    @property
    def panels(self) -> int:
        """The number of panels with queries."""
        return len(self.examined)

    @property
    def healthy(self) -> int:
        """The number of panels without an error or a warning; one about a whole board is about all of its panels."""
        serious = (finding for finding in self.findings if finding.severity != Severity.INFO)
        wrong = {(item.file or item.board, item.panel) for finding in serious for item in finding.locations}
        return sum(not wrong.intersection(_names(panel)) for panel in self.examined)


def _names(panel: Location) -> Iterator[tuple[str, str]]:
    """What a finding may call a panel: those of a Grafana do not know the board's file. "" is the whole board."""
    for board in (panel.file, panel.board):
        yield from ((board, panel.panel), (board, ""))


def diagnose(queries: Sequence[ExecutedQuery], seen: Observation, word: Word = by_kind) -> Report:
    """The findings of the queries of boards; `word` puts their fixes into words."""
    groups: dict[tuple[str, str], list[tuple[ExecutedQuery, Diagnosis]]] = {}
    origins = {query.location: query for query in queries if query.is_empty}
    for query in queries:
        for cause, diagnosis in _with_origins(query, seen, origins):
            groups.setdefault((cause, diagnosis.what), []).append((query, diagnosis))
    findings = [_finding(cause, members, word) for (cause, _), members in groups.items()]
    findings += alone(seen.conditions, findings, seen)
    return Report(_sorted(findings), frozenset(replace(query.location, query="") for query in queries), seen)


def with_findings(report: Report, more: Sequence[Finding]) -> Report:
    """The report with findings of another origin, such as those of a Grafana."""
    return replace(report, findings=_sorted((*report.findings, *more)))


def _sorted(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The most severe first, and of these the ones of most panels."""
    return tuple(sorted(findings, key=lambda finding: (RANK[finding.severity], -len(finding.panels))))


def _with_origins(
    query: ExecutedQuery, seen: Observation, origins: Mapping[Location, ExecutedQuery]
) -> Iterator[tuple[str, Diagnosis]]:
    """The causes of one query; that of a variable without values is the one of the variable's own query.

    `origins` are the queries without a result; each is followed once, as variables may depend on others.
    """
    for name, diagnosis in _causes(query, seen):
        where = replace(query.location, panel=f"variable {diagnosis.variable}", query="")
        if diagnosis.variable and (origin := origins.get(where)):
            others = {location: other for location, other in origins.items() if location != where}
            yield from _with_origins(origin, seen, others)
        else:
            yield name, diagnosis


def _causes(query: ExecutedQuery, seen: Observation) -> Iterator[tuple[str, Diagnosis]]:
    """The causes of one query, up to the one that is why it has no result."""
    for name, cause in chain():
        explained = diagnoses(cause, query, seen)
        yield from (deepest(name, diagnosis, query, seen) for diagnosis in explained)
        if any(diagnosis.is_final for diagnosis in explained):
            return


def _finding(cause: str, members: list[tuple[ExecutedQuery, Diagnosis]], word: Word) -> Finding:
    first = members[0][1]
    items = tuple(dict.fromkeys(item for _, diagnosis in members for item in diagnosis.items))
    fixes = dict.fromkeys(word(diagnosis.fix) for _, diagnosis in members if diagnosis.fix)
    whys = dict.fromkeys(diagnosis.why for _, diagnosis in members if diagnosis.why)
    return Finding(
        rule=cause,
        severity=first.severity,
        what=first.what + _listed(items),
        why="\n".join(list(whys)[:3]),
        fix="\n".join(list(fixes)[:MOST_ITEMS]),
        locations=tuple(dict.fromkeys(query.location for query, _ in members)),
    )


def _listed(items: tuple[str, ...]) -> str:
    return f": {some_of(items, MOST_ITEMS)}" if items else ""
