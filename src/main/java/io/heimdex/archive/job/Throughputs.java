package io.heimdex.archive.job;

import io.heimdex.archive.job.Throughput.Point;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** What jobs did by and by in their lives, in as many points as a plot can show. */
@Repository
public class Throughputs {

    private static final int MAX_POINTS = 120;

    /**
     * Each holds a whole number of the spans in which it is kept by the time that a life is too
     * long for the one before: of ten seconds for an hour, of a minute for a day.
     */
    private static final Duration[] WIDTHS = {
        Duration.ofSeconds(10),
        Duration.ofSeconds(20),
        Duration.ofSeconds(30),
        Duration.ofMinutes(1),
        Duration.ofMinutes(2),
        Duration.ofMinutes(5),
        Duration.ofMinutes(10),
        Duration.ofMinutes(20),
        Duration.ofMinutes(30),
        Duration.ofHours(1),
        Duration.ofHours(2),
        Duration.ofHours(4),
        Duration.ofHours(6),
        Duration.ofHours(12),
        Duration.ofDays(1),
        Duration.ofDays(7),
        Duration.ofDays(28)
    };

    /** A job about one asset keeps no throughput of its own, as its item says it all. */
    private static final String POINTS =
            """
            with outcome as (
                select at, done, failed from job_throughput where org_id = :org and job_id = :job
                union all
                select i.ended_at, 1, case when i.outcome = 'failed' then 1 else 0 end
                from job j
                join job_item i on i.org_id = j.org_id and i.job_id = j.job_id
                where j.org_id = :org and j.job_id = :job and j.asset_id is not null
                    and i.outcome is not null
            ), life as (
                select min(at) as begun, max(at) as ended from outcome
            ), chosen as (
                select coalesce(min(width), :widest) as width
                from unnest(:widths) as w (width), life
                where date_bin(make_interval(secs => width), ended, timestamptz 'epoch')
                    < date_bin(make_interval(secs => width), begun, timestamptz 'epoch')
                        + make_interval(secs => width * :most)
            )
            select width, date_bin(make_interval(secs => width), at, timestamptz 'epoch') as begun,
                   sum(done) as done, sum(failed) as failed
            from outcome, chosen
            group by 1, 2
            order by 2
            """;

    private final JdbcClient jdbc;

    Throughputs(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    private record Row(long width, Point point) {}

    /** Of the job so far, over all its attempts. */
    public Throughput of(JobScope scope) {
        Long[] widths = Stream.of(WIDTHS).map(Duration::toSeconds).toArray(Long[]::new);
        List<Row> rows =
                jdbc.sql(POINTS)
                        .param("org", scope.org().value())
                        .param("job", scope.job().value())
                        .param("widths", widths)
                        .param("widest", widths[widths.length - 1])
                        .param("most", MAX_POINTS)
                        .query((row, _) ->
                                new Row(
                                        row.getLong("width"),
                                        new Point(
                                                row.getObject("begun", OffsetDateTime.class)
                                                        .toInstant(),
                                                row.getLong("done"),
                                                row.getLong("failed"))))
                        .list();
        return rows.isEmpty()
                ? new Throughput(widths[0], List.of())
                : new Throughput(rows.getFirst().width(), withoutGaps(rows));
    }

    private static List<Point> withoutGaps(List<Row> rows) {
        List<Point> points = new ArrayList<>();
        Instant next = rows.getFirst().point().at();
        for (Row row : rows) {
            while (next.isBefore(row.point().at()) && points.size() < MAX_POINTS) {
                points.add(new Point(next, 0, 0));
                next = next.plusSeconds(row.width());
            }
            points.add(row.point());
            next = row.point().at().plusSeconds(row.width());
        }
        return points;
    }
}
