"""A text in a document that may itself be a document with rules."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from dashboards_py.documents.limits import VALUES
from dashboards_py.documents.yaml import load_yaml_documents
from dashboards_py.errors import DashboardsError

GROUPS = re.compile(r"^[\s\"'{-]*(?:groups|additionalPrometheusRules\w*|serverFiles|alerting)[\"']?\s*:", re.M)


def parsed(text: str, name: str) -> tuple[Mapping[str, Any], ...]:
    """The maps in a text that may hold groups of rules; () for any other text, whose errors are its own business.

    A short text may not expand to many values, since a document may have thousands of texts.
    """
    if not GROUPS.search(text):
        return ()
    try:
        documents = load_yaml_documents(text, name, replace(VALUES, values=4 * len(text) + 1000))
    except DashboardsError:
        return ()
    return tuple(document.value for document in documents if isinstance(document.value, Mapping))
