#!/bin/sh
# How many pictures a second the service makes, against calls of the same ffmpeg from a shell.
# bench/thumbnails.sh [FILES]   default 40
# Makes so many H.264 files of 66 seconds in four sizes (with the machine's own ffmpeg if that has x264, else with the
# bundled one), has the packaged service scan them and make their pictures, three of each, and runs xargs over the same
# files, in turns, with one call for each picture: of the frame at that time, and of the next key frame alone. Ours take
# a key frame if one is near enough. Ours are counted from the run's start to its end, pictures stored, rows committed and
# sidecars written anew.
#
# Last line: thumbnails: files=… ours_per_s=… ffmpeg_per_s=… key_frames_per_s=… ratio=… ratio_key_frames=…
#   pictures a second, medians of three rounds; ratios are ours to theirs
set -eu
cd "$(dirname "$0")/.."
. ./.mvn/jdk.sh
files=${1:-40}
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
mkdir "$work/archive"
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
ffmpeg=$(find "$work/data/native" -name ffmpeg -type f | head -n 1)
libraries=$(dirname "$ffmpeg")
own=$(command -v ffmpeg || true)
if [ -n "$own" ] && "$own" -hide_banner -encoders 2>/dev/null | grep -q libx264; then
    "$JAVA_HOME/bin/java" bench/Thumbnails.java make "$work/archive" "$files" "$own" "" "libx264 -preset veryfast"
else
    "$JAVA_HOME/bin/java" bench/Thumbnails.java make "$work/archive" "$files" "$ffmpeg" "$libraries" libopenh264
fi
"$JAVA_HOME/bin/java" bench/Thumbnails.java measure "$url" "$work/archive" "$files" "$ffmpeg" "$libraries"
