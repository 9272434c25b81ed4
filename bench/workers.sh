#!/bin/sh
# What more worker processes bring when a probe mostly waits, as for a slow bucket.
# bench/workers.sh
# A stand-in takes 200 ms for each asset; 16 wait at once on each worker. 1, 2 and 4 worker JVMs over a PostgreSQL of
# their own share one run of 2,400 assets for each of them, so that each round takes about as long.
#
# Last line: workers: x1_per_s=… x2=… x4=…
#   x1_per_s  assets a second with one worker, from the run's start to its end
#   x2, x4    times as many with two and with four
set -eu
cd "$(dirname "$0")/.."
. ./.mvn/jdk.sh
./mvnw -q -B -DskipTests test-compile dependency:build-classpath \
    -Dmdep.outputFile=target/test-classpath -Dmdep.includeScope=test
exec "$JAVA_HOME/bin/java" -Duser.timezone=UTC --enable-native-access=ALL-UNNAMED \
    -cp "target/test-classes:target/classes:$(cat target/test-classpath)" io.heimdex.archive.chaos.Workers
