#!/usr/bin/env bash
# bash infra/run.sh
#
# From a fresh Debian or Ubuntu machine to a mixture on disk: set-up, image, template, a fleet that
# collects for about four minutes on real machines, grounding, the mixture, and gallery/index.html.
# Again on the same machine it starts from what is cached. Ends with the figures it must reach and
# the seconds of each stage, and fails where one is missed.

work() {
    export PYTHONPATH=$layer
    local fleet=$clone/infra/fleet.toml seed
    began=$SECONDS timings=""
    trap leave EXIT
    timed "host" trawl doctor
    timed "image" trawl image build
    timed "template" trawl image warm
    # A fresh home begins with seed 0; each later run goes other ways than the ones before.
    seed=$(trawl episode list --json | python -c 'import json, sys; print(len(json.load(sys.stdin)))')
    up=yes
    timed "fleet up" trawl fleet up --file "$fleet"
    timed "desktop steps" collected \
        trawl run submit --pool ubuntu --episodes 4 --steps 40 --seed "$seed" --follow
    timed "web steps" collected \
        trawl run submit --pool web --episodes 2 --steps 35 --seed "$seed" --follow
    timed "fleet down" trawl fleet down
    up=""
    timed "verify episodes" trawl episode verify --all
    timed "grounding" trawl ground build
    trawl ground stats
    timed "dialects" trawl ground export
    timed "shelf" trawl corpus shelf
    timed "mixture" trawl corpus build first
    timed "verify mixture" trawl corpus verify
    trawl corpus stats
    timed "gallery" trawl gallery build --out gallery
    timings+="$(printf '%6d s  %s' $((SECONDS - began)) "all of it")"$'\n'
    printf '\n%s\n' "$timings"
    python -m collector.figures
    say "look: gallery/index.html · go on: $cache/bin/trawl --help"
}

timed() { # timed WHAT COMMAND…: run it and note its seconds
    local what=$1 from=$SECONDS
    shift
    stage "$*"
    "$@"
    timings+="$(printf '%6d s  %s' $((SECONDS - from)) "$what")"$'\n'
}

collected() { # a run of which an episode was lost is counted by what it left
    local code=0
    "$@" || code=$?
    [ "$code" = 0 ] || [ "$code" = 6 ] || return "$code"
}

leave() { # whatever ended the script, no machine of ours stays behind
    if [ -n "${up:-}" ]; then trawl fleet down || true; fi
}

. "$(dirname "${BASH_SOURCE[0]}")/setup.sh"
start run "$@"
