"""Upstream's boards, which people import from grafana.com by ID: fetched, compared with ours, set beside them."""

from dashboards_py.upstream.answers import Answer, answers
from dashboards_py.upstream.at_hand import Original, originals
from dashboards_py.upstream.beside import compiled
from dashboards_py.upstream.fetch import fetch

__all__ = ["Answer", "Original", "answers", "compiled", "fetch", "originals"]
