"""The faults of the matrix: each is put into a healthy cluster alone, and has to make its own alerts fire."""

from tests.rules.faults import agents, capacity, hubble, mesh, operators, scenes
from tests.rules.faults._fault import BEGIN, HOUR, NODE, Change, Fault

FAULTS: tuple[Fault, ...] = (
    *agents.FAULTS,
    *capacity.FAULTS,
    *operators.FAULTS,
    *mesh.FAULTS,
    *hubble.FAULTS,
    *scenes.FAULTS,
)

__all__ = ["BEGIN", "FAULTS", "HOUR", "NODE", "Change", "Fault"]
