package io.heimdex.archive.pipeline;

import io.heimdex.archive.asset.FoundFiles;
import io.heimdex.archive.bulk.ArchiveInventory;
import io.heimdex.archive.bulk.RunSpecs;
import io.heimdex.archive.job.JobScope;
import io.heimdex.archive.storage.MediaStore;
import io.heimdex.archive.storage.SourceUri;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.scope.context.ChunkContext;
import org.springframework.batch.core.step.StepContribution;
import org.springframework.batch.core.step.tasklet.Tasklet;
import org.springframework.batch.infrastructure.repeat.RepeatStatus;
import org.springframework.stereotype.Component;

/**
 * Marks the files that a scan did not come across. Comes last: a file that was moved is found
 * elsewhere by then, and its asset is not missing.
 */
@Component
class MissingTasklet implements Tasklet {

    private final ArchiveInventory inventory;
    private final FoundFiles files;
    private final MediaStore store;
    private final RunSpecs specs;

    MissingTasklet(ArchiveInventory inventory, FoundFiles files, MediaStore store, RunSpecs specs) {
        this.inventory = inventory;
        this.files = files;
        this.store = store;
        this.specs = specs;
    }

    @Override
    public @Nullable RepeatStatus execute(StepContribution contribution, ChunkContext context) {
        JobScope scope =
                JobScope.of(context.getStepContext().getStepExecution().getJobParameters());
        SourceUri folder =
                Objects.requireNonNullElseGet(
                        WalkTasklet.folder(specs.of(scope)), () -> store.archive(scope.org()));
        inventory.markMissing(scope, folder);
        files.moveMissing(scope.org(), folder);
        return RepeatStatus.FINISHED;
    }
}
