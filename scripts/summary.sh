#!/usr/bin/env bash
# Prints how many tests of each suite ran, and fails unless all suites did and both databases ran the same tests.
set -euo pipefail
cd "$(dirname "$0")/.."
dir=${CARGO_TARGET_DIR:-target}/suites

count() { cat "$dir/$1.count" 2>/dev/null || echo 0; }

missing=0
total=0
for suite in unit workbooks workbooks-postgres sqlite postgres kills-sqlite kills-postgres browser clients-sqlite clients-postgres; do
    n=$(count "$suite")
    printf '%-18s %5d tests\n' "$suite" "$n"
    total=$((total + n))
    if [ "$n" -eq 0 ]; then missing=1; fi
done
printf '%-18s %5d tests\n' total "$total"

if [ "$missing" -ne 0 ]; then
    echo "summary: a suite did not run" >&2
    exit 1
fi
for pair in "workbooks workbooks-postgres" "sqlite postgres" "kills-sqlite kills-postgres" "clients-sqlite clients-postgres"; do
    read -r one other <<<"$pair"
    if [ "$(count "$one")" -ne "$(count "$other")" ]; then
        echo "summary: $one and $other ran different numbers of tests" >&2
        exit 1
    fi
done
