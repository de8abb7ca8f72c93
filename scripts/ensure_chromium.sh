#!/bin/sh
# Print the path of a Chromium for the browser tests, installing one (with Japanese fonts)
# through the system's package manager if there is none.
#
#   scripts/ensure_chromium.sh          find or install
#   scripts/ensure_chromium.sh --find   find only; fails silently if there is none
#
# The headless shell, the same engine without the windows that nobody sees, takes half the time
# of the browser tests: root on Debian gets it beside a Chromium that is there.
#
# CHROMIUM=/path/to/it names one that is somewhere else.
set -eu

SHELL_ONLY=chromium-headless-shell

find_chromium() {
    for name in "${CHROMIUM:-}" "$SHELL_ONLY" chromium chromium-browser google-chrome \
        google-chrome-stable \
        "/Applications/Chromium.app/Contents/MacOS/Chromium" \
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"; do
        [ -n "$name" ] || continue
        path=$(command -v "$name") || continue
        # Ubuntu's chromium-browser may be a stub that only asks for the snap.
        "$path" --version >/dev/null 2>&1 || continue
        printf '%s\n' "$path"
        return 0
    done
    return 1
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi
}

apt_install() {
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@"
}

# Without a word where it can't be had: whatever Chromium there is does as well, in more time.
add_shell() {
    [ -z "${CHROMIUM:-}" ] && [ "$(id -u)" -eq 0 ] && command -v apt-get || return 0
    command -v "$SHELL_ONLY" && return 0
    once="-o Acquire::Retries=0 -o Acquire::http::Timeout=10 -o Acquire::https::Timeout=10"
    # shellcheck disable=SC2086 # several words
    apt_install $once "$SHELL_ONLY" ||
        { apt-get $once update && apt_install $once "$SHELL_ONLY"; } || true
}

# What the package managers print goes to stderr: stdout carries the path alone.
install_chromium() {
    if command -v apt-get; then
        as_root apt-get update
        apt_install "$SHELL_ONLY" fonts-noto-cjk || apt_install chromium fonts-noto-cjk
    elif command -v dnf; then
        as_root dnf install -y chromium google-noto-sans-cjk-fonts
    elif command -v brew; then
        brew install --cask chromium # macOS has Japanese fonts
    else
        echo "No apt-get, dnf or brew here."
        return 1
    fi >&2
}

[ "${1:-}" = "--find" ] && { find_chromium; exit; }
find_chromium >/dev/null && add_shell >/dev/null 2>&1
find_chromium && exit 0
echo "No Chromium found: installing one for the browser tests." >&2
install_chromium >&2 && find_chromium && exit 0
echo "Please install Chromium or Google Chrome and Japanese fonts (Noto CJK) by hand," >&2
echo "or name an installed one: CHROMIUM=/path/to/chromium make test" >&2
exit 1
