#!/bin/bash
# Whether two builds of HEAD are the same, byte for byte: two fresh clones, each built without its tests.
#
# Last line: reproducible: same=… sha256=…
set -eu
cd "$(dirname "$0")/.."
here=$PWD
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for build in one two; do
    git clone -q "$here" "$work/$build"
    (cd "$work/$build" && ./mvnw -q -B package -Dmaven.test.skip=true >build.log 2>&1) \
        || { tail -30 "$work/$build/build.log" >&2; exit 1; }
done
one=$(sha256sum <"$work/one/target/heimdex-archive.jar")
two=$(sha256sum <"$work/two/target/heimdex-archive.jar")
if [ "$one" != "$two" ]; then
    (cd "$work" && for build in one two; do
        mkdir "$build.files" && (cd "$build.files" && unzip -q "../$build/target/heimdex-archive.jar")
    done && diff -rq one.files two.files >&2) || true
    echo "reproducible: same=no sha256=-"
    exit 1
fi
echo "reproducible: same=yes sha256=${one%% *}"
