#!/bin/sh
# What the cage around ffprobe costs: a probe of one small file with nothing around it, in the cage, and in the cage with
# bubblewrap, by turns.
# bench/cage.sh
#
# Last line: cage: bare_ms=… cage_ms=… bwrap_ms=…
#   bare_ms    median of a process that Java starts, with its output read
#   cage_ms    what the limits add to it; bwrap_ms what limits and bubblewrap add (absent where it does not work)
set -eu
cd "$(dirname "$0")/.."
. ./.mvn/jdk.sh
./mvnw -q -B -DskipTests test-compile dependency:build-classpath \
    -Dmdep.outputFile=target/test-classpath -Dmdep.includeScope=test
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$JAVA_HOME/bin/java" -Duser.timezone=UTC --enable-native-access=ALL-UNNAMED \
    -cp "target/test-classes:target/classes:$(cat target/test-classpath)" io.heimdex.archive.bench.CageCost "$work"
