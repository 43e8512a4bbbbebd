"""Fetch upstream's dashboards, which users import from grafana.com by ID, compare them with ours, and deploy them."""

from dashboards_py.upstream.answers import Answer, answers
from dashboards_py.upstream.available import Original, originals
from dashboards_py.upstream.fetch import fetch
from dashboards_py.upstream.standalone import standalone

__all__ = ["Answer", "Original", "answers", "fetch", "originals", "standalone"]
