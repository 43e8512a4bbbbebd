"""What changes of boards mean for Cilium: releases on which panels gain or lose their data, and Helm values."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from dashboards_py.board import Board, Panel
from dashboards_py.board.rules import board_of_rules
from dashboards_py.catalog import RELEASES, Release
from dashboards_py.documents.rule import Rule
from dashboards_py.needs import needs
from dashboards_py.promql import Outcome
from dashboards_py.promql.memory import remember
from dashboards_py.review.cost import usual_model
from dashboards_py.review.difference import Reviewed, Section
from dashboards_py.upgrade.reading import Reading, read_on

NOTABLE = 1.2  # times as many samples as before
COSTLY = frozenset({"maximum of data points", "minimum interval", "time range", "relative time"})
COSTLY_OF_QUERIES = ("kind of query ", "interval of query ", "resolution of query ", "hidden of query ")


def with_effects(section: Section, before: Board | None, after: Board | None, release: Release) -> Section:
    """The section with what its changes need on a release, and on which releases panels have data."""
    return replace(
        section,
        parts=tuple(replace(part, effects=tuple(panel_effects(part))) for part in section.parts),
        effects=(*_values(before, after, release), *_cost(section, before, after, release)),
    )


def rules_with_effects(
    section: Section, before: Iterable[Rule] | None, after: Iterable[Rule] | None, release: Release
) -> Section:
    """The section with what changes of its rules need on a release, and on which releases they have data."""
    old, new = (
        board_of_rules("", tuple(rules), lambda rule: rule.name) if rules else None for rules in (before, after)
    )
    return replace(
        section,
        parts=tuple(replace(part, effects=tuple(rule_effects(part))) for part in section.parts),
        effects=tuple(_values(old, new, release)),
    )


def panel_effects(part: Reviewed) -> Iterator[str]:
    """Sentences on the releases on which a panel gains or loses its data, or else one of its queries does."""
    if part.after is None:
        return
    old, new = (_empty_on(panel) for panel in (part.before, part.after))
    of_panel = tuple(_sentences(old, new, is_new=part.before is None))
    yield from of_panel
    if not of_panel and part.before is not None:
        yield from (f"{what} {text}" for what, text in _query_effects(part))


def rule_effects(part: Reviewed) -> Iterator[str]:
    """The same of the query of a rule."""
    yield from (text for _, text in _query_effects(part))


def _query_effects(part: Reviewed) -> Iterator[tuple[str, str]]:
    """Sentences on each query that changed, with its name."""
    for one in part.differences:
        if one.is_query and one.after:
            texts = [_why_empty([expr]) if expr else None for expr in (one.before, one.after)]
            yield from ((one.what, text) for text in _sentences(*texts, is_new=not one.before))


Empty = Mapping[Release, str]  # releases on which there is no data, with the reason


def _sentences(old: Empty | None, new: Empty | None, *, is_new: bool) -> Iterator[str]:
    """Sentences on releases that are new among those without data, or gone; nothing where it cannot be determined."""
    if new is None or (old is None and not is_new):
        return
    lost = {release: why for release, why in new.items() if release not in (old or {})}
    if lost:
        yield f"{'has no data' if is_new else 'no longer has data'} on {_listed(lost)}: {next(iter(lost.values()))}"
    if gained := [release for release in old or () if release not in new]:
        yield f"now has data on {_listed(gained)}"


def _empty_on(panel: Panel | None) -> dict[Release, str] | None:
    """The releases on which no visible query of a panel has data, with the reason; None if that is unknown."""
    if panel is None:
        return None
    queries = [query.expr for query in panel.queries if query.expr.strip() and not query.hidden]
    return _why_empty(queries) if queries else None


def _why_empty(queries: Sequence[str]) -> dict[Release, str] | None:
    result: dict[Release, str] = {}
    for release, *readings in zip(RELEASES, *map(_readings, queries), strict=True):
        if any(reading is None for reading in readings):
            return None
        if all(reading and reading.outcome is not Outcome.DATA for reading in readings):
            reasons = [absence.why for reading in readings if reading for absence in reading.absent.values()]
            result[release] = reasons[0] if reasons else "its queries read nothing"
    return result


@remember
def _readings(expr: str) -> tuple[Reading | None, ...]:
    """The query on each release: it is judged alone and with the others of its panel."""
    return tuple(read_on(expr, release) for release in RELEASES)


def _listed(releases: Iterable[Release]) -> str:
    names = [str(release) for release in releases]
    return f"Cilium {names[0]}" if len(names) == 1 else f"Cilium {', '.join(names[:-1])} and {names[-1]}"


def _values(before: Board | None, after: Board | None, release: Release) -> Iterator[str]:
    """The Helm values that one version needs and the other does not."""
    old, new = (_settings(board, release) for board in (before, after))
    for text, panels in new.items():
        if text not in old:
            more = f" and {len(panels) - 1} more" if len(panels) > 1 else ""
            yield f"needs the Helm value {text} on Cilium {release} (for {panels[0]}{more})"
    for text in old:
        if text not in new and after is not None:
            yield f"no longer needs the Helm value {text} on Cilium {release}"


def _cost(section: Section, before: Board | None, after: Board | None, release: Release) -> Iterator[str]:
    """A sentence if the newer board reads many more or fewer samples, which it may if a query or its rows changed."""
    changed = any(
        one.is_query or one.what in COSTLY or one.what.startswith(COSTLY_OF_QUERIES)
        for part in section.parts
        for one in part.differences
    )
    rows = any(one.what.startswith("row ") or one.what in COSTLY for one in section.differences)
    if before is None or after is None or not (changed or rows):
        return
    model = usual_model(release)
    old, new = model.opened(before), model.opened(after)
    if old and new and not 1 / NOTABLE < new / old < NOTABLE:
        ratio = f"{new / old:.1f} times" if new > old else f"{new / old:.0%} of"
        yield f"reads {ratio} the samples when it opens, on a synthetic cluster"


def _settings(board: Board | None, release: Release) -> dict[str, list[str]]:
    settings: dict[str, list[str]] = {}
    for need in needs(board, release) if board else ():
        for setting in need.metric.enabled_by_on(release):
            panels = settings.setdefault(str(setting), [])
            if need.panel not in panels:
                panels.append(need.panel)
    return settings
