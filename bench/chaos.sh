#!/bin/sh
# Whether anything is lost or done twice when workers and their database fail in every way, all mixed.
# bench/chaos.sh [--kills N] [--terms N] [--stops N] [--db-restarts N] [--backend-kills N] [--assets N] [--poison N]
#                [--seed S] [--workers N] [--chunk N] [--probe-ms N] [--heartbeat-s N] [--missed-heartbeats N] [--no-fence]
# Runs worker processes of its own over a PostgreSQL of its own. A stand-in takes --probe-ms for most of the files; the
# real ffprobe gets each fiftieth. A fault counts only if it hit work that was going on. Counts from outside, in SQL.
# Fails if anything is lost, done twice or stuck, or if too few faults really happened. --no-fence takes away, from
# outside, what keeps a worker from committing after another took its work over: then it has to find duplicates.
#
# Last line: chaos: assets=… kills=… terms=… stops=… db_restarts=… backend_kills=… lost=… duplicates=… reprobed_pct=…
#                   stuck=… stale_rejected=… takeover_p99_s=… …
#   lost            assets without the outcome, state and sidecar that they should have
#   duplicates      assets that were committed more than once
#   reprobed_pct    probes beyond the first of each asset
#   stuck           jobs, executions, tasks and assets that never came to an end
#   stale_rejected  steps that a worker could not go on with because they were not its own any more
#   takeover_p99_s  how long it took until another worker had what a killed or paused one held
set -eu
cd "$(dirname "$0")/.."
. ./.mvn/jdk.sh
./mvnw -q -B -DskipTests test-compile dependency:build-classpath \
    -Dmdep.outputFile=target/test-classpath -Dmdep.includeScope=test
exec "$JAVA_HOME/bin/java" -Duser.timezone=UTC --enable-native-access=ALL-UNNAMED \
    -cp "target/test-classes:target/classes:$(cat target/test-classpath)" io.heimdex.archive.chaos.Chaos "$@"
