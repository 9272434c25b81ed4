#!/bin/sh
# Whether any request makes the service fail, or answer what docs/reference/openapi.json does not say.
# bench/fuzz.sh [REQUESTS [SEED]]
# Starts a service of its own with a PostgreSQL of its own, lets three orgs have assets, jobs and uploads, and sends
# requests made of the document: good ones, values at and beyond every bound, other orgs' ids, tokens of all scopes and
# bad ones, odd methods, paths, headers, encodings and bodies. Every answer's status, headers, content type and body is
# held against the document, and what was taken against the schema of requests. Tells each request that was answered
# wrongly, and fails if there is one, or if an operation was not once answered with success. The same seed makes the
# same requests, but for the ids.
#
# Last line: fuzz: requests=… errors_5xx=… contract_violations=…
set -eu
cd "$(dirname "$0")/.."
. ./.mvn/jdk.sh
./mvnw -q -B -DskipTests test-compile dependency:build-classpath \
    -Dmdep.outputFile=target/test-classpath -Dmdep.includeScope=test
data=$(mktemp -d)
trap 'rm -rf "$data"' EXIT
"$JAVA_HOME/bin/java" -Duser.timezone=UTC --enable-native-access=ALL-UNNAMED \
    -cp "target/test-classes:target/classes:$(cat target/test-classpath)" io.heimdex.archive.bench.Fuzzing \
    "$data" "${1:-50000}" "${2:-1}"
