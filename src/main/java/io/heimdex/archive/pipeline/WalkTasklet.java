package io.heimdex.archive.pipeline;

import io.heimdex.archive.bulk.ArchiveInventory;
import io.heimdex.archive.bulk.ArchiveInventory.Compared;
import io.heimdex.archive.bulk.ArchiveInventory.Unread;
import io.heimdex.archive.bulk.RunOptions;
import io.heimdex.archive.bulk.RunSpec;
import io.heimdex.archive.bulk.RunSpecs;
import io.heimdex.archive.job.Fence;
import io.heimdex.archive.job.JobItems;
import io.heimdex.archive.job.JobScope;
import io.heimdex.archive.job.Worker;
import io.heimdex.archive.problem.ErrorCode;
import io.heimdex.archive.problem.HeimdexException;
import io.heimdex.archive.storage.ArchiveVisitor;
import io.heimdex.archive.storage.FoundFile;
import io.heimdex.archive.storage.MediaStore;
import io.heimdex.archive.storage.SourceUri;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.scope.context.ChunkContext;
import org.springframework.batch.core.step.StepContribution;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.core.step.tasklet.Tasklet;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import org.springframework.batch.infrastructure.repeat.RepeatStatus;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Walks an archive and settles which of its files a scan has to look into. Compares and commits a
 * batch of files at a time. A walk that is cut short goes on where it was if the store knows such a
 * place, and is else begun anew, as reading names costs little.
 */
@Component
class WalkTasklet implements Tasklet {

    private static final int BATCH = 1_000;
    private static final String AFTER = "walk.after";
    private static final String PLANNED = "walk.planned";
    private static final String UNREADABLE = "walk.unreadable";
    private static final String UNCHANGED = "walk.unchanged";

    private final MediaStore store;
    private final ArchiveInventory inventory;
    private final JobItems items;
    private final RunSpecs specs;
    private final Fence fence;
    private final Worker worker;
    private final JobRepository repository;
    private final TransactionTemplate transaction;

    WalkTasklet(
            MediaStore store,
            ArchiveInventory inventory,
            JobItems items,
            RunSpecs specs,
            Fence fence,
            Worker worker,
            JobRepository repository,
            PlatformTransactionManager transactions) {
        this.store = store;
        this.inventory = inventory;
        this.items = items;
        this.specs = specs;
        this.fence = fence;
        this.worker = worker;
        this.repository = repository;
        this.transaction = new TransactionTemplate(transactions);
    }

    @Override
    public @Nullable RepeatStatus execute(StepContribution contribution, ChunkContext context) {
        StepExecution step = context.getStepContext().getStepExecution();
        JobScope scope = JobScope.of(step.getJobParameters());
        RunSpec spec = specs.of(scope);
        Inventory walk = new Inventory(scope, step, spec.options());
        walk.commit(() -> inventory.begin(scope, walk.planned));
        try {
            store.walk(scope.org(), folder(spec), walk.after(), walk);
            walk.flush();
        } catch (WalkStopped e) {
            step.setTerminateOnly();
            return RepeatStatus.CONTINUABLE;
        } catch (HeimdexException e) {
            if (e.code().status().is5xxServerError()) {
                throw e;
            }
            // Nobody but an operator can mend that.
            items.giveUp(scope, e.code());
            step.setTerminateOnly();
            return RepeatStatus.CONTINUABLE;
        }
        walk.finish();
        if (folder(spec) == null && walk.planned + walk.unchanged == 0) {
            giveUpIfItHadFiles(scope, step);
        }
        contribution.incrementWriteCount(walk.planned);
        return RepeatStatus.FINISHED;
    }

    /** An archive whose disk is not there looks like an empty one. */
    private void giveUpIfItHadFiles(JobScope scope, StepExecution step) {
        if (inventory.hasFiles(scope.org(), store.archive(scope.org()))) {
            items.giveUp(scope, ErrorCode.ARCHIVE_EMPTY);
            step.setTerminateOnly();
        }
    }

    static @Nullable SourceUri folder(RunSpec spec) {
        String prefix = spec.select().sourcePrefix();
        return prefix == null ? null : SourceUri.parse(prefix);
    }

    private final class Inventory implements ArchiveVisitor {

        private final JobScope scope;
        private final StepExecution step;
        private final RunOptions options;
        private final List<FoundFile> batch = new ArrayList<>(BATCH);
        private final List<Unread> unread = new ArrayList<>();
        private int planned;
        private int unreadable;
        private long unchanged;

        Inventory(JobScope scope, StepExecution step, RunOptions options) {
            this.scope = scope;
            this.step = step;
            this.options = options;
            ExecutionContext context = step.getExecutionContext();
            this.planned = context.getInt(PLANNED, 0);
            this.unreadable = context.getInt(UNREADABLE, 0);
            this.unchanged = context.getLong(UNCHANGED, 0);
        }

        private @Nullable String after() {
            return step.getExecutionContext().containsKey(AFTER)
                    ? step.getExecutionContext().getString(AFTER)
                    : null;
        }

        @Override
        public void reached(String after) {
            flush(() -> {
                ExecutionContext context = step.getExecutionContext();
                context.putString(AFTER, after);
                context.putInt(PLANNED, planned);
                context.putInt(UNREADABLE, unreadable);
                context.putLong(UNCHANGED, unchanged);
                repository.updateExecutionContext(step);
            });
        }

        @Override
        public void file(FoundFile file) {
            batch.add(file);
            flushFull();
        }

        @Override
        public void unreadable(String uri, ErrorCode code, String message) {
            unread.add(new Unread(uri, code, message));
            flushFull();
        }

        private void flushFull() {
            if (batch.size() + unread.size() == BATCH) {
                flush();
            }
        }

        private void flush() {
            flush(() -> {});
        }

        private void flush(Runnable also) {
            if (worker.stopping() || items.stopRequested(scope)) {
                throw new WalkStopped();
            }
            commit(() -> {
                inventory.unreadable(scope, planned, unread);
                planned += unread.size();
                unreadable += unread.size();
                Compared compared = inventory.compare(scope, batch, options.strongLimit(), planned);
                planned += compared.added();
                unchanged += compared.unchanged();
                also.run();
            });
            batch.clear();
            unread.clear();
        }

        private void finish() {
            commit(() -> {
                inventory.countUnchanged(scope, unchanged);
                items.countOnce(
                        scope,
                        planned,
                        unreadable,
                        PlanTasklet.partitionSize(planned, options.decodes()));
            });
        }

        private void commit(Runnable work) {
            transaction.executeWithoutResult(_ -> {
                fence.hold(step);
                work.run();
            });
        }
    }

    /** Ends a walk whose run was told to stop. */
    private static final class WalkStopped extends HeimdexException {

        private static final long serialVersionUID = 1L;

        WalkStopped() {
            super(ErrorCode.SERVICE_UNAVAILABLE, "The scan was told to stop.");
        }
    }
}
