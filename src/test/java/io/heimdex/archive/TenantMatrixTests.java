package io.heimdex.archive;

import static org.assertj.core.api.Assertions.assertThat;

import io.heimdex.archive.TestApi.Answer;
import io.heimdex.archive.TestApi.Client;
import io.heimdex.archive.TestRoutes.Route;
import io.heimdex.archive.tenancy.Scope;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

/** Every route that there is: what is another org's is as if it were not. */
@ServiceTest
class TenantMatrixTests {

    private static final Map<String, String> MISSING =
            Map.of(
                    "assets", "sha256:" + "0123456789abcdef".repeat(4),
                    "jobs", "9b2f7a31-4c55-4f0e-8d21-6a7c0e1f2b3d",
                    "uploads", "9b2f7a31-4c55-4f0e-8d21-6a7c0e1f2b3d");

    private static final List<String> MALFORMED =
            List.of(
                    "x",
                    "0",
                    "..",
                    "sha256:",
                    "sha256:" + "g".repeat(64),
                    "%00",
                    "%2e%2e%2f%2e%2e%2fetc",
                    "'%20or%201=1--",
                    "%F0%9F%98%80",
                    "9b2f7a31-4c55-4f0e-8d21-6a7c0e1f2b3d'",
                    "a".repeat(300));

    @Autowired TestApi api;
    @Autowired TestDatabase databases;
    @Autowired ApplicationContext service;

    private final List<ConfigurableApplicationContext> nodes = new ArrayList<>();
    private final List<String> made = new ArrayList<>();

    @AfterEach
    void stopTheNodes() {
        nodes.forEach(ConfigurableApplicationContext::close);
        made.forEach(databases::drop);
    }

    /** What one org has. */
    private record Things(String org, Client client, Map<String, String> ids) {}

    @Test
    void whatIsForeignIsMissing() throws IOException {
        assertThat(leaks(api, service)).isEmpty();
    }

    /** It would be easy to answer that nothing is there. */
    @Test
    void whatIsOnesOwnIsNotMissing() throws IOException {
        Things own = things(api);
        for (Route route : TestRoutes.of(service)) {
            route.thing()
                    .ifPresent(thing ->
                            assertThat(
                                            call(
                                                            own.client(),
                                                            route,
                                                            route.of(id(own.ids(), thing)))
                                                    .status())
                                    .as("own: %s", route)
                                    .isNotEqualTo(404));
        }
    }

    @Test
    void itIsSoEvenIfEveryQueryForgetsTheOrg() throws IOException {
        ConfigurableApplicationContext forgetful = forgetful(Role.AS_IT_IS);

        assertThat(leaks(api(forgetful), forgetful)).isEmpty();
    }

    /** So the two before can fail. */
    @Test
    void itIsNotSoOnceThePoliciesDoNotHoldEither() throws IOException {
        ConfigurableApplicationContext forgetful = forgetful(Role.AS_OWNER);

        assertThat(leaks(api(forgetful), forgetful))
                .hasSizeGreaterThan(5)
                .anyMatch(leak -> leak.startsWith("GET /v1/assets/{id}"))
                .anyMatch(leak -> leak.startsWith("GET /v1/jobs/{id}"));
    }

    @Test
    void everyRouteSaysWhoMayCallIt() {
        assertThat(TestRoutes.of(service))
                .allMatch(route -> route.open() != route.scope().isPresent());
        assertThat(TestRoutes.of(service).stream().filter(Route::open).map(Route::toString))
                .containsExactlyInAnyOrder(
                        "GET /console/config.json",
                        "GET /docs",
                        "GET /docs/favicon-32x32.png",
                        "GET /docs/start.js",
                        "GET /docs/swagger-ui-bundle.js",
                        "GET /docs/swagger-ui.css",
                        "GET /openapi.json",
                        "GET /v1/health",
                        "GET /v1/schemas/sidecar-1.0.json",
                        "POST /v1/admin/dev-token",
                        "PUT /v1/uploads/{id}");
    }

    @Test
    void withoutItsScopeARouteIsShutWhateverIsAskedFor() throws IOException {
        Things own = things(api);
        for (Route route : TestRoutes.of(service)) {
            Scope needed = route.scope().orElse(null);
            if (needed == null) {
                continue;
            }
            Client without = api.as(own.org(), allBut(needed));
            for (String id : ids(own, route)) {
                Answer answer = call(without, route, route.of(id));
                assertThat(answer.status()).as("%s of %s", route, id).isEqualTo(403);
            }
        }
    }

    @Test
    void malformedIdsAreRefusedAndHurtNothing() {
        Client client = api.as(TestApi.newOrg(), Scope.ADMIN);
        for (Route route : TestRoutes.of(service)) {
            if (route.thing().isPresent()) {
                for (String id : MALFORMED) {
                    Answer answer = call(client, route, route.of(id));
                    assertThat(answer.status()).as("%s of %s", route, id).isBetween(400, 499);
                    ProblemAssert.assertGivesNothingAway(answer.response().body());
                }
            }
        }
    }

    private static List<String> ids(Things own, Route route) {
        return route.thing()
                .map(thing -> List.of(id(own.ids(), thing), id(MISSING, thing), "x"))
                .orElse(List.of(""));
    }

    /** Where an org learns anything of another one. */
    private static List<String> leaks(TestApi api, ApplicationContext node) throws IOException {
        Things theirs = things(api);
        Things mine = things(api);
        Map<String, String> before = state(theirs);
        List<String> leaks = new ArrayList<>();
        for (Route route : TestRoutes.of(node)) {
            String thing = route.thing().orElse(null);
            if (thing == null) {
                Answer answer = call(mine.client(), route, route.path());
                if (mentions(answer, theirs)) {
                    leaks.add(route + " lists what is another org's");
                }
                continue;
            }
            if (route.method().equals("GET")) {
                Answer own = call(mine.client(), route, route.of(id(mine.ids(), thing)));
                assertThat(own.status()).as("own: %s", route).isEqualTo(200);
            }
            Answer foreign = call(mine.client(), route, route.of(id(theirs.ids(), thing)));
            Answer missing = call(mine.client(), route, route.of(id(MISSING, thing)));
            if (!told(foreign, id(theirs.ids(), thing)).equals(told(missing, id(MISSING, thing)))) {
                leaks.add(route + " tells what is another org's from what is not there");
            }
        }
        if (!state(theirs).equals(before)) {
            leaks.add("something of another org's was changed");
        }
        return leaks;
    }

    private static boolean mentions(Answer answer, Things theirs) {
        String body = answer.response().body();
        return body.contains(theirs.org())
                || theirs.ids().values().stream().anyMatch(body::contains);
    }

    /**
     * All of an answer, but for what it repeats of the request, the time, and how many requests the
     * org has left.
     */
    private static String told(Answer answer, String id) {
        Map<String, List<String>> headers = new LinkedHashMap<>(answer.response().headers().map());
        headers.remove("date");
        // The server closes a connection after its hundredth answer, whatever that is about.
        headers.remove("connection");
        headers.remove("ratelimit");
        return answer.status() + "\n" + headers + "\n" + answer.response().body().replace(id, "ID");
    }

    private static Map<String, String> state(Things things) {
        Map<String, String> state = new LinkedHashMap<>();
        for (String path : List.of("/v1/assets", "/v1/jobs", "/v1/audit")) {
            state.put(path, things.client().get(path).response().body());
        }
        return state;
    }

    /** An org with an asset, its sidecar and pictures, a job and an upload. */
    private static Things things(TestApi api) throws IOException {
        String org = TestApi.newOrg();
        Client client = api.as(org, Scope.ADMIN);
        // Bytes of its own, so that its id is nobody else's.
        byte[] video = Files.readAllBytes(TestApi.sample("h264-aac.mp4"));
        byte[] own = Arrays.copyOf(video, video.length + 64);
        System.arraycopy(org.getBytes(StandardCharsets.UTF_8), 0, own, video.length, org.length());
        String asset = client.asset(org + ".mp4", own);
        Answer job = client.sidecarJob(asset);
        assertThat(job.text("/status")).isEqualTo("succeeded");
        Map<String, Object> second = Map.of("source_name", "second.bin", "content_length", 1);
        String upload = client.post("/v1/ingest/init", second).text("/upload_id");
        return new Things(
                org,
                client,
                Map.of("assets", asset, "jobs", job.text("/job_id"), "uploads", upload));
    }

    private static String id(Map<String, String> ids, String thing) {
        return Objects.requireNonNull(ids.get(thing), thing);
    }

    private static Answer call(Client client, Route route, String path) {
        return client.send(
                route.method(),
                path,
                BodyPublishers.ofString("{}"),
                "Content-Type",
                "application/json");
    }

    private static Scope[] allBut(Scope needed) {
        return Arrays.stream(Scope.values())
                .filter(scope -> scope != needed && scope != Scope.ADMIN)
                .toArray(Scope[]::new);
    }

    private enum Role {
        AS_IT_IS,
        AS_OWNER
    }

    private static TestApi api(ConfigurableApplicationContext node) {
        return new TestApi((ServletWebServerApplicationContext) node);
    }

    private ConfigurableApplicationContext forgetful(Role role) {
        String database = "forgetful_" + UUID.randomUUID().toString().replace("-", "");
        made.add(database);
        List<String> settings = new ArrayList<>();
        for (String setting : databases.create(database)) {
            settings.add(
                    role == Role.AS_OWNER ? setting.replace("heimdex_app", "postgres") : setting);
        }
        settings.addAll(
                List.of(
                        "--heimdex.data-dir=target/test-data",
                        "--heimdex.local.first-run=false",
                        "--server.port=0",
                        "--management.server.port=0",
                        "--spring.datasource.hikari.maximum-pool-size=5",
                        "--logging.level.root=ERROR"));
        ConfigurableApplicationContext node =
                new SpringApplicationBuilder(HeimdexApplication.class, ForgetfulQueries.class)
                        .run(settings.toArray(String[]::new));
        nodes.add(node);
        return node;
    }
}
