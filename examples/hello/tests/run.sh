#!/bin/sh
# Runs the built program and compares what it says.
set -eu
hello=${1:-./hello}

check() {
    wanted=$1
    shift
    found=$("$hello" "$@")
    [ "$found" = "$wanted" ] || { echo "FAIL: hello $*: \"$found\" instead of \"$wanted\"" >&2; exit 1; }
    echo "ok: hello $*"
}

check 'Hello, world!'
check 'Hello, packager!' packager
if "$hello" --nonsense 2>/dev/null; then
    echo 'FAIL: hello --nonsense was accepted' >&2
    exit 1
fi
echo 'ok: hello --nonsense is refused'
