#!/bin/sh
# Writes the hostile corpus into a folder, to try other tools with it, and prints the cases with their files.
# src/samples/make-hostile.sh FOLDER   which is not there yet, or empty
set -eu
folder=$(realpath -m "${1:?the folder to make}")
cd "$(dirname "$0")/../.."
. ./.mvn/jdk.sh
./mvnw -q -B -DskipTests test-compile dependency:build-classpath \
    -Dmdep.outputFile=target/test-classpath -Dmdep.includeScope=test
exec "$JAVA_HOME/bin/java" -cp "target/test-classes:target/classes:$(cat target/test-classpath)" \
    io.heimdex.archive.hostile.Corpus "$folder" samples
