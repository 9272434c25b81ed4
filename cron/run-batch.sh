#!/bin/sh
# Runs a batch config through the API and waits for its end: run-batch.sh [--no-wait] CONFIG
# Prints one line: time, config, job, outcome, figures, seconds. Says why on the error stream.
#
#   HEIMDEX_URL         the service; http://localhost:8080 if absent
#   HEIMDEX_TOKEN       a bearer token with the scopes jobs:run and jobs:read,
#   HEIMDEX_TOKEN_FILE  or a file that holds one
#   HEIMDEX_DEADLINE_S  how long to wait for the run's end; 82800 (23 h) if absent
#   HEIMDEX_POLL_S      how often to look; 10 if absent
#   HEIMDEX_LOCK_DIR    where the locks are; a folder of this user's own if absent
#
# Exit codes:
#   0  every asset was probed, or the config skips a run while an earlier one goes on
#   1  the run failed or was stopped, the service refused it or is away, or the deadline passed
#   2  the script was called wrongly
#   3  the run is done, but some of its assets failed
#   4  the same run is going on already
set -eu

usage() {
    echo "usage: run-batch.sh [--no-wait] CONFIG (see the head of this script)" >&2
    exit 2
}

wait=yes
if [ "${1-}" = --no-wait ]; then
    wait=no
    shift
fi
[ $# -eq 1 ] || usage
config=$1
case $config in
    '' | -* | *[!a-z0-9-]*) usage ;;
esac

url=${HEIMDEX_URL:-http://localhost:8080}
token=${HEIMDEX_TOKEN-}
if [ -z "$token" ] && [ -n "${HEIMDEX_TOKEN_FILE-}" ]; then
    token=$(cat "$HEIMDEX_TOKEN_FILE") || exit 2
fi
if [ -z "$token" ]; then
    echo "run-batch.sh: neither HEIMDEX_TOKEN nor HEIMDEX_TOKEN_FILE holds a token" >&2
    exit 2
fi

began=$(date +%s)
job=-
work=
report() {
    outcome=$1
    status=$2
    shift 2
    echo "$(date -u +%Y-%m-%dT%H:%M:%SZ) config=$config job=$job outcome=$outcome $* seconds=$(($(date +%s) - began))"
    exit "$status"
}

locks=${HEIMDEX_LOCK_DIR:-${XDG_RUNTIME_DIR:-${TMPDIR:-/tmp}}/heimdex-$(id -u)}
[ -d "$locks" ] || mkdir -m 700 "$locks" 2>/dev/null || [ -d "$locks" ]
if [ ! -O "$locks" ]; then
    echo "run-batch.sh: $locks is another user's" >&2
    exit 2
fi
exec 9>"$locks/$config.lock"
flock -n 9 || report locked 4

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

# The token goes in by a pipe: a command line can be read by everybody.
# $1 method, $2 path, $3 body or nothing; leaves the answer in $work/answer and prints the status, 000 if there is none.
call() {
    {
        printf 'header = "Authorization: Bearer %s"\n' "$token"
        [ -z "${3-}" ] || printf 'header = "Idempotency-Key: cron-%s-%s-%s"\n' "$config" "$began" "$$"
    } | curl -K - -sS -X "$1" --connect-timeout 10 --max-time 60 --retry 2 --retry-delay 1 --retry-connrefused \
        -H 'Content-Type: application/json' ${3:+--data "$3"} -o "$work/answer" -w '%{http_code}' "$url$2" ||
        true
}

# The first field of that name in the answer.
field() {
    tr -d '\n' <"$work/answer" | grep -oE "\"$1\":(\"[^\"]*\"|[^,}]*)" | head -n 1 | cut -d : -f 2- | tr -d '"'
}

status=$(call POST /v1/jobs "{\"config\":\"$config\"}")
case $status in
    200 | 202) job=$(field job_id) ;;
    000) report service_away 1 ;;
    *)
        code=$(field code)
        field detail >&2
        [ "$code" = run_in_progress ] && report run_in_progress 4
        report "${code:-http_$status}" 1
        ;;
esac
[ "$status" = 200 ] && report skipped 0
[ "$wait" = no ] && report queued 0

deadline=$((began + ${HEIMDEX_DEADLINE_S:-82800}))
while :; do
    status=$(call GET "/v1/jobs/$job")
    state=
    [ "$status" = 200 ] && state=$(field status)
    case $state in
        succeeded | failed | stopped) break ;;
    esac
    case $status in
        401 | 403 | 404)
            field detail >&2
            report "$(field code)" 1
            ;;
    esac
    [ "$(date +%s)" -lt "$deadline" ] || report deadline 1
    sleep "${HEIMDEX_POLL_S:-10}"
done

failed=$(field failed)
figures="total=$(field total) failed=$failed"
case $state in
    succeeded)
        [ "$failed" = 0 ] || report some_failed 3 "$figures"
        report succeeded 0 "$figures"
        ;;
    *) report "$state" 1 "$figures" ;;
esac
