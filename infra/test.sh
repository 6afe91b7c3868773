#!/usr/bin/env bash
# bash infra/test.sh [check|unit|browser|machines|all|soak]
#
# Set-up, then the tests: `check` (ruff, mypy, import contracts, house rules), `unit`, `browser`
# (real Chromium), `machines` (real desktop machines; makes image and template where missing).
# Without a word: all of them. `soak`, which takes hours and is for nights: 20,000 simulated worlds,
# 20,000 observations of one machine, 200 forks searched for what the one before left, a desktop's
# controller killed at every commit point. A skipped test of a browser or a machine is a failure.

work() {
    local tier=${1:-all}
    export PYTHONPATH=$clone:$layer
    case $tier in
    check) check; tests tests/house ;;
    unit) unit ;;
    browser) browsers ;;
    machines) machines; scaled; desktops ;;
    soak) machines; TRAWL_SEEDS=20000 TRAWL_OBSERVATIONS=20000 TRAWL_STRIDE=1 TRAWL_CYCLES=200 \
        tests --timeout=0 tests/sim tests/envs/ubuntu/test_soak.py \
        tests/faults/test_07_controller_killed.py tests/faults/test_22_residue.py ;;
    all) check; machines; scaled; everything ;;
    *) die 2 "no tier named '$tier'" "one of check, unit, browser, machines, all, soak" ;;
    esac
}

scaled() { # a desktop of larger units, written from right to left: boxes are tried on it too
    trawl image warm --locale he_IL --scale 2x --screen 1920x1080
}

check() {
    local tools=$cache/checks
    stage "ruff"
    ruff check --cache-dir "$tools/ruff" .
    ruff format --check --cache-dir "$tools/ruff" .
    stage "mypy"
    mypy --cache-dir "$tools/mypy"
    stage "lock"
    env -u UV_INDEX -u UV_INDEX_URL -u UV_EXTRA_INDEX_URL -u UV_DEFAULT_INDEX -u UV_FIND_LINKS \
        uv lock --check --quiet
    stage "import contracts"
    lint-imports --cache-dir "$tools/imports"
}

tests() { # in a directory of a short name, for sockets lie in it
    local place code=0
    stage "pytest"
    place=$(mktemp -d)
    python -m pytest -o cache_dir="$cache/checks/pytest" --basetemp="$place/t" \
        --durations=25 --durations-min=5 "$@" || code=$?
    rm -rf "$place"
    return "$code"
}

unit() { # side by side: none of them minds the others, and a third of the time they wait
    peers
    tests -m "not machine and not browser" --numprocesses "$(($(nproc) + 1))" --dist worksteal tests
}

browsers() {
    axe
    tests -m browser --numprocesses 2 --dist loadfile tests
}

desktops() { # one after the other, the soak beside them: `Machines` in tests/tiers.py
    tests -m machine --numprocesses 2 --dist loadscope tests
}

everything() { # browsers and machines want the host to themselves; what fails before stops nothing
    local code=0 tier
    for tier in unit browsers desktops; do
        "$tier" || code=$?
    done
    return "$code"
}

. "$(dirname "${BASH_SOURCE[0]}")/setup.sh"
start test "$@"
