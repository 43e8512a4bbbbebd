"""What a panel shows: its queries are asked, the answers made frames, transformed, and given the panel's options."""

from collections.abc import Iterator
from dataclasses import replace

from dashboards_py.board import Panel
from dashboards_py.board import fields as json_fields
from dashboards_py.errors import DashboardsError
from dashboards_py.panel_data.field_config import configured
from dashboards_py.panel_data.frame import PanelData, Window
from dashboards_py.panel_data.frames import Answer, frames_of
from dashboards_py.panel_data.gaps import with_gaps_for_panel
from dashboards_py.panel_data.interpolate import Variables, range_macros
from dashboards_py.panel_data.limits import numbered
from dashboards_py.panel_data.panel_times import panel_time
from dashboards_py.panel_data.requests import Request, other_source, requests
from dashboards_py.panel_data.source import Notice, Series, Source, notices_of
from dashboards_py.panel_data.steps import SCRAPE_INTERVAL
from dashboards_py.panel_data.transformations import transformed

_LONGEST = 300  # characters of a remark


def panel_data(
    panel: Panel, window: Window, variables: Variables, source: Source, *, scrape_interval: float = SCRAPE_INTERVAL
) -> PanelData:
    """The frames that the panel's type is given over a window; what cannot be done is a sentence in `problems`.

    `variables` are those of `opening_values`; `scrape_interval` is that of the source, in seconds.
    """
    time = panel_time(panel, window, variables)
    problems = [*([time.problem] if time.problem else []), *_not_queried(panel)]
    notices_of(source)  # those of what was asked before
    answers, notices = [], list[Notice]()
    for request in requests(panel, window, variables, scrape_interval):
        try:
            answers.append(Answer(request, _series(request, source)))
        except DashboardsError as error:
            problems.append(f"query {request.ref}: {error.cause or error.what}")
        remarks = [replace(notice, text=notice.text[:_LONGEST]) for notice in notices_of(source)]
        problems += [f"query {request.ref}: Prometheus warns: {one.text}" for one in remarks if one.is_warning]
        notices += remarks
    values = {**variables, **range_macros(time.window)}
    frames, not_applied = transformed(frames_of(answers), panel.raw, values)
    frames, unknown = configured(frames, panel.raw, values)
    frames = with_gaps_for_panel(numbered(frames), panel.type, time.window)
    notices = list(dict.fromkeys(notices))
    return PanelData(frames=frames, problems=(*problems, *not_applied, *unknown), notices=tuple(notices))


def _series(request: Request, source: Source) -> tuple[Series, ...]:
    if request.is_instant:
        return source.instant(request.expr, request.end)
    return source.range(request.expr, request.begin, request.end, request.step / 1000)


def _not_queried(panel: Panel) -> Iterator[str]:
    """A sentence for each shown query that is not asked of a Prometheus, and for a panel that is elsewhere."""
    if panel.type == "library-panel":
        yield f"it is the library panel {panel.library!r}, which is not in the board"
    for query, target in zip(panel.queries, json_fields.mappings(panel.raw, "targets"), strict=False):
        if not query.hidden and (other := other_source(panel, target)):
            yield f"query {query.ref} is not asked: it reads {other}"
