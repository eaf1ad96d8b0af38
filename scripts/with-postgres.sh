#!/usr/bin/env bash
# Runs a command with a PostgreSQL server of its own and TEST_DATABASE set to its address. The server lives in a
# temporary folder on a free loopback port, belongs to nobody else, and ends with the command.
#
#   scripts/with-postgres.sh cargo nextest run --test it
set -euo pipefail

if [ $# -eq 0 ]; then
    echo "usage: scripts/with-postgres.sh COMMAND [ARGUMENT…]" >&2
    exit 2
fi

say() { echo "with-postgres: $*" >&2; }

# The newest installed server programs.
programs() {
    local candidate
    while read -r candidate; do
        if [ -x "$candidate/initdb" ] && [ -x "$candidate/postgres" ]; then
            echo "$candidate"
            return
        fi
    done < <(
        printf '%s\n' /usr/lib/postgresql/*/bin | sort -Vr
        if command -v pg_config >/dev/null; then pg_config --bindir; fi
        if command -v initdb >/dev/null; then dirname "$(command -v initdb)"; fi
    )
    return 1
}

if ! bin=$(programs); then
    say "no PostgreSQL server programs; install them with: apt-get install postgresql"
    exit 1
fi
version=$("$bin/postgres" --version)
version=${version#postgres (PostgreSQL) }
version=${version%%[!0-9]*}

# PostgreSQL refuses to run as root.
as=()
if [ "$(id -u)" -eq 0 ]; then
    user=nobody
    if id postgres >/dev/null 2>&1; then user=postgres; fi
    as=(setpriv "--reuid=$user" "--regid=$(id -g "$user")" --clear-groups)
fi

dir=$(mktemp -d "${TMPDIR:-/tmp}/causeway-postgres.XXXXXX")
chmod 700 "$dir"
if [ ${#as[@]} -gt 0 ]; then chown "$user" "$dir"; fi
server=
command=

# The folder goes when the server has gone.
# shellcheck disable=SC2317 # called by the traps
finish() {
    trap - EXIT INT TERM
    if [ -n "$command" ]; then kill -TERM "$command" 2>/dev/null || true; fi
    if [ -n "$server" ]; then
        kill -INT "$server" 2>/dev/null || true
        wait "$server" 2>/dev/null || true
    fi
    rm -rf "$dir"
}
trap finish EXIT
trap 'finish; exit 130' INT
trap 'finish; exit 143' TERM

# Text has to be compared as a real deployment does: a cluster in the C locale would hide mistakes in sorting.
locale=()
if [ "$version" -ge 15 ] && [[ "$("$bin/initdb" --help)" == *--icu-locale* ]]; then
    locale=(--locale-provider=icu --icu-locale=en-US --locale=C.UTF-8)
else
    named=$(locale -a | grep -m 1 -iE '^[a-z]{2}_[A-Z]{2}\.utf-?8$' || true)
    if [ -z "$named" ]; then
        say "PostgreSQL $version needs a UTF-8 locale such as en_US.UTF-8 here; make one with: localedef -i en_US -f UTF-8 en_US.UTF-8"
        exit 1
    fi
    locale=("--locale=$named")
fi

password=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
echo "$password" >"$dir/password"
chmod 600 "$dir/password"
if [ ${#as[@]} -gt 0 ]; then chown "$user" "$dir/password"; fi

cd "$dir"
if ! "${as[@]}" "$bin/initdb" -D "$dir/data" -U admin -A scram-sha-256 --pwfile="$dir/password" -E UTF8 \
    "${locale[@]}" --no-sync >"$dir/initdb.log" 2>&1; then
    say "initdb failed:"
    cat "$dir/initdb.log" >&2
    exit 1
fi

# Nothing in it outlives the command, so it need not survive a power cut.
settings=(
    -c listen_addresses=127.0.0.1 -c "unix_socket_directories=$dir" -c max_connections=200
    -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c log_min_messages=warning
)

start() {
    # The kernel ends the server if this script is killed without a chance to do so.
    "${as[@]}" setpriv --pdeathsig INT "$bin/postgres" -D "$dir/data" -p "$1" "${settings[@]}" >"$dir/server.log" 2>&1 &
    server=$!
    for _ in $(seq 1 300); do
        if ! kill -0 "$server" 2>/dev/null; then return 1; fi
        if "$bin/pg_isready" -q -h "$dir" -p "$1"; then return 0; fi
        sleep 0.1
    done
    return 1
}

port=
for _ in 1 2 3 4 5; do
    candidate=$((20000 + RANDOM % 12000))
    if start "$candidate"; then
        port=$candidate
        break
    fi
    kill -INT "$server" 2>/dev/null || true
    wait "$server" 2>/dev/null || true
    server=
    if ! grep -q 'could not bind' "$dir/server.log"; then break; fi
done
if [ -z "$port" ]; then
    say "the server did not start:"
    cat "$dir/server.log" >&2
    exit 1
fi

# The program gets what an operator would give it: a role that may create databases and is no superuser.
"${as[@]}" env PGPASSWORD="$password" "$bin/psql" -q -v ON_ERROR_STOP=1 -h "$dir" -p "$port" -U admin postgres \
    -c "create role causeway login createdb password '$password'" -c 'create database causeway owner causeway'

cd "$OLDPWD"
export TEST_DATABASE="postgres://causeway:$password@127.0.0.1:$port/causeway"
say "PostgreSQL $version on port $port"

"$@" &
command=$!
status=0
wait "$command" || status=$?
command=
if [ "$status" -ne 0 ] && grep -qE 'PANIC|terminated by signal' "$dir/server.log"; then
    say "the server itself had a problem:"
    tail -n 20 "$dir/server.log" >&2
fi
exit "$status"
