#!/usr/bin/env bash
# Cilium's metrics, kube-prometheus-stack and the boards, in the cluster of the current kubectl context.
#
#   setup.sh plan     what `up` would do, and which pods would restart; changes nothing
#   setup.sh up       the CRDs of prometheus-operator, Cilium's Helm values, kube-prometheus-stack, the boards
#   setup.sh verify   is all in place? One line a thing, each with what mends it
#   setup.sh down     takes away what `up` made, and nothing else
#
# `setup.sh up --help` lists the options. What is done stands in dashboards_py/cluster; here are only the versions, and
# the environment in which it runs.
set -euo pipefail

here=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)

case "${1-}" in
  plan | up | verify | down) ;;
  *)
    sed -n '2,/^set /{/^#/s/^# \{0,1\}//p;}' "$here/setup.sh"
    [[ "${1-}" =~ ^(-h|--help|help)$ ]] && exit 0
    exit 2
    ;;
esac

for program in make kubectl helm; do
  command -v "$program" >/dev/null || { echo "Error: $program is not on PATH: install it first" >&2; exit 2; }
done

set -a
# shellcheck source=/dev/null
source "$here/versions.env"
set +a

make --silent --directory "$here/.." .venv/installed
exec "$here/../.venv/bin/cilium-dashboards" cluster "$@"
