#!/usr/bin/env bash
# bash infra/bench.sh [NAME…] [--json]
#
# Set-up, then the benches of tests/bench, or those named. Each measures a peer and us on the same
# work in the same run and reports {"name", "figures", "peer", "ratio"}.

work() {
    export PYTHONPATH=$clone:$layer
    machines >&2
    peers
    stage "benches"
    python -m tests.bench "$@"
}

. "$(dirname "${BASH_SOURCE[0]}")/setup.sh"
start bench "$@"
