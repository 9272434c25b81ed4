package io.heimdex.archive.pipeline;

import io.heimdex.archive.asset.Asset;
import io.heimdex.archive.asset.Assets;
import io.heimdex.archive.job.Fence;
import io.heimdex.archive.job.ItemRange;
import io.heimdex.archive.job.JobItem;
import io.heimdex.archive.job.JobItems;
import io.heimdex.archive.job.JobScope;
import io.heimdex.archive.pipeline.MadeEarlier.Work;
import io.heimdex.archive.pipeline.QueuedAsset.Made;
import io.heimdex.archive.pipeline.QueuedAsset.Suspicion;
import io.heimdex.archive.storage.AssetId;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.ExitStatus;
import org.springframework.batch.core.listener.StepExecutionListener;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.infrastructure.item.ItemReader;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Reads the assets of a job that have no outcome yet, a chunk at a time, and shows those that are
 * probed as processing. Keeps no position: the outcomes, which commit together with the chunk, are
 * the position.
 */
class QueuedAssetReader implements ItemReader<QueuedAsset>, StepExecutionListener {

    private final StepExecution step;
    private final RunBrakes brakes;
    private final Fence fence;
    private final JobScope scope;
    private final JobItems items;
    private final Assets assets;
    private final MadeEarlier earlier;
    private final Work work;
    private final TransactionTemplate ownTransaction;
    private final int pageSize;

    private final Queue<QueuedAsset> page = new ArrayDeque<>();

    /** A partition that is resumed has the same step execution, so that is not who it was. */
    private final long run = ThreadLocalRandom.current().nextLong();

    private List<JobItem> inHand = List.of();
    private ItemRange left;

    QueuedAssetReader(
            StepExecution step,
            RunBrakes brakes,
            Fence fence,
            JobItems items,
            Assets assets,
            MadeEarlier earlier,
            Work work,
            TransactionTemplate ownTransaction,
            int pageSize) {
        this.step = step;
        this.brakes = brakes;
        this.fence = fence;
        this.scope = JobScope.of(step.getJobParameters());
        this.items = items;
        this.assets = assets;
        this.earlier = earlier;
        this.work = work;
        this.ownTransaction = ownTransaction;
        this.left = ItemRange.of(step.getExecutionContext());
        this.pageSize = pageSize;
    }

    @Override
    public @Nullable QueuedAsset read() {
        if (page.isEmpty()) {
            int size = brakes.release(pageSize);
            if (size == 0) {
                step.setTerminateOnly();
                return null;
            }
            page.addAll(Objects.requireNonNull(ownTransaction.execute(_ -> nextPage(size))));
        }
        return page.poll();
    }

    /**
     * A step that ends early gives back what it had in hand, so that nobody sees it as processing
     * for ever; unless another worker has it by now.
     */
    @Override
    public @Nullable ExitStatus afterStep(StepExecution ended) {
        if (ended.getStatus() != BatchStatus.COMPLETED && !inHand.isEmpty()) {
            ownTransaction.executeWithoutResult(_ -> release());
        }
        return null;
    }

    private void release() {
        if (fence.holds(step)) {
            items.letGo(scope, run, inHand.stream().map(JobItem::seq).toList());
            if (work == Work.SIDECARS) {
                assets.release(scope.org(), assets(inHand));
            }
        }
    }

    private List<QueuedAsset> nextPage(int size) {
        fence.hold(step);
        List<JobItem> next = items.claim(scope, run, left, size);
        if (next.isEmpty()) {
            return List.of();
        }
        left = new ItemRange(next.getLast().seq(), left.last());
        inHand = next;
        List<AssetId> ids = assets(next);
        if (work == Work.SIDECARS) {
            assets.setStatus(scope.org(), ids, Asset.Status.PROCESSING);
        }
        Map<AssetId, Asset> found =
                assets.find(scope.org(), ids).stream()
                        .collect(Collectors.toMap(Asset::id, Function.identity()));
        Map<AssetId, Made> made = earlier.of(scope.org(), ids, work);
        return next.stream().map(item -> queued(item, found, made)).toList();
    }

    private QueuedAsset queued(JobItem item, Map<AssetId, Asset> found, Map<AssetId, Made> made) {
        boolean known = item.asset() != null;
        return new QueuedAsset(
                scope.org(),
                item.seq(),
                known ? found.get(item.asset()) : null,
                known ? null : item.sourceUri(),
                known ? made.getOrDefault(item.asset(), Made.NOTHING) : Made.NOTHING,
                item.crashes() == 0 ? null : new Suspicion(scope, run, item.crashes()));
    }

    private static List<AssetId> assets(List<JobItem> items) {
        return items.stream().map(JobItem::asset).filter(Objects::nonNull).toList();
    }
}
