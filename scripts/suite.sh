#!/usr/bin/env bash
# Runs one suite of tests, shows its progress, and notes how many tests ran for scripts/summary.sh.
#
#   scripts/suite.sh NAME rust ARGUMENT…     cargo nextest (cargo test where nextest is not installed) with the arguments
#   scripts/suite.sh NAME run COMMAND…       a command whose last lines say "Ran N tests"
#
# With ONLY=text just the tests whose names contain the text are run, and nothing is noted.
set -euo pipefail
cd "$(dirname "$0")/.."

name=$1
kind=$2
shift 2
cargo=${CARGO:-cargo}
dir=${CARGO_TARGET_DIR:-target}/suites
mkdir -p "$dir"
rm -f "$dir/$name.count"
log=$dir/$name.log

case "$kind" in
rust)
    # The same lock file on every machine that tests a commit; a developer may be about to change it.
    if [ -n "${CI:-}" ]; then set -- --locked "$@"; fi
    if "$cargo" nextest --version >/dev/null 2>&1; then
        command=("$cargo" nextest run "$@")
    else
        command=("$cargo" test "$@")
    fi
    if [ -n "${ONLY:-}" ]; then command+=("$ONLY"); fi
    ;;
run) command=("$@") ;;
*)
    echo "suite: $kind is neither rust nor run" >&2
    exit 2
    ;;
esac

echo "── $name ──"
"${command[@]}" 2>&1 | tee "$log"

if [ -n "${ONLY:-}" ]; then exit 0; fi
# nextest: "Summary [ 1.2s] 14 tests run: 14 passed"; cargo test: "test result: ok. 14 passed", once for each binary;
# unittest: "Ran 14 tests in 1.2s".
count=$(sed -nE \
    -e 's/^ *Summary \[.*\] +([0-9]+) tests? run: .*/\1/p' \
    -e 's/^test result: ok\. ([0-9]+) passed;.*/\1/p' \
    -e 's/^Ran ([0-9]+) tests? in .*/\1/p' "$log" | awk '{ n += $1 } END { print n + 0 }')
if [ "$count" -eq 0 ]; then
    echo "suite: $name ran no test" >&2
    exit 1
fi
echo "$count" >"$dir/$name.count"
