#!/usr/bin/env bash
# Licences, bans and sources of everything that is linked, always; known security advisories where their database can
# be reached, otherwise a visible line says that they were not checked.
set -euo pipefail
cd "$(dirname "$0")/.."
cargo=${CARGO:-cargo}
target=$(mkdir -p "${CARGO_TARGET_DIR:-target}" && cd "${CARGO_TARGET_DIR:-target}" && pwd)
version=0.20.2

PATH=$target/tools/bin:$PATH
if ! cargo-deny --version >/dev/null 2>&1; then
    echo "dependencies: building cargo-deny $version, once"
    # It runs for seconds: an optimised build would take longer than all its runs.
    CARGO_PROFILE_DEV_DEBUG=0 CARGO_TARGET_DIR=$target/tools/build \
        "$cargo" install --quiet --locked --debug --root "$target/tools" "cargo-deny@$version"
    rm -rf "$target/tools/build"
fi

cargo-deny --locked check licenses bans sources

log=$(mktemp)
trap 'rm -f "$log"' EXIT
status=0
GIT_TERMINAL_PROMPT=0 timeout 180 cargo-deny --locked check advisories >"$log" 2>&1 || status=$?
if [ "$status" -eq 0 ]; then
    cat "$log"
elif [ "$status" -eq 124 ] || grep -qE 'failed to (fetch|load|open|clone|acquire).*advisory|Could not resolve host|unable to access' "$log"; then
    echo "dependencies: ADVISORIES NOT CHECKED: the advisory database cannot be reached from here"
else
    cat "$log" >&2
    exit 1
fi
