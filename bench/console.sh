#!/bin/sh
# What the calls of the operators' console take in an archive of 1,000,000 assets and a job of as many items.
# bench/console.sh [ASSETS]
# Everything is made by SQL in a database that is thrown away: the archive, another org's of a third of its size, a run
# of which every asset failed, eleven days long, and 200,000 rows of audit. The service answers over HTTP, in the same
# JVM as what asks.
#
# Prints of every call the median, the 95th percentile and the longest of 40, after 10 that are not counted. Last line:
#   console: summary_ms=… list_ms=… search_ms=… failures_ms=… throughput_ms=… dry_run_ms=… workers_ms=… audit_ms=…
#     95th percentiles; of lists and of the audit the slowest of all filters tried
#     search_ms  of a name that there is not, by which 100,000 names are looked at
set -eu
cd "$(dirname "$0")/.."
. ./.mvn/jdk.sh
./mvnw -q -B -DskipTests test-compile dependency:build-classpath \
    -Dmdep.outputFile=target/test-classpath -Dmdep.includeScope=test
data=$(mktemp -d)
trap 'rm -rf "$data"' EXIT
"$JAVA_HOME/bin/java" -Xmx512m --enable-native-access=ALL-UNNAMED \
    -cp "target/test-classes:target/classes:$(cat target/test-classpath)" io.heimdex.archive.bench.Console \
    "$data" "${1:-1000000}"
