package io.heimdex.archive.pipeline;

import io.heimdex.archive.bulk.RunSpec;
import io.heimdex.archive.bulk.RunSpecs;
import io.heimdex.archive.bulk.RunType;
import io.heimdex.archive.bulk.SelectedAssets;
import io.heimdex.archive.bulk.Selection;
import io.heimdex.archive.job.JobItem;
import io.heimdex.archive.job.JobItems;
import io.heimdex.archive.job.JobScope;
import io.heimdex.archive.storage.AssetId;
import java.util.List;
import java.util.Optional;
import org.springframework.batch.core.scope.context.ChunkContext;
import org.springframework.batch.core.step.StepContribution;
import org.springframework.batch.core.step.tasklet.Tasklet;
import org.springframework.batch.infrastructure.repeat.RepeatStatus;

/**
 * Settles which assets a run takes, a page per transaction. What was settled already is the
 * position that a restart goes on from.
 */
class PlanTasklet implements Tasklet {

    private static final int PAGE = 5_000;

    /** Partitions take minutes, and there are enough of them for several workers. */
    private static final int MIN_PARTITION = 250;

    private static final int MAX_PARTITION = 5_000;

    /** Decoding a file takes as long as probing hundreds. */
    private static final int MIN_DEEP_PARTITION = 5;

    private static final int MAX_DEEP_PARTITION = 50;
    private static final int SPREAD = 64;

    /** Each costs the job's own worker a few dozen statements. */
    private static final int MAX_PARTITIONS = 1_000;

    private final JobItems items;
    private final SelectedAssets selected;
    private final RunSpecs specs;
    private final RunType type;

    PlanTasklet(JobItems items, SelectedAssets selected, RunSpecs specs, RunType type) {
        this.type = type;
        this.items = items;
        this.selected = selected;
        this.specs = specs;
    }

    @Override
    public RepeatStatus execute(StepContribution contribution, ChunkContext context) {
        JobScope scope =
                JobScope.of(context.getStepContext().getStepExecution().getJobParameters());
        if (items.stopRequested(scope)) {
            context.getStepContext().getStepExecution().setTerminateOnly();
            return RepeatStatus.CONTINUABLE;
        }
        RunSpec spec = specs.of(scope);
        Selection selection = spec.select();
        Optional<JobItem> last = items.lastAdded(scope);
        int planned = last.map(JobItem::seq).orElse(0);
        List<AssetId> page =
                selected.page(
                        scope.org(), type, selection, last.map(JobItem::asset).orElse(null), PAGE);
        items.add(scope, planned, page);
        contribution.incrementWriteCount(page.size());
        if (page.size() == PAGE) {
            return RepeatStatus.CONTINUABLE;
        }
        int total = planned + page.size();
        items.countOnce(scope, total, 0, partitionSize(total, spec.options().decodes()));
        return RepeatStatus.FINISHED;
    }

    static int partitionSize(int total, boolean deep) {
        int spread =
                Math.clamp(
                        total / SPREAD,
                        deep ? MIN_DEEP_PARTITION : MIN_PARTITION,
                        deep ? MAX_DEEP_PARTITION : MAX_PARTITION);
        return Math.max(spread, Math.ceilDiv(total, MAX_PARTITIONS));
    }
}
