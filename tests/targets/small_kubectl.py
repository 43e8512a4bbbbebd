"""A small kubectl: server-side apply of ConfigMaps with field owners, kept in a JSON file, with injected errors.

Run as a program by its path: STATE names the file. tests/live/test_deploy_configmaps.py shows that the real one does
alike.
"""

import json
import os
import sys
from pathlib import Path
from typing import Any

Json = dict[str, Any]


def main(argv: list[str]) -> int:
    """Execute the command, or fail with the text that `answer` in the state has for a word of the command."""
    file = Path(os.environ["STATE"])
    state: Json = json.loads(file.read_text())
    state["log"].append(argv)
    words = [word for word in argv if not word.startswith("--")]
    text = sys.stdin.read()
    answer = next((reply for reply in state["answer"] if reply[0] in " ".join(argv) + text), None)
    code = 0
    if answer and answer[2]:
        answer[2] -= 1
        sys.stderr.write(answer[1])
        code = 1
    elif words[:2] == ["get", "namespace"]:
        sys.stdout.write(json.dumps({"status": {"phase": state["phase"]}}))
    elif words[:2] == ["get", "configmap"]:
        sys.stdout.write(_labeled(state["maps"], words[2]))
    elif words[:1] == ["get"]:
        sys.stdout.write(_named(state["maps"], [body["metadata"]["name"] for body in json.loads(text)["items"]]))
    else:
        code = _apply(state["maps"], json.loads(text), "--force-conflicts" in argv)
    file.write_text(json.dumps(state))
    return code


def _labeled(maps: dict[str, Json], selector: str) -> str:
    key, _, value = selector.partition("=")
    return json.dumps({"items": [body for body in maps.values() if body["metadata"]["labels"].get(key) == value]})


def _named(maps: dict[str, Json], names: list[str]) -> str:
    bodies = [maps[name] for name in names if name in maps]
    return "" if not bodies else json.dumps(bodies[0] if len(names) == 1 else {"items": bodies})


def _apply(maps: dict[str, Json], desired: Json, force: bool) -> int:
    name = desired["metadata"]["name"]
    live = maps.get(name)
    version = desired["metadata"].pop("resourceVersion", "")
    assert isinstance(version, str), "the API server decodes no other type"
    if live and version not in ("", "0", live["metadata"]["resourceVersion"]):
        sys.stderr.write(f'error: Operation cannot be fulfilled on configmaps "{name}": the object has been modified\n')
        return 1
    others = [
        entry
        for entry in (live or {"metadata": {"managedFields": []}})["metadata"]["managedFields"]
        if entry["manager"] != "kubectl"
    ]
    if others and not force and live and live["data"] != desired["data"]:
        owner, key = others[0]["manager"], next(iter(desired["data"]))
        sys.stderr.write(f'error: Apply failed with 1 conflict: conflict with "{owner}" using v1: .data.{key}\n')
        sys.stderr.write("Please review the fields above\n")
        return 1
    fields: Json = {"f:data": {f"f:{key}": {} for key in desired["data"]}}
    meta = {**desired["metadata"], "managedFields": [{"manager": "kubectl", "fieldsV1": fields}]}
    maps[name] = {
        **desired,
        "metadata": {**meta, "version": (live or {"metadata": {}})["metadata"].get("version", 0) + 1},
    }
    maps[name]["metadata"]["resourceVersion"] = str(100 + maps[name]["metadata"]["version"])
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
