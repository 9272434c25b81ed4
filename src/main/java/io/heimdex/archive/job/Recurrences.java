package io.heimdex.archive.job;

import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** When the recurring tasks of the service run. */
@Component
public class Recurrences {

    private static final String TIMES =
            """
            select task_name, execution_time, greatest(last_success, last_failure) as ended
            from scheduled_tasks
            where task_name = any(:names) and task_instance = :instance
            """;

    private final JdbcClient jdbc;

    Recurrences(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * When a task runs.
     *
     * @param last when it ended last, {@code null} if it never did
     */
    public record Times(String task, Instant next, @Nullable Instant last) {}

    /** Of those of the tasks that a worker has queued, by name. */
    public Map<String, Times> of(Collection<String> tasks) {
        return jdbc
                .sql(TIMES)
                .param("names", tasks.toArray(String[]::new))
                .param("instance", RecurringTask.INSTANCE)
                .query((row, _) ->
                        new Times(
                                row.getString("task_name"),
                                row.getObject("execution_time", OffsetDateTime.class).toInstant(),
                                instant(row, "ended")))
                .list()
                .stream()
                .collect(Collectors.toMap(Times::task, Function.identity()));
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}
