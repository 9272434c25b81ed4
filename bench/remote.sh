#!/bin/sh
# What probing objects of a slow bucket reads of them.
# bench/remote.sh
# Objects of 10 MB to 10 GB in six formats (real at their beginnings and ends, zeros between) behind a stand-in for
# Google Cloud Storage on loopback that takes 30 ms for each request. The client and the prober are the real ones.
# Jaffree's ChannelInput, the other way that was weighed, probes the largest MP4 too.
#
# Last line: remote: read_bytes_p50=… read_bytes_max=… requests_p50=… ms_p50=… x16=… mp4_10g_beyond_moov_bytes=…
#                    mp4_10g_requests=… mp4_10g_ms=… channel_bytes=… channel_requests=… channel_ms=…
#   x16        probes a second with 16 at once, to those with one
#   mp4_10g_…  10 GB with the moov at the end, without the moov's own size; requests with the one for the object's facts
set -eu
cd "$(dirname "$0")/.."
. ./.mvn/jdk.sh
./mvnw -q -B -DskipTests test-compile dependency:build-classpath \
    -Dmdep.outputFile=target/test-classpath -Dmdep.includeScope=test
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$JAVA_HOME/bin/java" -Duser.timezone=UTC --enable-native-access=ALL-UNNAMED \
    -cp "target/test-classes:target/classes:$(cat target/test-classpath)" io.heimdex.archive.bench.Remote "$work"
