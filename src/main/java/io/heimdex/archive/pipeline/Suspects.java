package io.heimdex.archive.pipeline;

import io.heimdex.archive.job.JobItems;
import io.heimdex.archive.pipeline.ProbedAsset.Failed;
import io.heimdex.archive.pipeline.QueuedAsset.Suspicion;
import io.heimdex.archive.problem.ErrorCode;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.springframework.batch.infrastructure.item.ItemProcessor;
import org.springframework.stereotype.Component;

/**
 * Finds the asset that kills its workers. When a worker dies, the whole page that it had in hand is
 * suspected. Suspects are probed one at a time, each marked while its probe lasts, so that from
 * then on only the one that was really in hand is counted; after the third crash it is given up.
 */
@Component
class Suspects {

    private static final int CRASHES = 3;

    private final JobItems items;
    private final ReentrantLock oneAtATime = new ReentrantLock();

    Suspects(JobItems items) {
        this.items = items;
    }

    /** The probe, with care about suspects. */
    ItemProcessor<QueuedAsset, ProbedAsset> around(ItemProcessor<QueuedAsset, ProbedAsset> probe) {
        return queued -> {
            Suspicion suspicion = queued.suspicion();
            if (suspicion == null) {
                return probe.process(queued);
            }
            if (suspicion.crashes() >= CRASHES) {
                return new Failed(
                        queued,
                        ErrorCode.PROBER_CRASHED,
                        "The worker died three times while it probed this file.");
            }
            oneAtATime.lockInterruptibly();
            try {
                items.take(suspicion.job(), suspicion.run(), queued.seq());
                ProbedAsset result = probe.process(queued);
                items.letGo(suspicion.job(), suspicion.run(), List.of(queued.seq()));
                return result;
            } finally {
                oneAtATime.unlock();
            }
        };
    }
}
