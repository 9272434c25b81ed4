package io.heimdex.archive.pipeline;

import io.heimdex.archive.storage.AssetId;
import io.heimdex.archive.storage.AssetIdentity;
import io.heimdex.archive.storage.OpenedMedia;
import java.util.concurrent.Semaphore;
import org.springframework.stereotype.Component;

/**
 * Works out which assets files are, no more of them at once than the disks can take: reading them
 * to their ends is what a scan costs.
 */
@Component
class Hashing {

    private final Semaphore turns;

    Hashing(PipelineSettings settings) {
        this.turns =
                new Semaphore(
                        settings.hashConcurrency() > 0
                                ? settings.hashConcurrency()
                                : Runtime.getRuntime().availableProcessors(),
                        true);
    }

    /**
     * The identity of the file's content.
     *
     * @param strongLimit the largest file in bytes that is hashed; others wait for nobody
     */
    AssetId identify(OpenedMedia media, String name, long strongLimit) {
        if (media.size() > strongLimit) {
            return AssetIdentity.of(media, name, strongLimit, null);
        }
        try {
            turns.acquire();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a file waited to be hashed", e);
        }
        try {
            return AssetIdentity.of(media, name, strongLimit, null);
        } finally {
            turns.release();
        }
    }

    /** How many files wait for their turn. */
    int waiting() {
        return turns.getQueueLength();
    }
}
