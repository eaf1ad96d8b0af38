#!/usr/bin/env bash
# Makes the virtual environments in which the real clients live, one for each list in tests/clients/*.txt. Does nothing
# for those that are up to date.
set -euo pipefail
cd "$(dirname "$0")/.."
target=${CARGO_TARGET_DIR:-target}

for list in tests/clients/*.txt; do
    name=$(basename "$list" .txt)
    dir=$target/clients/$name
    if cmp -s "$list" "$dir/made-from" && "$dir/bin/python" -c '' 2>/dev/null; then continue; fi
    echo "clients: installing $name"
    rm -rf "$dir"
    python3 -m venv "$dir"
    if ! "$dir/bin/pip" install --quiet --disable-pip-version-check --requirement "$list"; then
        echo "clients: pip could not install what $list names" >&2
        exit 1
    fi
    cp "$list" "$dir/made-from"
done
