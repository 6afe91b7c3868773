# What run.sh, test.sh and bench.sh share. A script defines `work`, sources this file and calls
# `start NAME "$@"`; `work "$@"` then runs as an unprivileged user, with everything installed.
#
# Promises: idempotent; what is installed is not touched; nothing of ours runs as root; nothing is
# written into the clone but gallery/; one script of a name at a time for each user; SIGINT and
# SIGTERM reach whatever is running, and the script waits for it to end.

set -euo pipefail

readonly UV_VERSION=0.13.9
readonly AXE_VERSION=4.14.1
readonly AXE_SHA256=e6b0ce02b84d892e2e33e403485e7f3d6c29e2be6df65daf44d89ba564139745
readonly WORKER=trawl
readonly PYTHON=/usr/bin/python3

say() { printf '%s\n' "$*" >&2; }
stage() { say "$(date +%H:%M:%S) ── $*"; }
die() { # die CODE MESSAGE [HINT]
    say "error: $2"
    [ -z "${3:-}" ] || say "  hint: $3"
    exit "$1"
}
short_hash() { sha256sum | cut -c1-16; }

start() { # start NAME ARGS…
    name=$1
    shift
    clone=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
    if [ -n "${_TRAWL_INSIDE:-}" ]; then
        inside "$@"
        return
    fi
    packages
    if [ "$(id -u)" = 0 ]; then
        worker
        supervise from_root "$@"
    else
        namespaces
        _TRAWL_INSIDE=1 supervise bash "$clone/infra/$name.sh" "$@"
    fi
}

# --- the host -----------------------------------------------------------------------------------

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        die 5 "this needs root, and there is no sudo: $*" "run it as root, then start again"
    fi
}

missing_packages() {
    local package
    sed -E 's/[[:space:]]*#.*//; /^$/d' "$clone/infra/apt.txt" | while read -r package; do
        [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] ||
            echo "$package"
    done
}

packages() { # installs what infra/apt.txt names and is not there; touches nothing else
    command -v dpkg-query >/dev/null || die 5 "this is not Debian or Ubuntu: there is no dpkg"
    local missing
    missing=$(missing_packages | tr '\n' ' ')
    [ -n "${missing// /}" ] || return 0
    stage "apt: $missing"
    local install="apt-get -q -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=600 -y --no-install-recommends --no-upgrade install"
    case " $missing" in *" postgresql "*) no_cluster ;; esac
    # The package lists of a fresh machine are empty or old: fetch them once, and try again.
    # shellcheck disable=SC2086
    as_root env DEBIAN_FRONTEND=noninteractive $install $missing >&2 || {
        as_root apt-get -q -o DPkg::Lock::Timeout=600 update >&2
        as_root env DEBIAN_FRONTEND=noninteractive $install $missing >&2
    }
}

no_cluster() { # we want PostgreSQL's programs; a server that listens is the operator's to make
    as_root install -d /etc/postgresql-common/createcluster.d
    echo "create_main_cluster = false" |
        as_root tee /etc/postgresql-common/createcluster.d/trawl.conf >/dev/null
}

has_namespaces() { grep -q "^$1:" /etc/subuid 2>/dev/null && grep -q "^$1:" /etc/subgid 2>/dev/null; }

give_namespaces() { # a range of ids that no other user has, which building an image needs
    local first
    first=$(cat /etc/subuid /etc/subgid 2>/dev/null | awk -F: '
        { end = $2 + $3; if (end > top) top = end } END { print top > 100000 ? top : 100000 }')
    as_root usermod --add-subuids "$first-$((first + 65535))" \
        --add-subgids "$first-$((first + 65535))" "$1"
}

namespaces() { has_namespaces "$(id -un)" || give_namespaces "$(id -un)"; }

worker() { # the user that everything of ours runs as when a script is started by root
    getent passwd "$WORKER" >/dev/null || {
        stage "user $WORKER"
        useradd --create-home --shell /bin/bash "$WORKER"
    }
    has_namespaces "$WORKER" || give_namespaces "$WORKER"
    worker_home=$(getent passwd "$WORKER" | cut -d: -f6)
    local place
    for place in "${TRAWL_HOME:-}" "${TRAWL_CACHE:-}"; do
        [ -z "$place" ] || [ -e "$place" ] || install -d -o "$WORKER" -g "$WORKER" "$place"
    done
    if [ -c /dev/kvm ] && getent group kvm >/dev/null && ! id -nG "$WORKER" | grep -qw kvm; then
        usermod -aG kvm "$WORKER"
    fi
}

# --- root hands over to the worker --------------------------------------------------------------

as_worker() { # with what a program needs to know of this terminal and network, and nothing else
    local name kept=()
    for name in $(compgen -e); do
        case $name in
        TERM | COLORTERM | NO_COLOR | COLUMNS | LANG | LC_* | TZ | CI | TRAWL_* | PIP_* | SSL_CERT_* | \
            *_CA_BUNDLE | *_proxy | *_PROXY | OPENBLAS_*) kept+=("$name=${!name}") ;;
        esac
    done
    exec setpriv --reuid "$WORKER" --regid "$WORKER" --init-groups --inh-caps=-all \
        env -i "${kept[@]}" HOME="$worker_home" USER="$WORKER" LOGNAME="$WORKER" SHELL=/bin/bash \
        PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin "$@"
}

clone_files() { # what git tracks, and what it neither tracks nor ignores; NUL-separated
    cd "$clone"
    local file
    {
        if command -v git >/dev/null && [ -e .git ]; then
            git -c safe.directory='*' ls-files -co --exclude-standard --deduplicate -z
        else
            find . -type f -not -path './gallery/*' -not -name '*.pyc' -print0
        fi
    } | while IFS= read -r -d '' file; do
        if [ -e "$file" ] || [ -L "$file" ]; then printf '%s\0' "$file"; fi
    done
}

from_root() { # the worker may not be able to read the clone, so it gets its files on stdin
    cd /
    as_worker bash -c "$(cat "$clone/infra/setup.sh")"$'\nreceive "$@"' "$name" "$name" "$clone" "$@" \
        < <(clone_files | tar -C "$clone" --no-recursion --null -T - -cf -)
}

receive() { # runs as the worker: lay a copy of the clone and go on inside it
    name=$1 origin=$2
    shift 2
    places
    mkdir -p "$cache"
    hold "$origin"
    local copy
    copy=$cache/clones/$(printf %s "$origin" | short_hash)/$name
    rm -rf "$copy"
    mkdir -p "$copy"
    tar -C "$copy" -xf -
    cd "$copy"
    _TRAWL_INSIDE=held exec bash "$copy/infra/$name.sh" "$@" </dev/null
}

bring_gallery() { # root's clone gets the page that the worker made in the copy
    local copy cache
    cache=${TRAWL_CACHE:-$worker_home/.cache/trawl}
    copy=$cache/clones/$(printf %s "$clone" | short_hash)/$name
    [ -f "$copy/gallery/index.html" ] || return 0
    rm -rf "$clone/gallery"
    (as_worker tar -C "$copy" -cf - gallery) |
        tar -C "$clone" --no-same-owner --no-same-permissions -xf - gallery
}

supervise() { # run COMMAND in a process group of its own, hand signals on to it, wait for its end
    local child code=0
    set -m
    "$@" &
    child=$!
    set +m
    trap 'kill -INT -- -$child 2>/dev/null || true' INT
    trap 'kill -TERM -- -$child 2>/dev/null || true' TERM HUP
    while :; do
        code=0
        wait "$child" || code=$?
        # A signal ends `wait` early; the child is then still at work.
        kill -0 "$child" 2>/dev/null || break
    done
    trap - INT TERM HUP
    if [ "$(id -u)" = 0 ]; then bring_gallery; fi
    exit "$code"
}

# --- inside: an unprivileged user, one script of this name at a time ------------------------------

places() {
    export TRAWL_CACHE=${TRAWL_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/trawl}
    cache=$TRAWL_CACHE
}

hold() { # take the lock of this script, or say who has it
    local lock=$cache/$name.lock
    mkdir -p "$cache" 2>/dev/null && [ -w "$cache" ] ||
        die 5 "$(id -un) cannot write to $cache" "set TRAWL_CACHE to a directory of that user's"
    exec 9>>"$lock"
    flock -n 9 || die 4 "infra/$name.sh is already at work: $(cat "$lock")" "wait for it to end"
    printf 'pid %s, since %s, for %s\n' "$$" "$(date '+%F %T %z')" "$1" >"$lock"
}

inside() {
    places
    [ "$_TRAWL_INSIDE" = held ] || hold "$clone"
    unset _TRAWL_INSIDE
    cd "$clone"
    environment 9>&-
    # No child holds the lock: a fleet outlives its script, and the script's end frees the lock.
    work "$@" 9>&-
}

environment() { # the virtual environment, and this clone's own distribution in a layer above it
    unset PYTHONPATH PYTHONHOME
    export PYTHONPYCACHEPREFIX=$cache/pycache PYTHONNOUSERSITE=1 PYTHONUNBUFFERED=1
    export HYPOTHESIS_STORAGE_DIRECTORY=$cache/checks/hypothesis
    "$PYTHON" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
        die 5 "$PYTHON is older than 3.11" "use Debian 12, Ubuntu 24.04 or newer"
    certificates
    uv_program
    virtual_environment
    layer
    export PATH=$layer/bin:$venv/bin:${uv%/*}:$PATH VIRTUAL_ENV=$venv
}

certificates() { # uv trusts what this machine's pip is told to trust
    local cert
    [ -z "${SSL_CERT_FILE:-}" ] || return 0
    cert=${PIP_CERT:-$("$PYTHON" -m pip config get global.cert 2>/dev/null || true)}
    if [ -r "$cert" ]; then export SSL_CERT_FILE=$cert; fi
}

uv_program() {
    uv=$cache/tools/uv-$UV_VERSION/bin/uv
    export UV_CACHE_DIR=$cache/uv UV_PYTHON=$PYTHON UV_PYTHON_DOWNLOADS=never UV_NO_CONFIG=1
    [ -x "$uv" ] && return
    stage "uv $UV_VERSION"
    "$PYTHON" -m venv "$cache/tools/uv-$UV_VERSION"
    "$cache/tools/uv-$UV_VERSION/bin/pip" install --quiet "uv==$UV_VERSION" >&2
}

virtual_environment() { # named by what is in it, so that every clone with this lock shares it
    venv=$cache/venvs/$({ cat uv.lock && "$PYTHON" -VV; } | short_hash)
    [ -e "$venv/.complete" ] && return
    stage "virtual environment (about 1 GB; libvirt's binding is compiled)"
    mkdir -p "$cache/venvs"
    (
        flock 8
        [ -e "$venv/.complete" ] ||
            UV_PROJECT_ENVIRONMENT=$venv "$uv" sync --frozen --no-install-project \
                --extra dedup --extra guest --extra ocr --extra parquet --extra scale --extra serve \
                --extra vm --extra web --group dev >&2
        touch "$venv/.complete"
    ) 8>"$venv.lock"
}

peers() { # the systems that tests read our files with and benches measure against, in a world of
    # their own: they bring torch, which elsewhere is gigabytes and which nothing of ours imports
    local home
    home=$cache/peers/$({ cat tests/peers/requirements.txt && "$PYTHON" -VV; } | short_hash)
    export TRAWL_PEERS=$home/bin/python
    [ -e "$home/.complete" ] && touch "$home" && return
    stage "peers (about 2 GB; torch)"
    mkdir -p "$cache/peers"
    (
        flock 8
        [ ! -e "$home/.complete" ] || exit 0
        unset PYTHONPATH
        "$PYTHON" -m venv --clear "$home"
        "$home/bin/pip" install --quiet "$(grep '^torch==' tests/peers/requirements.txt)" >&2
        "$uv" pip install --quiet --no-deps --python "$home/bin/python" \
            -r <(grep -v '^torch==' tests/peers/requirements.txt) >&2
        touch "$home/.complete"
    ) 8>"$home.lock"
}

axe() { # what pages are looked at for barriers with: a package of npm's registry, by its hash
    local place=$cache/tools/axe-core-$AXE_VERSION making
    [ -e "$place/axe.min.js" ] && return
    stage "axe-core $AXE_VERSION"
    making=$(mktemp -d "$cache/tools/axe.XXXXXX")
    "$PYTHON" -c 'import sys, urllib.request as r; open(sys.argv[2], "wb").write(r.urlopen(sys.argv[1], timeout=60).read())' \
        "https://registry.npmjs.org/axe-core/-/axe-core-$AXE_VERSION.tgz" "$making/axe.tgz"
    echo "$AXE_SHA256  $making/axe.tgz" | sha256sum --check --quiet - >&2
    tar -C "$making" --strip-components=1 -xzf "$making/axe.tgz" package/axe.min.js package/LICENSE
    rm -rf "$place"
    mv "$making" "$place"
}

layer() { # the wheel of these sources, unpacked beside its console script; named by its content
    local sources wheel building
    sources=$({
        find collector corpus envs grounding infra pyproject.toml README.md LICENSE \
            -type f -not -name '*.pyc' -print0 | sort -z | xargs -0 sha256sum
        echo "$venv"
    } | short_hash)
    layer=$cache/layers/$sources
    if [ ! -e "$layer/.complete" ]; then
        stage "wheel"
        building=$(mktemp -d "$cache/wheel.XXXXXX")
        cp -R collector corpus envs grounding infra pyproject.toml README.md LICENSE "$building"
        "$uv" build --quiet --wheel --out-dir "$building/dist" "$building" >&2
        wheel=$(echo "$building"/dist/*.whl)
        rm -rf "$layer"
        "$uv" pip install --quiet --no-deps --offline --python "$venv/bin/python" \
            --target "$layer" "$wheel" >&2
        rm -rf "$building"
        console_script
        touch "$layer/.complete"
    fi
    touch "$layer" "$venv"
    mkdir -p "$cache/peers"
    find "$cache/layers" "$cache/venvs" "$cache/peers" -mindepth 1 -maxdepth 1 -mtime +30 -exec rm -rf {} +
    mkdir -p "$cache/bin"
    ln -sfn "$layer/bin/trawl" "$cache/bin/trawl"
}

console_script() {
    mkdir -p "$layer/bin"
    cat >"$layer/bin/trawl" <<SCRIPT
#!/bin/sh
# Trawl as infra/setup.sh installed it.
export PYTHONPATH='$layer' PYTHONPYCACHEPREFIX='$cache/pycache' PYTHONNOUSERSITE=1
exec '$venv/bin/python' -m collector "\$@"
SCRIPT
    chmod +x "$layer/bin/trawl"
}

# --- what a script's work may call ----------------------------------------------------------------

machines() { # the image and its template, made where they are missing
    trawl doctor
    trawl image build
    trawl image warm
}
