package io.heimdex.archive.ingest;

import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import io.heimdex.archive.problem.HeimdexException;
import io.heimdex.archive.storage.MediaStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Deletes what was uploaded and never committed, on one node of all. First an upload is given up,
 * so that nobody commits it any more; then its bytes go, and its row last: whatever fails or dies
 * in between is done again.
 */
@Configuration(proxyBeanMethods = false)
class UploadReaper {

    private static final Logger log = LoggerFactory.getLogger(UploadReaper.class);

    private static final Duration EVERY = Duration.ofMinutes(10);
    private static final int BATCH = 100;

    private final Uploads uploads;
    private final MediaStore store;
    private final IngestSettings settings;
    private final Clock clock;

    UploadReaper(Uploads uploads, MediaStore store, IngestSettings settings, Clock clock) {
        this.uploads = uploads;
        this.store = store;
        this.settings = settings;
        this.clock = clock;
    }

    @Bean
    RecurringTask<Void> reapingUploads() {
        return Tasks.recurring("reap-uploads", FixedDelay.of(EVERY)).execute((_, _) -> reap());
    }

    /** Nothing brings bytes any more for an upload that expired so long ago. */
    void reap() {
        Instant now = clock.instant();
        List<Upload> gone;
        do {
            gone = uploads.giveUp(now.minus(settings.uploadDeadline()), now, BATCH);
            gone.forEach(this::delete);
        } while (gone.size() == BATCH);
    }

    private void delete(Upload upload) {
        try {
            store.discard(upload.org(), upload.target());
            uploads.forget(upload);
        } catch (HeimdexException | IllegalArgumentException e) {
            log.warn("upload {} cannot be deleted now, and is tried again", upload.id(), e);
        }
    }
}
