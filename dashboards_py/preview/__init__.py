"""Boards as pictures: laid out and painted as Grafana does, from the data of their panels."""
