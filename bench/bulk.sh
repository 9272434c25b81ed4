#!/bin/sh
# How fast a whole archive is probed, against a shell loop around ffprobe.
# bench/bulk.sh [FILES]   default 2000
# Makes so many small real files of 8 formats, has the packaged service scan and re-probe them, and runs xargs over the
# same files, in turns, with three others: the bundled ffprobe as it comes in the bundle (if this machine has the
# libraries of devices that it wants), the copy of it that the service has installed without those, and the
# distribution's (if installed). Ours are items a second from the run's start to its end, sidecars and states committed;
# theirs print to nowhere.
#
# Last line: bulk: files=… ours_per_s=… bundled_xargs_per_s=… installed_xargs_per_s=… distro_xargs_per_s=…
#                  ratio_bundled=… ratio_installed=… ratio_distro=… scan_per_s=…
#   medians of as many rounds as ROUNDS says (default 3; in the first few the JVM still compiles what it runs); ratios are
#   ours to theirs; the distribution's gets a fifth of the files
set -eu
cd "$(dirname "$0")/.."
. ./.mvn/jdk.sh
files=${1:-2000}
port=${HEIMDEX_BENCH_PORT:-18099}
url=http://localhost:$port
if curl -s -m 2 -o /dev/null "$url"; then
    echo "port $port is in use: set HEIMDEX_BENCH_PORT to another one" >&2
    exit 1
fi
./mvnw -q -B -DskipTests package
work=$(mktemp -d)
service=
trap '[ -z "$service" ] || { kill "$service" && wait "$service" || true; }; rm -rf "$work"' EXIT
"$JAVA_HOME/bin/java" bench/Bulk.java make "$work/archive" "$files"
HEIMDEX_DATA_DIR="$work/data" HEIMDEX_ARCHIVES_BENCH="$work/archive" HEIMDEX_LOCAL_FIRST_RUN=false \
    "$JAVA_HOME/bin/java" -jar target/heimdex-archive.jar --server.port="$port" --management.server.port=0 \
    >"$work/log" 2>&1 &
service=$!
tries=0
until curl -sf -m 2 -o /dev/null "$url/v1/health"; do
    tries=$((tries + 1))
    if [ "$tries" -gt 120 ] || ! kill -0 "$service" 2>/dev/null; then
        cat "$work/log" >&2
        exit 1
    fi
    sleep 0.5
done
installed=$(find "$work/data/native" -name ffprobe -type f | head -n 1)
cp -r "$(dirname "$installed")" "$work/bundled"
find "$work/bundled" -type l -lname libva-drm.so.2 -delete
bundled=$work/bundled/ffprobe
LD_LIBRARY_PATH=$work/bundled "$bundled" -version >/dev/null 2>&1 || bundled=
distro=$(command -v ffprobe || true)
"$JAVA_HOME/bin/java" bench/Bulk.java measure "$url" "$work/archive" "$files" "$bundled" "$installed" "$distro"
