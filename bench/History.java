import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One client that asks for lists, over a long history. See history.sh. */
public class History {

    private static final int WARM_UP = 50;
    private static final int COUNTED = 200;
    private static final int PAGE = 50;
    private static final int WALKED_PAGE = 500;
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private static final Pattern PLAN = Pattern.compile("\\bplan:(.*?)(?=\\bLOG:|\\z)", Pattern.DOTALL);
    private static final Pattern SCAN = Pattern.compile(
            "(\\S*(?: Only| Index| Heap)? Scan (?:Backward )?(?:using|on) .*?)  \\(cost.*?(actual rows=\\S+ loops=\\d+|never executed)");
    private static final Pattern WHOLE_TABLE = Pattern.compile("Seq Scan on (?:job|job_item|batch_\\w+)\\b.*");

    /**
     * One execution a job, but for one job in 500 that a restart of its worker interrupted. Org demo has six jobs in
     * ten, broken three, quiet one.
     */
    private static final List<String> SEED = List.of(
            // Foreign keys are not checked: the rows fit.
            "set session_replication_role = replica",
            "set synchronous_commit = off",
            """
            create unlogged table seed as
            select n, org_id, job_id, n + 1000000000 as id, at, kind,
                   case when bulk then null else asset_id end as asset_id, asset_id as item,
                   case when bulk then 'reprobe' else 'sidecar' end as type,
                   case kind when 'item_failed' then 'FAILED' when 'failed' then 'FAILED' when 'stopped' then 'STOPPED'
                       when 'running' then 'STARTED' else 'COMPLETED' end as status,
                   case kind when 'item_failed' then 'ITEM_FAILED' when 'running' then 'UNKNOWN'
                       when 'failed' then 'FAILED' when 'stopped' then 'STOPPED' else 'COMPLETED' end as exit_code
            from (
                select n, org_id, hash % 200 = 7 as bulk,
                       md5('job ' || n)::uuid as job_id,
                       now() - (:jobs - n) * (interval '85 days' / :jobs) as at,
                       'sha256:' || md5('a' || n % 40000) || md5('b' || n % 40000) as asset_id,
                       case when org_id = 'quiet' then 'succeeded'
                           when org_id = 'broken' then case when n > :jobs * 0.7 then 'item_failed' else 'succeeded' end
                           when n > :jobs - 10 then 'running' when n > :jobs - 60 then 'queued'
                           when hash % 10000 < 80 then 'item_failed' when hash % 10000 < 90 then 'failed'
                           when hash % 10000 < 95 then 'stopped' else 'succeeded' end as kind
                from (select n, hashint4(n)::bigint + 2147483648 as hash,
                             case when n % 10 < 6 then 'demo' when n % 10 < 9 then 'broken' else 'quiet' end as org_id
                      from generate_series(1, :jobs) n) h) x
            order by n
            """,
            """
            insert into batch_job_instance
            select id, 0, type, md5(job_id::text) from seed where kind <> 'queued'
            """,
            """
            insert into batch_job_execution
            select id, 2, id, utc, utc, case when kind <> 'running' then utc + interval '1 second' end, status, exit_code,
                   '', utc + interval '1 second'
            from (select *, at at time zone 'UTC' as utc from seed where kind <> 'queued') s
            """,
            """
            insert into batch_job_execution
            select id - 1000000000, 2, id, utc, utc, utc, 'STOPPED', 'STOPPED', '', utc
            from (select *, at at time zone 'UTC' as utc from seed where kind <> 'queued' and n % 500 = 3) s
            """,
            """
            insert into batch_job_execution_params
            select id, 'job_id', 'java.lang.String', job_id::text, 'Y' from seed where kind <> 'queued'
            union all
            select id, 'org_id', 'java.lang.String', org_id, 'N' from seed where kind <> 'queued'
            """,
            """
            insert into batch_step_execution
            select id, 3, 'probe', id, utc, utc, case when kind <> 'running' then utc + interval '1 second' end, status,
                   1, 1, 0, 1, 0, 0, 0, 0, exit_code, '', utc
            from (select *, at at time zone 'UTC' as utc from seed where kind <> 'queued') s
            """,
            """
            insert into job (org_id, job_id, type, asset_id, spec, requested_by, requested_at, job_execution_id, total,
                             done, failed, stop_requested_at)
            select org_id, job_id, type, asset_id, '{}', 'bench', at, case when kind <> 'queued' then id end, 1,
                   (kind in ('succeeded', 'item_failed'))::int, (kind = 'item_failed')::int,
                   case when kind = 'stopped' then at end
            from seed
            """,
            """
            insert into job_item (org_id, job_id, seq, asset_id, outcome, code, message, attempts, ended_at)
            select org_id, job_id, 1, item,
                   case kind when 'succeeded' then 'succeeded' when 'item_failed' then 'failed' end,
                   case kind when 'item_failed' then 'invalid_media' end,
                   case kind when 'item_failed' then 'The file is no media file.' end, 1, at
            from seed
            """,
            // Held by a worker that is never found dead, or not due yet.
            """
            insert into scheduled_tasks (task_name, task_instance, execution_time, picked, picked_by, last_heartbeat, version)
            select 'launch-job', job_id, now() + interval '1 day', kind = 'running',
                   case when kind = 'running' then 'bench' end,
                   case when kind = 'running' then now() + interval '1 day' end, 1
            from seed where kind in ('running', 'queued')
            """,
            "drop table seed",
            "vacuum analyze",
            "checkpoint");

    /** PostgreSQL writes a log that it can be read from, with plans, from its next start on. */
    private static final List<String> LOG_PLANS = List.of(
            "alter system set logging_collector = on",
            "alter system set log_filename = 'plans.log'",
            "alter system set shared_preload_libraries = 'auto_explain'",
            "load 'auto_explain'",
            "alter system set auto_explain.log_analyze = on",
            "alter system set auto_explain.log_timing = off");

    private static final List<String> wholeTables = new ArrayList<>();
    private static String base;
    private static Path data;
    private static String token = "";
    private static Statement sql;

    public static void main(String[] args) throws Exception {
        data = Path.of(args[1]);
        String port = Files.readAllLines(data.resolve("postgres/postmaster.pid")).get(3);
        try (Connection connection =
                        DriverManager.getConnection("jdbc:postgresql://localhost:" + port + "/postgres", "postgres", "");
                Statement statement = connection.createStatement()) {
            sql = statement;
            if (args[0].equals("seed")) {
                seed(Integer.parseInt(args[2]));
            } else {
                base = args[2];
                String result = measure();
                wholeTables.forEach(line -> System.out.println("\na whole table was read: " + line));
                System.out.println("\n" + result);
            }
        }
        System.exit(wholeTables.isEmpty() ? 0 : 1);
    }

    private static void seed(int executions) throws Exception {
        long start = System.nanoTime();
        // 30 of them never started, and one in 500 was executed twice.
        int jobs = (int) Math.ceil((executions + 30) / 1.002);
        for (String step : SEED) {
            sql.execute(step.replace(":jobs", Integer.toString(jobs)));
        }
        for (String step : LOG_PLANS) {
            sql.execute(step);
        }
        System.out.printf(Locale.ROOT, "seeded in %d s%n", (System.nanoTime() - start) / 1_000_000_000);
        print("select count(*), 'executions' from batch_job_execution");
        print("select count(*), org_id || ' ' || state from job_state group by org_id, state order by org_id, count(*) desc");
    }

    private static String measure() throws Exception {
        login("demo");
        double first = p95("demo: first page", "/v1/jobs");
        String middle = cursor("", "demo", 0.5);
        String last = cursor("", "demo", 1);
        double deep = Math.max(
                p95("demo: page in the middle", "/v1/jobs?cursor=" + middle),
                p95("demo: last page", "/v1/jobs?cursor=" + last));
        double detail = p95("demo: detail", "/v1/jobs/" + one("job_id::text", "demo"));
        double filter = 0;
        for (String org : List.of("demo", "broken", "quiet")) {
            login(org);
            String asset = "asset_id=" + one("asset_id", org);
            List<String> queries = new ArrayList<>(List.of(
                    "status=queued",
                    "status=running",
                    "status=succeeded",
                    "status=failed",
                    "status=stopped",
                    "type=sidecar",
                    "type=reprobe",
                    "type=unheard-of",
                    asset,
                    "since=" + one("to_char(requested_at at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')", org),
                    "since=2999-01-01T00:00:00Z",
                    "type=reprobe&status=succeeded",
                    "type=reprobe&status=failed",
                    "type=unheard-of&status=failed",
                    asset + "&status=failed"));
            if (!org.equals("quiet")) {
                queries.add("status=failed&cursor=" + cursor("status=failed", org, 0.5));
                queries.add("status=failed&cursor=" + cursor("status=failed", org, 1));
            }
            queries.add("status=succeeded&cursor=" + cursor("status=succeeded", org, 1));
            for (String query : queries) {
                filter = Math.max(filter, p95(org + ": " + query, "/v1/jobs?" + query));
            }
        }
        return String.format(
                Locale.ROOT,
                "history: list_first_ms=%.1f list_deep_ms=%.1f filter_ms=%.1f detail_ms=%.1f",
                first,
                deep,
                filter,
                detail);
    }

    private static double p95(String name, String path) throws Exception {
        double[] millis = new double[COUNTED];
        for (int i = -WARM_UP; i < COUNTED; i++) {
            long start = System.nanoTime();
            get(path);
            if (i >= 0) {
                millis[i] = (System.nanoTime() - start) / 1e6;
            }
        }
        Arrays.sort(millis);
        double p95 = millis[COUNTED * 95 / 100];
        System.out.printf(
                Locale.ROOT, "%n%s: p50 %.1f ms, p95 %.1f ms%n", name.replaceAll("cursor=.{40,}", "a later page"),
                millis[COUNTED / 2], p95);
        scans(name, path);
        return p95;
    }

    /** Has the call's plans logged, and prints where each of them got its rows from. */
    private static void scans(String name, String path) throws Exception {
        Path log = data.resolve("postgres/log/plans.log");
        long before = Files.size(log);
        logPlans(0);
        get(path);
        logPlans(-1);
        String added = new String(Files.readAllBytes(log), StandardCharsets.UTF_8).substring((int) before);
        List<String> scans = PLAN.matcher(added)
                .results()
                .map(plan -> plan.group(1))
                .filter(plan -> plan.contains("job_state") || plan.contains("batch_job_execution"))
                .flatMap(plan -> SCAN.matcher(plan).results().map(scan -> scan.group(1) + "  " + scan.group(2)))
                .filter(scan -> !scan.startsWith("Subquery"))
                .toList();
        if (scans.isEmpty()) {
            throw new IllegalStateException("PostgreSQL logged no plan for " + path);
        }
        for (String scan : scans) {
            System.out.println("    " + scan);
            if (WHOLE_TABLE.matcher(scan).lookingAt()) {
                wholeTables.add(name + ": " + scan);
            }
        }
    }

    private static void logPlans(int minDuration) throws Exception {
        sql.execute("alter system set auto_explain.log_min_duration = " + minDuration);
        sql.execute("select pg_reload_conf()");
        // Sessions see it before their next statement, and what they log is written by another process.
        Thread.sleep(500);
    }

    /** A cursor that far down the list; 1 leads to the last full page. */
    private static String cursor(String query, String org, double part) throws Exception {
        String where = query.isEmpty() ? "" : " and state = '" + query.substring("status=".length()) + "'";
        int jobs = Integer.parseInt(text("select count(*) from job_state where org_id = '" + org + "'" + where));
        String list = "/v1/jobs?" + query + (query.isEmpty() ? "" : "&");
        int left = (int) ((jobs - PAGE) * part);
        String cursor = "";
        while (left > 0) {
            int limit = Math.min(WALKED_PAGE, left);
            cursor = field("next_cursor", get(list + "limit=" + limit + (cursor.isEmpty() ? "" : "&cursor=" + cursor)));
            left -= limit;
        }
        return cursor;
    }

    /** Something of one of the org's jobs. */
    private static String one(String expression, String org) throws Exception {
        return text("select " + expression + " from job where org_id = '" + org
                + "' and asset_id is not null order by requested_at desc, job_id desc offset 1000 limit 1");
    }

    private static String text(String query) throws Exception {
        try (ResultSet row = sql.executeQuery(query)) {
            row.next();
            return row.getString(1);
        }
    }

    private static void print(String query) throws Exception {
        try (ResultSet rows = sql.executeQuery(query)) {
            while (rows.next()) {
                System.out.printf(Locale.ROOT, "%10d %s%n", rows.getLong(1), rows.getString(2));
            }
        }
    }

    private static void login(String org) throws Exception {
        token = "";
        token = field("token", send(request("/v1/admin/dev-token")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"org_id\":\"" + org + "\"}"))
                .build()));
    }

    private static String get(String path) throws Exception {
        return send(request(path).GET().build());
    }

    private static HttpRequest.Builder request(String path) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path)).timeout(LIMIT);
        return token.isEmpty() ? request : request.header("Authorization", "Bearer " + token);
    }

    private static String send(HttpRequest request) throws Exception {
        var response = HTTP.send(request, BodyHandlers.ofString());
        if (response.statusCode() >= 300) {
            throw new IllegalStateException(request.uri() + " answered " + response.statusCode() + ": " + response.body());
        }
        return response.body();
    }

    private static String field(String name, String json) {
        Matcher matcher = Pattern.compile("\"" + name + "\":\"([^\"]*)\"").matcher(json);
        if (!matcher.find()) {
            throw new IllegalStateException("no " + name + " in " + json);
        }
        return matcher.group(1);
    }
}
