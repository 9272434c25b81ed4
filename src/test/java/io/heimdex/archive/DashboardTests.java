package io.heimdex.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The dashboard and the alert rules ask for metrics and labels that a running node has. */
@ServiceTest
class DashboardTests {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Path RULES = Path.of("ops/alerts.yaml");
    private static final Path DASHBOARD = Path.of("ops/grafana/heimdex.json");

    /** In the names of the metrics of these libraries and ours there is always an underscore. */
    private static final Pattern METRIC =
            Pattern.compile("\\b(?<name>[a-z]+(?:_[a-z]+)+)\\b(?<labels>\\{[^}]*\\})?(?![\\w(])");

    private static final Pattern MATCHER = Pattern.compile("(\\w+)\\s*(?:=~|!~|!=|=)\\s*\"");
    private static final Pattern GROUPING = Pattern.compile("\\bby \\(([^)]*)\\)");
    private static final Pattern STRING = Pattern.compile("\"[^\"]*\"");

    /** Prometheus itself adds these to every series. */
    private static final Set<String> OF_PROMETHEUS = Set.of("instance", "job", "le");

    @Autowired TestApi api;

    @Value("${local.management.port}")
    int port;

    @Test
    void whateverTheyAskForIsThere() throws IOException {
        TestApi.Client client = api.as(TestApi.newOrg());
        client.sidecarJob(
                client.asset("a.mp4", Files.readAllBytes(TestApi.sample("h264-aac.mp4"))));
        Scrape scrape =
                Scrape.of(
                        api.withToken(null)
                                .get("http://localhost:" + port + "/actuator/prometheus")
                                .response()
                                .body());

        List<String> questions = Stream.concat(rules(), panels()).toList();

        assertThat(questions).hasSizeGreaterThan(40);
        assertThat(questions)
                .allSatisfy(question -> {
                    String withoutGroups = GROUPING.matcher(question).replaceAll("");
                    List<String> metrics = new ArrayList<>();
                    METRIC.matcher(withoutGroups)
                            .results()
                            .filter(found -> !isLabel(withoutGroups, found.start()))
                            .forEach(found -> {
                                metrics.add(found.group(1));
                                assertThat(scrape.has(found.group(1))).as(found.group(1)).isTrue();
                                assertThat(labels(scrape, found.group(1)))
                                        .containsAll(matched(found.group(2)));
                            });
                    assertThat(metrics.isEmpty()).isEqualTo(question.startsWith("up{"));
                    for (String label : grouped(question)) {
                        assertThat(metrics)
                                .allSatisfy(metric ->
                                        assertThat(labels(scrape, metric)).contains(label));
                    }
                });
    }

    @Test
    void everyAlertSaysHowBadItIsAndWhat() throws IOException {
        assertThat(alerts())
                .isNotEmpty()
                .allSatisfy(alert -> {
                    assertThat(alert.at("/labels/severity").asString()).isIn("warning", "critical");
                    assertThat(alert.at("/annotations/summary").asString()).isNotEmpty();
                    assertThat(Path.of("docs/how-to/monitoring.md"))
                            .content()
                            .contains("`" + alert.path("alert").asString() + "`");
                });
    }

    @Test
    void prometheusTakesTheRulesAndTheyFireWhenTheyShould() throws Exception {
        assumeThat(Path.of("/usr/bin/promtool")).as("promtool").exists();

        for (List<String> check :
                List.of(
                        List.of("check", "rules", RULES.toString()),
                        List.of("check", "config", "ops/prometheus.yaml"),
                        List.of("test", "rules", "ops/alerts.test.yaml"))) {
            List<String> command = new ArrayList<>(List.of("/usr/bin/promtool"));
            command.addAll(check);
            Process promtool = new ProcessBuilder(command).redirectErrorStream(true).start();
            String said =
                    new String(promtool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(promtool.waitFor()).as(said).isZero();
        }
    }

    private static boolean isLabel(String question, int at) {
        return question.lastIndexOf('{', at) > question.lastIndexOf('}', at);
    }

    private static Set<String> labels(Scrape scrape, String metric) {
        return scrape.samples().stream()
                .filter(sample -> sample.name().equals(metric))
                .flatMap(sample ->
                        Stream.concat(
                                Pattern.compile("(\\w+)=\"")
                                        .matcher(sample.labels())
                                        .results()
                                        .map(label -> label.group(1)),
                                OF_PROMETHEUS.stream()))
                .collect(Collectors.toSet());
    }

    private static List<String> matched(@Nullable String labels) {
        return labels == null
                ? List.of()
                : MATCHER.matcher(labels).results().map(found -> found.group(1)).toList();
    }

    private static List<String> grouped(String question) {
        return GROUPING.matcher(STRING.matcher(question).replaceAll(""))
                .results()
                .flatMap(found -> Stream.of(found.group(1).split(",\\s*", -1)))
                .toList();
    }

    private static Stream<String> rules() throws IOException {
        return alerts().stream().map(alert -> alert.path("expr").asString());
    }

    private static List<JsonNode> alerts() throws IOException {
        JsonNode rules = JSON.valueToTree(new Yaml().<Object>load(Files.readString(RULES)));
        return rules.path("groups")
                .valueStream()
                .flatMap(group -> group.path("rules").valueStream())
                .toList();
    }

    private static Stream<String> panels() {
        return JSON.readTree(DASHBOARD)
                .path("panels")
                .valueStream()
                .flatMap(panel -> panel.path("targets").valueStream())
                .map(target -> target.path("expr").asString());
    }
}
