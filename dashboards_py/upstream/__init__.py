"""Upstream's boards, which people import from grafana.com by ID: fetched, compared with ours, set beside them."""

from dashboards_py.upstream.answers import Answer, answers
from dashboards_py.upstream.available import Original, originals
from dashboards_py.upstream.fetch import fetch
from dashboards_py.upstream.standalone import standalone

__all__ = ["Answer", "Original", "answers", "fetch", "originals", "standalone"]
