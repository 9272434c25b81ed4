package io.heimdex.archive.telemetry;

import io.heimdex.archive.problem.HeimdexException;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/**
 * Everything that this service measures itself, beside what its libraries do. No tag tells orgs,
 * jobs or assets apart: the values of each are few and known.
 */
public enum Measure {
    QUEUE_TASKS(
            Kind.GAUGE,
            "heimdex.queue.tasks",
            "",
            "Tasks of all nodes that wait for a worker, or that one has in hand. Counted up to 100,000 a lane.",
            "lane",
            "state"),
    QUEUE_AGE(
            Kind.GAUGE,
            "heimdex.queue.oldest.age",
            "seconds",
            "How long the oldest task has waited that could be taken; 0 if none waits.",
            "lane"),
    WORKER_THREADS(
            Kind.GAUGE,
            "heimdex.worker.threads",
            "",
            "Threads of this node that take tasks; 0 on a node that takes none, or none any more.",
            "lane"),
    TASK_RETRIES(
            Kind.COUNTER,
            "heimdex.task.retries",
            "",
            "Tasks that ended early and were queued again.",
            "lane"),
    TASK_TAKEOVERS(
            Kind.COUNTER,
            "heimdex.task.takeovers",
            "",
            "Tasks that were queued again because their worker's heartbeat had stopped.",
            "lane"),
    TASKS_GIVEN_UP(
            Kind.COUNTER,
            "heimdex.task.given.up",
            "",
            "Tasks that failed too often at their beginning; their jobs stay as failed.",
            "lane"),
    STALE_COMMITS(
            Kind.COUNTER,
            "heimdex.job.stale_commits",
            "",
            "Executions of a step that wanted to commit after another worker had taken the step over.",
            "step"),
    REFUSALS(
            Kind.COUNTER,
            "heimdex.job.refusals",
            "",
            "Requests for a job that were refused before anything was queued.",
            "code"),
    TASK(
            Kind.TIMER,
            "heimdex.task",
            "seconds",
            "How long a worker had a task in hand: an execution of a job, or a partition.",
            "lane"),
    ITEMS(
            Kind.COUNTER,
            "heimdex.items",
            "",
            "Assets of jobs whose outcome was committed. The code is none for those that succeeded.",
            "outcome",
            "code"),
    ITEM_RETRIES(
            Kind.COUNTER,
            "heimdex.item.retries",
            "",
            "Repetitions of the work on an asset after a passing fault of storage or tool."),
    PROBE(
            Kind.TIMER,
            "heimdex.probe",
            "seconds",
            "Probes of a file with ffprobe, with the wait for a slot. The outcome is probed or an error code.",
            "outcome"),
    PROBES_RUNNING(
            Kind.GAUGE,
            "heimdex.probes.running",
            "",
            "Probes on this node that run or wait for a slot."),
    PROBE_SLOTS(
            Kind.GAUGE,
            "heimdex.probe.slots",
            "",
            "How many probes this node runs at once: of files of its own, and of remote ones.",
            "files"),
    DEEP_PROBE(
            Kind.TIMER,
            "heimdex.deep.probe",
            "seconds",
            "Decodings of a whole file with ffmpeg. The outcome is ok or an error code.",
            "outcome"),
    THUMBNAILS(
            Kind.TIMER,
            "heimdex.thumbnails",
            "seconds",
            "Runs of ffmpeg for the pictures of one asset. The outcome is taken, refused or an error code.",
            "outcome"),
    PICTURES(
            Kind.COUNTER,
            "heimdex.pictures",
            "",
            "Pictures that were taken: posters and thumbnails."),
    STORAGE(
            Kind.TIMER,
            "heimdex.storage",
            "seconds",
            "Calls of the storage of media and derived files. The outcome is ok or an error code.",
            "operation",
            "outcome"),
    UPLOADS(
            Kind.COUNTER,
            "heimdex.uploads",
            "",
            "Uploads that were announced, and those whose last byte came through this service.",
            "stage"),
    UPLOADED(
            Kind.COUNTER,
            "heimdex.uploaded",
            "bytes",
            "Bytes of uploads that came through this service.");

    /** Enough to tell a fast ffprobe from a slow one, and both from one that was ended. */
    private static final List<Duration> BUCKETS =
            List.of(
                    Duration.ofMillis(5),
                    Duration.ofMillis(10),
                    Duration.ofMillis(25),
                    Duration.ofMillis(50),
                    Duration.ofMillis(100),
                    Duration.ofMillis(250),
                    Duration.ofMillis(500),
                    Duration.ofSeconds(1),
                    Duration.ofMillis(2_500),
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(30),
                    Duration.ofMinutes(2),
                    Duration.ofMinutes(10));

    private final Kind kind;
    private final String id;
    private final String unit;
    private final String description;

    @SuppressWarnings("ImmutableEnumChecker") // A copy that nobody can change.
    private final List<String> tags;

    /** How it is counted. */
    public enum Kind {
        COUNTER,
        GAUGE,
        TIMER
    }

    Measure(Kind kind, String id, String unit, String description, String... tags) {
        this.kind = kind;
        this.id = id;
        this.unit = unit;
        this.description = description;
        this.tags = List.of(tags);
    }

    public Kind kind() {
        return kind;
    }

    /** Its name in Micrometer. */
    public String id() {
        return id;
    }

    /** What it is counted in; empty for plain numbers. */
    public String unit() {
        return unit;
    }

    public String description() {
        return description;
    }

    public List<String> tags() {
        return tags;
    }

    /** What a part of a trace that measures this is called. */
    String span(String tag) {
        return id.substring(id.indexOf('.') + 1) + " " + tag;
    }

    /** The places at which durations of this are told apart; none for what is no duration. */
    List<Duration> buckets() {
        return kind == Kind.TIMER ? BUCKETS : List.of();
    }

    /**
     * The counter with these values of the tags. Counters are best made before there is anything to
     * count, so that a first event is an increase.
     */
    public Counter counter(MeterRegistry meters, String... values) {
        return Counter.builder(id)
                .tags(pairs(values))
                .baseUnit(unit.isEmpty() ? null : unit)
                .description(description)
                .register(meters);
    }

    /** Asks for the value whenever the metrics are read. */
    public <T> void gauge(
            MeterRegistry meters, T source, ToDoubleFunction<T> value, String... values) {
        Gauge.builder(id, source, value)
                .tags(pairs(values))
                .baseUnit(unit.isEmpty() ? null : unit)
                .description(description)
                .strongReference(true)
                .register(meters);
    }

    public Timer timer(MeterRegistry meters, String... values) {
        return Timer.builder(id).tags(pairs(values)).description(description).register(meters);
    }

    /** Times the work; the last tag is its outcome. */
    public <T> T time(MeterRegistry meters, Supplier<T> work, String... values) {
        long begun = System.nanoTime();
        String outcome = "ok";
        try {
            return work.get();
        } catch (RuntimeException e) {
            outcome = outcome(e);
            throw e;
        } finally {
            String[] all = Arrays.copyOf(values, values.length + 1);
            all[values.length] = outcome;
            timer(meters, all).record(Duration.ofNanos(System.nanoTime() - begun));
        }
    }

    /** A failure as the value of a tag: its code, if it has one. */
    public static String outcome(Throwable failure) {
        return failure instanceof HeimdexException ours ? ours.code().code() : "internal_error";
    }

    private String[] pairs(String... values) {
        if (values.length != tags.size()) {
            throw new IllegalArgumentException(id + " has the tags " + tags);
        }
        String[] pairs = new String[2 * values.length];
        for (int i = 0; i < values.length; i++) {
            pairs[2 * i] = tags.get(i);
            pairs[2 * i + 1] = values[i];
        }
        return pairs;
    }
}
