"""What an upgrade changes in a user's values of the Cilium chart."""

from typing import Any

import pytest

from dashboards_py.catalog import RELEASES, Release
from dashboards_py.catalog.helm_key import helm_keys
from dashboards_py.upgrade.change import Step
from dashboards_py.upgrade.helm import KeyChange, KeyEffect, key_changes
from dashboards_py.values.keys import HANDLERS

UP, DOWN = Step(Release(1, 17), Release(1, 20)), Step(Release(1, 20), Release(1, 17))


def changes(values: dict[str, Any] | None, step: Step = UP) -> dict[str, KeyChange]:
    """The changes by key."""
    return {change.key: change for change in key_changes(values, step)}


def tree(key: str, value: Any) -> dict[str, Any]:
    """Values with one dotted key."""
    for name in reversed(key.split(".")):
        value = {name: value}
    return dict(value)


@pytest.mark.fault("a Helm value that a new chart no longer reads is lost without a word")
@pytest.mark.parametrize(
    ("key", "value", "effect", "part"),
    [
        ("enableCiliumEndpointSlice", True, KeyEffect.REFUSED, "Set ciliumEndpointSlice.enabled instead."),
        ("enableCiliumEndpointSlice", False, KeyEffect.UNSET, "Remove it."),
        ("clustermesh.enableMCSAPISupport", True, KeyEffect.IGNORED, "Set clustermesh.mcsapi.enabled instead."),
        ("clustermesh.enableMCSAPISupport", False, KeyEffect.UNSET, "does nothing"),
        ("clustermesh.apiserver.tls.server.cert", "x", KeyEffect.REFUSED, "refuses to render"),
        ("highScaleIPcache.enabled", True, KeyEffect.IGNORED, "removed in 1.18"),
        ("nodePort.enabled", None, KeyEffect.UNSET, "removed in 1.19"),
        ("hubble.metrics.enabled", ["dns", "kafka"], KeyEffect.IGNORED, "Remove kafka."),
        (
            "prometheus.metrics",
            ["+cilium_policy_regeneration_total"],
            KeyEffect.IGNORED,
            "+cilium_endpoint_regenerations",
        ),
    ],
)
def test_a_key_that_goes(key: str, value: Any, effect: KeyEffect, part: str) -> None:
    """What happens to the user's value, and what to do."""
    change = changes(tree(key, value))[key]
    assert change.effect is effect
    assert part in f"{change.why} {change.fix}"


@pytest.mark.parametrize("values", [{}, {"hubble": {"export": {}}}, {"hubble": None}, {"hubble": {"export": 3}}])
def test_values_without_a_key_that_goes(values: dict[str, Any]) -> None:
    """Only new defaults are listed, of keys that the values do not set."""
    assert {change.effect for change in key_changes(values, UP)} == {KeyEffect.DEFAULT}


def test_new_defaults() -> None:
    """Listed with both defaults, unless the values set the key."""
    change = changes({})["l2NeighDiscovery.enabled"]
    assert (change.effect, change.why) == (KeyEffect.DEFAULT, "true on 1.17, false on 1.20")
    assert "l2NeighDiscovery.enabled" not in changes({"l2NeighDiscovery": {"enabled": True}})
    assert "l2NeighDiscovery.enabled" not in changes({}, Step(Release(1, 18), Release(1, 20)))


def test_a_downgrade() -> None:
    """Keys that the older chart does not have are lost, with their predecessor; a value of a newer type is refused."""
    lost = changes(tree("encryption.strictMode.egress.enabled", True), DOWN)["encryption.strictMode.egress.enabled"]
    assert (lost.effect, lost.fix) == (KeyEffect.IGNORED, "Set encryption.strictMode.enabled instead.")
    clusters = tree("clustermesh.config.clusters", {"east": {}})
    assert changes(clusters, DOWN)["clustermesh.config.clusters"].effect is KeyEffect.TYPE
    assert "clustermesh.config.clusters" not in changes(clusters, UP)


@pytest.mark.fault("a downgrade calls a value lost that the older chart reads and has in a comment of values.yaml only")
@pytest.mark.parametrize("key", ["kubeProxyReplacement", "devices", "cni.configMap", "iptablesRandomFully"])
def test_a_key_that_older_templates_read(key: str) -> None:
    """It is kept: cilium-configmap.yaml of 1.16 reads it."""
    assert key not in changes(tree(key, "true"), Step(Release(1, 20), Release(1, 16)))


def test_without_values() -> None:
    """Every key that goes is listed, of a downgrade none: it lacks whatever later charts added."""
    going = {key.name for key in helm_keys().values() if key.exists_on(UP.before) and not key.exists_on(UP.after)}
    assert {key for key, change in changes(None).items() if change.effect.is_fatal} == going
    assert not any(change.effect.is_fatal for change in key_changes(None, DOWN))


@pytest.mark.parametrize("after", RELEASES, ids=str)
def test_our_values_lose_nothing(after: Release) -> None:
    """The values that we print for a release survive the upgrade to any later one."""
    from tests.values.test_values import required_values_tree

    for before in (release for release in RELEASES if release < after):
        lost = [one for one in key_changes(required_values_tree(before), Step(before, after)) if one.effect.is_fatal]
        assert [one.key for one in lost if not one.key.startswith("prometheus.metrics")] == []


@pytest.mark.fault("of a long default upgrade shows the same beginning twice, and not what is different")
def test_a_long_default_is_shown_where_it_differs() -> None:
    """Each change of a default shows two texts that differ, and a fix that can be followed as it is."""
    for change in key_changes({}, UP):
        if change.effect is KeyEffect.DEFAULT:
            before, after = change.why.removesuffix(f" on {UP.after}").split(f" on {UP.before}, ")
            assert before != after, change
            assert "..." not in change.fix, change


@pytest.mark.fault("a value that the chart still reads, and only its values.yaml no longer has, is said to be lost")
@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("hubble.export.fileMaxSizeMb", 50),
        ("clustermesh.apiserver.tls.server.extraDnsNames", ["mesh.example.org"]),
        ("operator.securityContext", {"runAsUser": 1}),
    ],
)
def test_a_key_that_is_still_read(key: str, value: Any) -> None:
    """Deprecated, and in effect: cilium-configmap.yaml and clustermesh-apiserver/_helpers.tpl of 1.20 read it."""
    assert not any(name.startswith(key) for name in changes(tree(key, value)))


DYNAMIC = "hubble.metrics.dynamic.config.content"


@pytest.mark.fault("a dynamic handler that a release no longer has is lost, and upgrade says nothing")
@pytest.mark.parametrize(
    ("metrics", "step", "expected"),
    [
        ({"dynamic": {"enabled": True, "config": {"content": [{"name": "kafka"}]}}}, (19, 20), {DYNAMIC: "'kafka'"}),
        ({"dynamic": {"enabled": True, "config": {"content": [{"name": "dns"}]}}}, (19, 20), {}),
        ({"dynamic": {"enabled": True, "config": {"content": [{"name": "mine"}]}}}, (19, 20), {}),
        ({"enabled": ["kafka", "dns"]}, (19, 20), {HANDLERS: "'kafka'"}),
        ({"enabled": ["kafka", "dns"]}, (18, 19), {}),
        ({"enabled": ["dns", "dns:query"]}, (16, 17), {HANDLERS: "the agent crashes"}),
        ({"enabled": ["mine"]}, (17, 18), {}),
    ],
)
def test_handlers_of_the_next_release(metrics: Any, step: tuple[int, int], expected: dict[str, str]) -> None:
    """What `values --check` says of the new release, if it does not say it of the old one."""
    old, new = (Release(1, minor) for minor in step)
    reasons = {key: one.why for key, one in changes({"hubble": {"metrics": metrics}}, Step(old, new)).items()}
    of_handlers = {key: why for key, why in reasons.items() if key in (HANDLERS, DYNAMIC)}
    assert of_handlers.keys() == expected.keys()
    assert all(text in of_handlers[key] for key, text in expected.items())
