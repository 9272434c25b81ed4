FROM maven:3.9-eclipse-temurin-25 AS build
WORKDIR /build
COPY mvnw pom.xml ./
COPY .mvn .mvn
COPY src src
RUN ./mvnw -B -q package -Dmaven.test.skip=true \
    && java -Djarmode=tools -jar target/heimdex-archive.jar extract --layers --destination layers

# The bundled ffprobe needs glibc, three programs of util-linux for its limits, and bubblewrap for its sandbox, which
# works where the container may make user namespaces.
FROM eclipse-temurin:25-jre-noble
RUN apt-get update && apt-get install -y --no-install-recommends bubblewrap && rm -rf /var/lib/apt/lists/* \
    && setpriv --version && prlimit --version && setsid --version \
    && install -d -o 10001 -g 10001 /data
WORKDIR /app
COPY --from=build /build/layers/dependencies/ ./
COPY --from=build /build/layers/application/ ./
COPY batch-configs batch-configs
ENV LANG=C.UTF-8 \
    HEIMDEX_ENVIRONMENT=production \
    HEIMDEX_DATA_DIR=/data
USER 10001:10001
VOLUME /data
EXPOSE 8080 8081
HEALTHCHECK --interval=15s --timeout=5s --start-period=120s \
    CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/8081 && printf 'GET /actuator/health/readiness HTTP/1.0\\r\\n\\r\\n' >&3 && head -1 <&3 | grep -q ' 200'"]
# ffprobe processes need memory beside the heap.
ENTRYPOINT ["java", "-XX:MaxRAMPercentage=50", "-XX:+ExitOnOutOfMemoryError", "-jar", "heimdex-archive.jar"]
