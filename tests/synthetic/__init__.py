"""The synthetic cluster of dashboards_py.demo as a real Prometheus gets it: backfilled, scraped or written to it."""
