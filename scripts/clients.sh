#!/usr/bin/env bash
# Makes the virtual environments in which tools in Python live, one for each list of packages. Does nothing for those that
# are up to date.
#
#   scripts/clients.sh          the real clients: tests/clients/*.txt, in target/clients
#   scripts/clients.sh scan     the scanners: tests/scan/*.txt, in target/scan
set -euo pipefail
cd "$(dirname "$0")/.."
target=${CARGO_TARGET_DIR:-target}
of=${1:-clients}

for list in tests/"$of"/*.txt; do
    name=$(basename "$list" .txt)
    dir=$target/$of/$name
    if cmp -s "$list" "$dir/made-from" && "$dir/bin/python" -c '' 2>/dev/null; then continue; fi
    echo "$of: installing $name"
    rm -rf "$dir"
    python3 -m venv "$dir"
    if ! "$dir/bin/pip" install --quiet --disable-pip-version-check --requirement "$list"; then
        echo "$of: pip could not install what $list names" >&2
        exit 1
    fi
    cp "$list" "$dir/made-from"
done
