#!/bin/sh
# Print the path of a Chromium for the browser tests, installing one (with Japanese fonts)
# through the system's package manager if there is none.
#
#   scripts/ensure_chromium.sh          find or install
#   scripts/ensure_chromium.sh --find   find only; fails silently if there is none
#
# CHROMIUM=/path/to/it names one that is somewhere else.
set -eu

find_chromium() {
    for name in "${CHROMIUM:-}" chromium chromium-browser google-chrome google-chrome-stable \
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

# What the package managers print goes to stderr: stdout carries the path alone.
install_chromium() {
    if command -v apt-get; then
        as_root apt-get update
        as_root env DEBIAN_FRONTEND=noninteractive \
            apt-get install -y --no-install-recommends chromium fonts-noto-cjk
    elif command -v dnf; then
        as_root dnf install -y chromium google-noto-sans-cjk-fonts
    elif command -v brew; then
        brew install --cask chromium # macOS has Japanese fonts
    else
        echo "No apt-get, dnf or brew here."
        return 1
    fi >&2
}

find_chromium && exit 0
[ "${1:-}" = "--find" ] && exit 1
echo "No Chromium found: installing one for the browser tests." >&2
install_chromium >&2 && find_chromium && exit 0
echo "Please install Chromium or Google Chrome and Japanese fonts (Noto CJK) by hand," >&2
echo "or name an installed one: CHROMIUM=/path/to/chromium make test" >&2
exit 1
