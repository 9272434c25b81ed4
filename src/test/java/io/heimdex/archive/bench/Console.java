package io.heimdex.archive.bench;

import io.heimdex.archive.HeimdexApplication;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TimeZone;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** Makes a large archive and a large job by SQL, and times what the console asks of them. */
final class Console {

    private static final int WARM_UP = 10;
    private static final int COUNTED = 40;
    private static final UUID JOB = UUID.fromString("00000000-0000-4000-8000-000000000001");

    /** Mostly one kind of file, some of others, and of the largest twenty in all. */
    private static final String DOCUMENT =
            """
            jsonb_build_object(
                'format', jsonb_build_object(
                    'container', (array['mov,mp4,m4a,3gp,3g2,mj2', 'mxf', 'matroska,webm', 'wav'])[1 + g % 7 / 2],
                    'duration_s', (g * 79) % 9000),
                'video', case when g % 7 < 6 then jsonb_build_object(
                    'codec', (array['h264', 'h264', 'h264', 'hevc', 'prores', 'mpeg2video'])[1 + g % 6],
                    'width_px', case when g % (:size / 20) = 0 then 7680 else (array[640, 1280, 1920, 3840])[1 + g % 4] end,
                    'height_px', 1080 - g % 500,
                    'hdr', jsonb_build_object('class', case when g % 10000 = 1 then 'hlg' else 'sdr' end)) end)
            """;

    private static final List<String> SEED =
            List.of(
                    """
                    insert into asset (org_id, asset_id, source_uri, filename, size_bytes, status, failure_code, failure_at)
                    select :org, 'sha256:' || encode(sha256((:org || g)::bytea), 'hex'),
                        'file:///archive/' || g / 1000 || '/Interview take ' || g || '.mov',
                        'Interview take ' || g || '.mov', 48781 + g, case when g % 50 = 0 then 'failed' else 'ready' end,
                        case when g % 50 = 0 then 'invalid_media' end, case when g % 50 = 0 then now() end
                    from generate_series(1, :size) g
                    """,
                    """
                    insert into sidecar (org_id, asset_id, schema_version, prober_version, document, etag)
                    select :org, 'sha256:' || encode(sha256((:org || g)::bytea), 'hex'), '1.0.0', '8', %s, g::text
                    from generate_series(1, :size) g
                    where g %% 100 <> 0
                    """
                            .formatted(DOCUMENT));

    private static final List<String> SEED_JOB =
            List.of(
                    """
                    with i as (insert into batch_job_instance values (nextval('batch_job_instance_seq'), 0, 'reprobe', 'bench')
                               returning job_instance_id),
                         e as (insert into batch_job_execution
                               select nextval('batch_job_execution_seq'), 0, job_instance_id, now(),
                                      now() - interval '12 days', now(), 'FAILED', 'ITEM_FAILED'
                               from i returning job_execution_id)
                    insert into job (org_id, job_id, type, spec, requested_by, total, done, failed, job_execution_id)
                    select :org, :job, 'reprobe', '{}', 'bench', :size, :size, :size, job_execution_id from e
                    """,
                    """
                    insert into job_item (org_id, job_id, seq, asset_id, outcome, code, message, attempts, ended_at)
                    select :org, :job, g, 'sha256:' || encode(sha256((:org || g)::bytea), 'hex'), 'failed',
                        case when g = 77 then 'empty_file'
                            else (array['invalid_media', 'source_not_found', 'probe_timeout'])[1 + g % 3] end,
                        'It failed.', 1, now() - make_interval(secs => (:size - g) * 950400.0 / :size)
                    from generate_series(1, :size) g
                    """,
                    """
                    insert into job_throughput (org_id, job_id, at, done, failed)
                    select org_id, job_id,
                        date_bin(case when age < interval '1 hour' then interval '10 seconds'
                                     when age < interval '1 day' then interval '1 minute'
                                     else interval '10 minutes' end, ended_at, timestamptz 'epoch'),
                        count(*), count(*)
                    from (select *, ended_at - min(ended_at) over () as age from job_item
                          where org_id = :org and job_id = :job and :size > 0) i
                    group by 1, 2, 3
                    """,
                    """
                    insert into audit (org_id, at, user_name, action, job_id, outcome)
                    select :org, now() - make_interval(secs => (200000 - g) * 60.0), 'user' || g % 50,
                        case when g % 50000 = 0 then 'abandon' else 'restart' end,
                        case when g % 40000 = 0 then :job else gen_random_uuid() end, 'done'
                    from generate_series(1, 200000) g where :size > 0
                    """);

    private final HttpClient http = HttpClient.newHttpClient();
    private final String base;
    private final String token;
    private final Map<String, Double> slowest = new LinkedHashMap<>();

    private Console(String base) {
        this.base = base;
        String answer =
                send(
                        "POST",
                        "/v1/admin/dev-token",
                        "{\"org_id\":\"big\",\"scopes\":[\"admin\"]}",
                        null);
        this.token = answer.replaceAll(".*\"token\":\"([^\"]+)\".*", "$1");
    }

    /** Takes the data folder, and how many assets there are. */
    public static void main(String[] args) {
        TimeZone.setDefault(TimeZone.getTimeZone("UTC"));
        int size = Integer.parseInt(args[1]);
        try (ConfigurableApplicationContext node = start(Path.of(args[0]))) {
            seed(node, size);
            int port =
                    Objects.requireNonNull(
                                    ((ServletWebServerApplicationContext) node).getWebServer())
                            .getPort();
            new Console("http://127.0.0.1:" + port).measure();
        }
        System.exit(0);
    }

    private void measure() {
        get("summary", "/v1/assets/summary");
        for (String filter :
                Stream.of(
                                "",
                                "status=failed",
                                "resolution=uhd_8k",
                                "resolution=full_hd",
                                "hdr_class=hlg",
                                "duration=under_1m",
                                "container=mxf&video_codec=prores&duration=over_1h",
                                "resolution=uhd_8k&status=failed",
                                "resolution=uhd_8k&hdr_class=hlg",
                                "q=take",
                                "q=take%2077777.",
                                "q=take&resolution=uhd_8k")
                        .toList()) {
            get("list", "/v1/assets?" + filter);
        }
        get("search", "/v1/assets?q=no%20such%20name");
        get("failures", "/v1/jobs/" + JOB + "/failures/summary");
        get("throughput", "/v1/jobs/" + JOB + "/throughput");
        post("dry_run", "/v1/jobs/" + JOB + "/restart", "{\"dry_run\":true}");
        for (String code : List.of("empty_file", "probe_timeout")) {
            post(
                    "dry_run",
                    "/v1/jobs/" + JOB + "/restart",
                    "{\"dry_run\":true,\"failure_codes\":[\"" + code + "\"]}");
        }
        get("workers", "/v1/workers");
        for (String filter :
                List.of(
                        "",
                        "action=abandon",
                        "job_id=" + JOB,
                        "user=user7",
                        "user=nobody",
                        "since=2999-01-01T00:00:00Z")) {
            get("audit", "/v1/audit?" + filter);
        }
        StringBuilder line = new StringBuilder("console:");
        slowest.forEach((name, millis) ->
                line.append(" ").append(name).append("_ms=").append(Math.round(millis)));
        System.out.println(line);
    }

    private void get(String name, String path) {
        time(name, "GET", path, null);
    }

    private void post(String name, String path, String body) {
        time(name, "POST", path, body);
    }

    private void time(String name, String method, String path, @Nullable String body) {
        double[] millis = new double[COUNTED];
        for (int i = -WARM_UP; i < COUNTED; i++) {
            long start = System.nanoTime();
            send(method, path, body, token);
            if (i >= 0) {
                millis[i] = (System.nanoTime() - start) / 1e6;
            }
        }
        Arrays.sort(millis);
        double p95 = millis[COUNTED * 95 / 100 - 1];
        System.out.printf(
                "%s %s%s: median %.1f ms, p95 %.1f, longest %.1f%n",
                method,
                path.replace(JOB.toString(), "JOB"),
                body == null ? "" : " " + body,
                millis[COUNTED / 2],
                p95,
                millis[COUNTED - 1]);
        slowest.merge(name, p95, Math::max);
    }

    private String send(
            String method, String path, @Nullable String body, @Nullable String bearer) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(base + path))
                        .method(
                                method,
                                body == null
                                        ? BodyPublishers.noBody()
                                        : BodyPublishers.ofString(body))
                        .header("Content-Type", "application/json");
        if (bearer != null) {
            request.header("Authorization", "Bearer " + bearer);
        }
        try {
            HttpResponse<String> answer = http.send(request.build(), BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                throw new IllegalStateException(path + ": " + answer.body());
            }
            return answer.body();
        } catch (IOException e) {
            throw new IllegalStateException(path, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(path, e);
        }
    }

    /**
     * As the owner of the tables, by connections that wait for as long as it takes. A folder that
     * was used before is as it was.
     */
    private static void seed(ConfigurableApplicationContext node, int size) {
        String owner =
                node.getBean(JdbcConnectionDetails.class)
                        .getJdbcUrl()
                        .replace("user=heimdex_app", "user=postgres");
        JdbcClient jdbc = JdbcClient.create(new DriverManagerDataSource(owner));
        if (jdbc.sql("select exists (select from asset)").query(Boolean.class).single()) {
            return;
        }
        for (String statement : SEED) {
            jdbc.sql(statement).param("org", "big").param("size", size).update();
            jdbc.sql(statement).param("org", "other").param("size", size / 3).update();
        }
        for (String statement : SEED_JOB) {
            jdbc.sql(statement).param("org", "big").param("job", JOB).param("size", size).update();
        }
        // As autovacuum does by and by.
        jdbc.sql("vacuum analyze").update();
    }

    private static ConfigurableApplicationContext start(Path data) {
        return new SpringApplicationBuilder(HeimdexApplication.class)
                .run(
                        "--heimdex.data-dir=" + data,
                        "--heimdex.local.first-run=false",
                        "--server.port=0",
                        "--management.server.port=0",
                        "--logging.level.root=WARN");
    }
}
