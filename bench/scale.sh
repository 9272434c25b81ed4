#!/bin/sh
# What the service itself costs for an asset, in archives of 10,000, 100,000 and 1,000,000.
# bench/scale.sh [SIZE,SIZE,SIZE]
# Synthetic assets; a stand-in for ffprobe that starts no process and says of each what ffprobe said of a sample. All
# else is real: PostgreSQL with fsync, the queues, the partitions, the copies of the sidecars. One JVM with -Xmx512m.
#
# Last line: scale: us_per_asset_1e4=… us_per_asset_1e5=… us_per_asset_1e6=… flat=… heap_mb=…
#   us_per_asset_…  from the run's start to its end; the median of three runs but for the largest
#   flat            the largest's cost to the smallest's
#   heap_mb         the most heap that was in use, garbage included
set -eu
cd "$(dirname "$0")/.."
. ./.mvn/jdk.sh
./mvnw -q -B -DskipTests test-compile dependency:build-classpath \
    -Dmdep.outputFile=target/test-classpath -Dmdep.includeScope=test
data=$(mktemp -d)
trap 'rm -rf "$data"' EXIT
"$JAVA_HOME/bin/java" -Xmx512m --enable-native-access=ALL-UNNAMED \
    -cp "target/test-classes:target/classes:$(cat target/test-classpath)" io.heimdex.archive.bench.Scale \
    "$data" "${1:-10000,100000,1000000}"
