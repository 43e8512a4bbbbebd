"""A small kubectl: server-side apply of ConfigMaps with field owners, kept in a JSON file, and what a test lets it say.

Run as a program by its path: STATE names the file. tests/live/test_deploy_configmaps.py shows that the real one does
alike.
"""

import json
import os
import sys
from pathlib import Path
from typing import Any

Json = dict[str, Any]


def main(given: list[str]) -> int:
    """Do what kubectl was asked, or say what the state's `says` has for the first word that occurs in the command."""
    file = Path(os.environ["STATE"])
    state: Json = json.loads(file.read_text())
    state["log"].append(given)
    words = [word for word in given if not word.startswith("--")]
    text = sys.stdin.read()
    said = next((found for found in state["says"] if found[0] in " ".join(given) + text), None)
    code = 0
    if said and said[2]:
        said[2] -= 1
        sys.stderr.write(said[1])
        code = 1
    elif words[:2] == ["get", "namespace"]:
        sys.stdout.write(json.dumps({"status": {"phase": state["phase"]}}))
    elif words[:2] == ["get", "configmap"]:
        sys.stdout.write(_get(state["maps"], words[2:], "--selector" in given))
    else:
        code = _apply(state["maps"], json.loads(text), "--force-conflicts" in given)
    file.write_text(json.dumps(state))
    return code


def _get(maps: dict[str, Json], words: list[str], select: bool) -> str:
    if select:
        key, _, value = words[0].partition("=")
        return json.dumps({"items": [each for each in maps.values() if each["metadata"]["labels"].get(key) == value]})
    found = [maps[name] for name in words if name in maps]
    return "" if not found else json.dumps(found[0] if len(found) == 1 else {"items": found})


def _apply(maps: dict[str, Json], wanted: Json, force: bool) -> int:
    name = wanted["metadata"]["name"]
    live = maps.get(name)
    version = wanted["metadata"].pop("resourceVersion", "0")
    if live and version not in ("0", live["metadata"]["resourceVersion"]):
        sys.stderr.write(f'error: Operation cannot be fulfilled on configmaps "{name}": the object has been modified\n')
        return 1
    others = [
        each
        for each in (live or {"metadata": {"managedFields": []}})["metadata"]["managedFields"]
        if each["manager"] != "kubectl"
    ]
    if others and not force and live and live["data"] != wanted["data"]:
        owner, key = others[0]["manager"], next(iter(wanted["data"]))
        sys.stderr.write(f'error: Apply failed with 1 conflict: conflict with "{owner}" using v1: .data.{key}\n')
        sys.stderr.write("Please review the fields above\n")
        return 1
    fields: Json = {"f:data": {f"f:{key}": {} for key in wanted["data"]}}
    meta = {**wanted["metadata"], "managedFields": [{"manager": "kubectl", "fieldsV1": fields}]}
    maps[name] = {
        **wanted,
        "metadata": {**meta, "version": (live or {"metadata": {}})["metadata"].get("version", 0) + 1},
    }
    maps[name]["metadata"]["resourceVersion"] = str(100 + maps[name]["metadata"]["version"])
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
