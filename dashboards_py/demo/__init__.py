"""A demonstration without Prometheus: the metrics of a synthetic cluster, and an engine that answers PromQL."""
