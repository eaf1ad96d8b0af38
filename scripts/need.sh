#!/usr/bin/env bash
# Makes sure that what a job needs is installed: through apt where that is allowed (as root, or with a sudo that asks
# no password), otherwise by saying in one line what to install.
#
#   scripts/need.sh build       what compiling the program needs
#   scripts/need.sh node        Node.js and npm, for the files the pages use
#   scripts/need.sh postgres    the PostgreSQL server programs
#   scripts/need.sh browser     Chromium and its driver
#   scripts/need.sh clients     Python with virtual environments, LibreOffice Calc
#   scripts/need.sh test        all of these
set -euo pipefail

packages=()

have() { command -v "$1" >/dev/null 2>&1; }

want() {
    local package
    for package in "$@"; do packages+=("$package"); done
}

build() {
    if ! have cargo; then
        echo "need: Rust is missing; install Rust 1.90 or later with rustup, then run this again" >&2
        exit 1
    fi
    have cc || want gcc libc6-dev
    have make || want make
    # OpenSSL's configuration is a Perl program; Debian's perl-base alone lacks these modules.
    perl -MFindBin -MIPC::Cmd -MFile::Compare -MFile::Copy -MPod::Usage -e 1 >/dev/null 2>&1 || want perl
}

node() {
    if ! have node || ! have npm; then want nodejs npm; fi
}

postgres() {
    compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || have initdb || want postgresql
}

browser() {
    node
    have chromium || want chromium
    have chromedriver || want chromium-driver
}

clients() {
    python3 -c 'import venv, ensurepip' >/dev/null 2>&1 || want python3 python3-venv
    have soffice || want libreoffice-calc
}

for part in "$@"; do
    case "$part" in
    build | node | postgres | browser | clients) "$part" ;;
    test) build && browser && postgres && clients ;;
    *)
        echo "need: there is no list named $part" >&2
        exit 2
        ;;
    esac
done

if [ ${#packages[@]} -eq 0 ]; then exit 0; fi
mapfile -t packages < <(printf '%s\n' "${packages[@]}" | sort -u)

as=()
if [ "$(id -u)" -ne 0 ]; then as=(sudo -n); fi
if ! have apt-get || { [ ${#as[@]} -gt 0 ] && ! sudo -n true 2>/dev/null; }; then
    echo "need: please install with: sudo apt-get install --no-install-recommends ${packages[*]}" >&2
    exit 1
fi

echo "need: installing ${packages[*]}"
apt() {
    "${as[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300 "$@" </dev/null
}
if ! { apt update && apt install -y --no-install-recommends "${packages[@]}" >/dev/null; }; then
    echo "need: apt could not install: ${packages[*]}" >&2
    exit 1
fi
