#!/usr/bin/env bash
# Cilium's metrics, kube-prometheus-stack and the boards, in the cluster of the current kubectl context.
#
#   setup.sh plan     what `up` would do, and which pods would restart; changes nothing
#   setup.sh up       the CRDs of prometheus-operator, Cilium's Helm values, kube-prometheus-stack, the boards
#   setup.sh verify   is everything in place? One line for each part, with how to fix it
#   setup.sh down     removes what `up` created, and nothing else
#
# `setup.sh up --help` lists the options. This script builds the Python environment and runs `cilium-dashboards cluster`,
# which does the same if you installed it with pip or pipx. versions.env pins the charts.
set -euo pipefail

script=${BASH_SOURCE[0]}
while [ -L "$script" ]; do # readlink -f is missing on older macOS
  directory=$(cd "$(dirname "$script")" && pwd)
  script=$(readlink "$script")
  [[ "$script" == /* ]] || script=$directory/$script
done
here=$(cd "$(dirname "$script")" && pwd -P)

usage() { sed -n '2,/^set /{/^#/s/^# \{0,1\}//p;}' "$here/setup.sh"; }

case "${1-}" in
  plan | up | verify | down) ;;
  -h | --help | help) usage; exit 0 ;;
  "") usage >&2; exit 2 ;;
  *) echo "Error: setup.sh has no command $1: use plan, up, verify or down, or --help" >&2; exit 2 ;;
esac

for program in make kubectl helm; do
  command -v "$program" >/dev/null || { echo "Error: $program is not on PATH: install it first" >&2; exit 2; }
done

make --silent --directory "$here/.." .venv/installed
exec "$here/../.venv/bin/cilium-dashboards" cluster "$@"
