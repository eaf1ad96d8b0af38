#!/usr/bin/env bash
# Prints how often the tests killed the program at which point; fails if that was too seldom, or never at some point.
#
#   scripts/kills.sh FILE    the file that the tests wrote: lines of "DATABASE POINT TIMES"
set -euo pipefail
cd "$(dirname "$0")/.."

file=$1
least=200

awk '{ times[$2] += $3 } END { for (point in times) printf "%5d %s\n", times[point], point }' "$file" | sort -k2
awk '{ times[$1] += $3; all += $3 }
    END { for (database in times) printf "kills on %s: %d\n", database, times[database]; print "kills in all: " all + 0 }' "$file"

never=0
while read -r point; do
    if ! awk -v point="$point" '$2 == point { found = 1 } END { exit !found }' "$file"; then
        echo "kills: no test killed at $point" >&2
        never=1
    fi
done < <(grep -rhoE --include='*.rs' 'crash::point(_of)?\("[^"]+"' src | cut -d'"' -f2 | sort -u)

if [ "$(awk '{ all += $3 } END { print all + 0 }' "$file")" -lt "$least" ]; then
    echo "kills: fewer than $least" >&2
    exit 1
fi
exit "$never"
