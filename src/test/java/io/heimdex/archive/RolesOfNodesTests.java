package io.heimdex.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.kagkarlsson.scheduler.Scheduler;
import io.heimdex.archive.TestApi.Answer;
import io.heimdex.archive.TestApi.Client;
import io.heimdex.archive.problem.CannotStartException;
import io.heimdex.archive.tenancy.Scope;
import io.opentelemetry.api.OpenTelemetry;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtException;

/** Nodes that share the work, on a database of their own. */
@ServiceTest
class RolesOfNodesTests {

    @Autowired TestDatabase databases;

    private final String database = "roles_" + UUID.randomUUID().toString().replace("-", "");
    private final List<ConfigurableApplicationContext> nodes = new ArrayList<>();
    private final List<String> common =
            new ArrayList<>(
                    List.of(
                            "--management.server.port=0",
                            "--heimdex.data-dir=target/test-data",
                            "--heimdex.local.first-run=false",
                            "--spring.datasource.hikari.maximum-pool-size=5",
                            "--spring.main.register-shutdown-hook=false",
                            "--logging.level.root=WARN"));

    @AfterEach
    void stopTheNodes() {
        nodes.forEach(ConfigurableApplicationContext::close);
        databases.drop(database);
    }

    @Test
    void whatAnApiNodeQueuesAWorkerNodeRuns() throws IOException {
        common.addAll(databases.create(database));
        var apiNode = node("--heimdex.roles=api", "--server.port=0");
        TestApi api = new TestApi((ServletWebServerApplicationContext) apiNode);
        Client client = api.as(TestApi.newOrg());
        String asset = client.asset("tone.flac", Files.readAllBytes(TestApi.sample("tone.flac")));

        String job = client.post("/v1/assets/" + asset + "/sidecar", Map.of()).text("/job_id");

        assertThat(takesJobs(apiNode)).isFalse();
        assertThat(api.as(TestApi.newOrg(), Scope.ADMIN).get("/v1/admin/env-check").status())
                .isEqualTo(200);
        assertThat(client.get("/v1/jobs/" + job).text("/status")).isEqualTo("queued");

        // From here on nobody knows a role that may migrate: the database is migrated.
        common.removeIf(setting -> setting.contains("migration-url"));
        int port = freePort();
        var workerNode =
                node(
                        "--heimdex.roles=worker",
                        "--HEIMDEX_ENVIRONMENT=production",
                        "--server.port=" + port);

        assertThat(takesJobs(workerNode)).isTrue();
        Answer ended = client.finished(job);
        assertThat(ended.text("/status")).isEqualTo("succeeded");
        assertThat(client.get("/v1/assets/" + asset + "/sidecar").status()).isEqualTo(200);
        assertThatThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), port).close())
                .isInstanceOf(ConnectException.class);
        String management =
                "http://localhost:"
                        + workerNode.getEnvironment().getRequiredProperty("local.management.port");
        assertThat(client.get(management + "/actuator/health/readiness").status()).isEqualTo(200);
        assertThat(client.get(management + "/v1/health").status()).isEqualTo(404);
        Scrape meters =
                Scrape.of(client.get(management + "/actuator/prometheus").response().body());
        assertThat(meters.value("heimdex_items_total{code=\"none\",outcome=\"succeeded\"}"))
                .isEqualTo(1);
        assertThat(workerNode.getBean(OpenTelemetry.class)).isSameAs(OpenTelemetry.noop());
        assertThat(client.get(management + "/v1/jobs").status()).isEqualTo(401);
        String token = Tokens.signed(Tokens.admin("x"));
        assertThatThrownBy(() -> workerNode.getBean(JwtDecoder.class).decode(token))
                .isInstanceOf(JwtException.class);
    }

    @Test
    void aRoleThatThereIsNotIsRefusedBeforeAnythingStarts() {
        assertThatThrownBy(() -> node("--heimdex.roles=api,wrker"))
                .hasRootCauseInstanceOf(CannotStartException.class)
                .rootCause()
                .hasMessageContaining("api,wrker");
    }

    private static boolean takesJobs(ConfigurableApplicationContext node) {
        return node.getBeansOfType(Scheduler.class).values().stream()
                .anyMatch(scheduler -> scheduler.getSchedulerState().isStarted());
    }

    private ConfigurableApplicationContext node(String... settings) {
        List<String> all = new ArrayList<>(common);
        all.addAll(List.of(settings));
        ConfigurableApplicationContext node =
                new SpringApplicationBuilder(HeimdexApplication.class)
                        .run(all.toArray(String[]::new));
        nodes.add(node);
        return node;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
