package io.heimdex.archive.pipeline;

import io.heimdex.archive.job.JobScope;
import org.springframework.batch.infrastructure.item.Chunk;
import org.springframework.batch.infrastructure.item.ItemWriter;

/** Writes the results of a chunk of a job about pictures, in the chunk's own transaction. */
class PictureWriter implements ItemWriter<ProbedAsset> {

    private final JobScope scope;
    private final PictureResults results;

    PictureWriter(JobScope scope, PictureResults results) {
        this.scope = scope;
        this.results = results;
    }

    @Override
    public void write(Chunk<? extends ProbedAsset> chunk) {
        results.finish(scope, chunk.getItems());
    }
}
