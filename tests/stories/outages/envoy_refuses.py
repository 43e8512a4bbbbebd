"""Envoys that reject their configuration."""

from tests.stories._story import Look, Story

STORY = Story(
    scene="envoy-refuses",
    title="Envoy rejects its configuration",
    happened="A CiliumEnvoyConfig with an invalid listener was applied: no Envoy takes a changed listener.",
    broken="listeners",
    looks=(
        Look(board="cilium-overview", panel="Envoy refuses updates", shows=("44",), color="red"),
        Look(board="cilium-envoy", panel="Configuration refused", shows=("listeners",), color="red"),
    ),
    advice="logs ds/cilium | grep NACK",
)
