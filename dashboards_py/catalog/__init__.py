"""The metrics that each Cilium release exposes, as data, and functions to look them up."""

from dashboards_py.catalog.component import Component, components
from dashboards_py.catalog.feature import Feature, features
from dashboards_py.catalog.hubble import CONTEXT_LABELS, Handler
from dashboards_py.catalog.lookup import FOREIGN, NEIGHBORS, entries, labels, names, of_handlers, split, suggest
from dashboards_py.catalog.metric import Metric, ValueSet
from dashboards_py.catalog.setting import Setting
from dashboards_py.catalog.status import State, Status, status
from dashboards_py.release import NEWEST, RELEASES, Release

__all__ = [
    "CONTEXT_LABELS",
    "FOREIGN",
    "NEIGHBORS",
    "NEWEST",
    "RELEASES",
    "Component",
    "Feature",
    "Handler",
    "Metric",
    "Release",
    "Setting",
    "State",
    "Status",
    "ValueSet",
    "components",
    "entries",
    "features",
    "labels",
    "names",
    "of_handlers",
    "split",
    "status",
    "suggest",
]
