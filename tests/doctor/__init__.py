"""Doctor: causes of empty and misleading panels, over a synthetic cluster that a real Prometheus scrapes."""
