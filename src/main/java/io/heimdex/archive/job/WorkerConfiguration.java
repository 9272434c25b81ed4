package io.heimdex.archive.job;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerBuilder;
import com.github.kagkarlsson.scheduler.SchedulerName;
import com.github.kagkarlsson.scheduler.jdbc.PostgreSqlJdbcCustomization;
import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.sql.SQLException;
import java.time.Clock;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import javax.sql.DataSource;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What takes jobs from the queues: a scheduler for each. */
@Configuration(proxyBeanMethods = false)
class WorkerConfiguration {

    /** Looking for work, heartbeats and ends of all schedulers; none of them takes long. */
    private static final int QUEUE_CONNECTIONS = 5;

    /**
     * A worker takes only what it can start at once: what waits for it, an idle node cannot take.
     */
    private static final double FETCH_BELOW = 0.5;

    private static final double FETCH_UP_TO = 1.0;
    private static final int MAX_HOST_LENGTH = 40;

    /** Connections that no flood of requests can take away: without heartbeats a worker is dead. */
    @Bean(defaultCandidate = false)
    @Qualifier("queueDataSource")
    HikariDataSource queueDataSource(DataSource main) throws SQLException {
        HikariConfig config = new HikariConfig();
        main.unwrap(HikariDataSource.class).copyStateTo(config);
        config.setPoolName("queue");
        config.setMaximumPoolSize(QUEUE_CONNECTIONS);
        return new HikariDataSource(config);
    }

    @Bean
    DatabaseClock databaseClock(@Qualifier("queueDataSource") DataSource dataSource, Clock clock) {
        return new DatabaseClock(dataSource, clock);
    }

    @Bean
    SchedulerName workerName() {
        String host = InetAddress.getLoopbackAddress().getHostName();
        try {
            host = InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            // A machine without a name of its own.
        }
        String unique = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
        return new SchedulerName.Fixed(
                host.substring(0, Math.min(host.length(), MAX_HOST_LENGTH)) + "-" + unique);
    }

    @Bean
    Scheduler singleScheduler(
            @Qualifier("queueDataSource") DataSource dataSource,
            WorkerTasks tasks,
            List<RecurringTask<?>> chores,
            DatabaseClock clock,
            SchedulerName name,
            WorkerSettings settings) {
        return scheduler(Lane.SINGLE, settings.singleJobs(), dataSource, tasks, settings)
                .startTasks(chores)
                .schedulerName(name)
                .clock(clock)
                .build();
    }

    @Bean
    Scheduler bulkScheduler(
            @Qualifier("queueDataSource") DataSource dataSource,
            WorkerTasks tasks,
            DatabaseClock clock,
            SchedulerName name,
            WorkerSettings settings) {
        return scheduler(Lane.BULK, settings.bulkJobs(), dataSource, tasks, settings)
                .schedulerName(name)
                .clock(clock)
                .build();
    }

    @Bean
    Scheduler partitionScheduler(
            @Qualifier("queueDataSource") DataSource dataSource,
            WorkerTasks tasks,
            DatabaseClock clock,
            SchedulerName name,
            WorkerSettings settings) {
        return scheduler(Lane.PARTITION, settings.partitionThreads(), dataSource, tasks, settings)
                .schedulerName(name)
                .clock(clock)
                .build();
    }

    private static SchedulerBuilder scheduler(
            Lane lane,
            int threads,
            DataSource dataSource,
            WorkerTasks tasks,
            WorkerSettings settings) {
        return new SchedulerBuilder(dataSource, List.of(tasks.of(lane)))
                .tableName(lane.table())
                .threads(threads)
                .enablePriority()
                .pollUsingLockAndFetch(FETCH_BELOW, FETCH_UP_TO)
                .pollingInterval(settings.pollInterval())
                .heartbeatInterval(settings.heartbeatInterval())
                .missedHeartbeatsLimit(settings.missedHeartbeats())
                .shutdownMaxWait(settings.drain())
                // In two statements: in one, a plan made before a flood may look for the next tasks
                // again for every task that there is.
                .jdbcCustomization(new PostgreSqlJdbcCustomization(true, true));
    }
}
