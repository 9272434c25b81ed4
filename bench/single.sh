#!/bin/sh
# How long a client waits for one sidecar: from the POST it sends to the «succeeded» it sees.
# Uses the service at $HEIMDEX_URL (default http://localhost:8080), started with `./mvnw spring-boot:run` from this
# checkout; starts one of its own when none answers there.
#
# Last line: single: p50_ms=… p95_ms=… probe_p50_ms=… picture_p50_ms=… above_tools_ms=…
#   p50_ms, p95_ms  200 requests one after another, after 20 that are not counted
#   probe_p50_ms    the bundled ffprobe alone on the same file, started in turn with the requests
#   picture_p50_ms  the bundled ffmpeg alone, for the poster that comes with a sidecar
#   above_tools_ms  what the service adds to both
set -eu
cd "$(dirname "$0")/.."
. ./.mvn/jdk.sh
url=${HEIMDEX_URL:-http://localhost:8080}
data=${HEIMDEX_DATA_DIR:-data}

if ! curl -sf -m 2 "$url/v1/health" >/dev/null; then
    [ -f target/heimdex-archive.jar ] || ./mvnw -q -B -DskipTests package
    data=$(mktemp -d)
    HEIMDEX_DATA_DIR=$data "$JAVA_HOME/bin/java" -jar target/heimdex-archive.jar >"$data/log" 2>&1 &
    service=$!
    trap 'kill "$service" && wait "$service" || true; rm -rf "$data"' EXIT
    tries=0
    until curl -sf -m 2 "$url/v1/health" >/dev/null; do
        tries=$((tries + 1))
        if [ "$tries" -gt 120 ] || ! kill -0 "$service" 2>/dev/null; then
            cat "$data/log" >&2
            exit 1
        fi
        sleep 0.5
    done
fi
"$JAVA_HOME/bin/java" bench/Single.java "$url" samples/h264-aac.mp4 "$data"
