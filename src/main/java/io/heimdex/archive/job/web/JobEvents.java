package io.heimdex.archive.job.web;

import io.heimdex.archive.job.JobId;
import io.heimdex.archive.job.JobView;
import io.heimdex.archive.job.Jobs;
import io.heimdex.archive.problem.ErrorCode;
import io.heimdex.archive.problem.HeimdexException;
import io.heimdex.archive.quota.Turns;
import io.heimdex.archive.tenancy.OrgId;
import io.heimdex.archive.tenancy.Reach;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.springframework.dao.DataAccessException;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/**
 * Tells clients of a job's progress until it has ended. A stream holds no database connection
 * between two looks, and there are only so many streams at once.
 */
@Component
class JobEvents {

    private static final int STREAMS = 200;
    private static final int STREAMS_OF_ORG = 50;
    private static final Duration LOOK_EVERY = Duration.ofMillis(500);
    private static final Duration LONGEST = Duration.ofMinutes(30);

    private final Jobs jobs;
    private final Turns streams =
            new Turns(ErrorCode.TOO_MANY_STREAMS, STREAMS, _ -> STREAMS_OF_ORG, Duration.ZERO);

    JobEvents(Jobs jobs) {
        this.jobs = jobs;
    }

    /**
     * A stream of {@code job} events, each the job as GET /v1/jobs/{id} shows it. It closes after
     * the one that shows the job ended, or after half an hour; clients then connect again.
     *
     * @throws HeimdexException {@code too_many_streams} or {@code service_unavailable} if too many
     *     clients are listening; they can ask for the job itself
     */
    SseEmitter stream(OrgId org, JobId job) {
        Turns.Turn turn = streams.take(org);
        SseEmitter emitter = new SseEmitter(LONGEST.toMillis());
        Thread.ofVirtual()
                .name("job-events-" + job)
                .start(() -> {
                    try (turn) {
                        Reach.ofOrg(org, () -> follow(org, job, emitter));
                    }
                });
        return emitter;
    }

    private void follow(OrgId org, JobId job, SseEmitter emitter) {
        try {
            JobView shown = null;
            long end = System.nanoTime() + LONGEST.toNanos();
            while (System.nanoTime() < end) {
                JobView now = jobs.find(org, job).orElse(null);
                if (now == null) {
                    break;
                }
                if (shown == null || !same(shown, now)) {
                    emitter.send(
                            SseEmitter.event().name("job").data(now, MediaType.APPLICATION_JSON));
                    shown = now;
                } else {
                    // Finds out whether the client is still there.
                    emitter.send(SseEmitter.event().comment("same"));
                }
                if (now.status().ended()) {
                    break;
                }
                LockSupport.parkNanos(LOOK_EVERY.toNanos());
            }
            emitter.complete();
        } catch (IOException | IllegalStateException _) {
            // The client has gone.
        } catch (DataAccessException e) {
            emitter.completeWithError(e);
        }
    }

    /** The rate and what follows from it change with every look, and are no news by themselves. */
    private static boolean same(JobView a, JobView b) {
        return a.status() == b.status()
                && a.attempt() == b.attempt()
                && a.progress().done() == b.progress().done()
                && a.progress().failed() == b.progress().failed();
    }
}
