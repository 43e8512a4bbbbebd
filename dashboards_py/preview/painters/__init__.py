"""The panel types that can be painted: one module each, named after Grafana's type."""
