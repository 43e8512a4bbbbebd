"""A panel's data as Grafana shows it: its queries' answers, transformed, with each value as the text that is drawn."""
