#!/bin/sh
# What the clients of a node notice of 2,000 slow connections and 200 dripping uploads.
# bench/slow.sh [ROUNDS]
# Starts a service of its own with a PostgreSQL of its own. All settings that are about clients are the defaults; other
# are only the data folder, free ports, a quiet log and no first run over the samples. The heap is the 1 GiB that
# k8s/api.yaml gives. Eight clients send 80 requests a second in all: lists, the same on a connection of its own, one
# asset, its sidecar, probes and commits. Each is timed from when it was due, so that whatever holds one up counts for
# those behind it too. For 20 s they are alone, for 20 s they share the node with connections of six orgs that are
#   silent    the beginning of a request line, and no more
#   letters   a head that comes byte by byte, one a second, and does not end
#   lines     a head that comes line by line, one in 3 s, and does not end
#   body      a head with a token, and a body of JSON byte by byte
#   sips      files and lists of the service asked for, and read with 64 bytes a second
#   idle      one request, and then nothing
#   below     uploads of 1 KiB a second, which is less than heimdex.body.min-rate
#   above     uploads of 5 KiB a second, which nobody has to put an end to
# in turn, ROUNDS (3) times. They arrive within 20 s, after which the clients are timed; whom the service cuts off comes
# again at once. All of the slow are on one thread, in the same JVM as the clients and the service. Tomcat's deadline
# is one for every next byte, so letters and lines are cut off by nothing but the size of a head: closed= has none of
# them, and none of above.
#
# Fails if the clients' p95 more than doubles, if any of their requests fails, if fewer than nine tenths of the slow
# were there at any moment, if of a kind that the service has a deadline for none was cut off, or if a dripped upload
# can be committed or, after it has expired, has left a file.
#
# Last line: slow: connections=… uploads=… p95_quiet_ms=… p95_slow_ms=… ratio=… errors=… closed=… held_min=…
#                  db_max=… slow_cpu_pct=… left=…
#   p95_…         the medians of the rounds'
#   errors        requests of the clients that were not answered with success
#   closed        slow connections that the service put an end to
#   held_min      the fewest connections that the server had at once while the clients were timed among the slow
#   db_max        the most connections to the database that were in use at once meanwhile, of 20
#   slow_cpu_pct  how much of one core the thread of the slow took
#   left          files that were left of dripped uploads
set -eu
cd "$(dirname "$0")/.."
. ./.mvn/jdk.sh
# Both ends of every connection are files of one process.
wanted=8192
if [ "$(ulimit -n)" != unlimited ] && [ "$(ulimit -n)" -lt $wanted ] && ! ulimit -n $wanted; then
    echo "this needs $wanted open files (ulimit -n)" >&2
    exit 1
fi
./mvnw -q -B -DskipTests test-compile dependency:build-classpath \
    -Dmdep.outputFile=target/test-classpath -Dmdep.includeScope=test
data=$(mktemp -d)
trap 'rm -rf "$data"' EXIT
"$JAVA_HOME/bin/java" -Xmx1g -Duser.timezone=UTC --enable-native-access=ALL-UNNAMED \
    -cp "target/test-classes:target/classes:$(cat target/test-classpath)" io.heimdex.archive.bench.Slow \
    "$data" "${1:-3}"
