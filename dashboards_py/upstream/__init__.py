"""Fetch upstream's dashboards, which users import from grafana.com by ID, compare them with ours, and deploy them."""
