"""Variables as JSON. grafanalib's Template would mostly write keys that we do not need."""

from typing import assert_never

from dashboards_py.model import CustomVariable, DatasourceVariable, LabelVariable, NoticeVariable, Variable
from dashboards_py.render.objects import SOURCE
from dashboards_py.shapes import Json

SORT_ALPHABETICALLY = 1
ON_DASHBOARD_LOAD, ON_TIME_RANGE_CHANGE = 1, 2
HIDDEN = 2
QUERY_REF = "PrometheusVariableQueryEditor-VariableQuery"
ALL = {"text": ["All"], "value": ["$__all"]}
# Grafana's default data source, whichever it is. Without it, the alphabetically first is selected: `getList` sorts by
# name, and only this text with this value adds the option (`defaultOptionEnabled` in Grafana's
# public/app/features/dashboard-scene/utils/variables.ts). If the default one has another type, the first is selected.
DEFAULT_SOURCE = {"text": "default", "value": "default"}


def variable_json(variable: Variable) -> Json:
    """The variable with the keys that differ from Grafana's defaults."""
    match variable:
        case DatasourceVariable():
            kind: Json = {"type": "datasource", "query": variable.type, "current": DEFAULT_SOURCE}
        case CustomVariable(options=options):
            current = {"text": options[0], "value": options[0]}
            kind = {"type": "custom", "query": ",".join(options), "current": current}
        case LabelVariable():
            kind = _label_values(variable)
        case NoticeVariable():
            return {"name": variable.name, **_notice(variable)}
        case _:
            assert_never(variable)
    return {"name": variable.name, "label": variable.label, **kind}


def _label_values(variable: LabelVariable) -> Json:
    several: Json = {"includeAll": True, "multi": True, "current": ALL} if variable.multi else {}
    several |= {"allValue": variable.all_value} if variable.all_value else {}
    several |= {"regex": variable.regex} if variable.regex else {}
    several |= {"sort": SORT_ALPHABETICALLY} if variable.sorted else {}
    return _query(variable.query, ON_DASHBOARD_LOAD) | several


def _notice(variable: NoticeVariable) -> Json:
    """A variable whose only option is the text, as a label of the query's result; without a result it is empty.

    Without options a variable's value is "" (getStateUpdateGivenNewOptions of MultiValueVariable in @grafana/scenes).
    It is read again with each refresh of the board, and is not part of links to other boards.
    """
    query = f'query_result(label_replace({variable.expr}, "text", "{variable.text}", "", ""))'
    options = {"regex": '/text="([^"]+)"/', "hide": HIDDEN, "skipUrlSync": True}
    return _query(query, ON_TIME_RANGE_CHANGE) | options


def _query(query: str, refresh: int) -> Json:
    return {
        "type": "query",
        "datasource": SOURCE,
        "query": {"query": query, "refId": QUERY_REF},
        "refresh": refresh,
    }
