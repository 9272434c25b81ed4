package io.heimdex.archive.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.heimdex.archive.storage.AssetId;
import io.heimdex.archive.storage.OpenedMedia;
import io.heimdex.archive.storage.SourceUri;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How many files are read at once to hash them. */
@Timeout(60)
class HashingTests {

    private static final int FILES = 6;
    private static final int AT_ONCE = 2;

    private final Hashing hashing =
            new Hashing(new PipelineSettings(1, AT_ONCE, 0, Duration.ofMillis(1)));
    private final AtomicInteger open = new AtomicInteger();
    private final CountDownLatch gate = new CountDownLatch(1);

    @Test
    void onlySoManyFilesAreHashedAtOnceAndOthersWaitForNobody() throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<AssetId>> ids = new ArrayList<>();
            for (int i = 0; i < FILES; i++) {
                ids.add(threads.submit(() -> hashing.identify(new SlowFile(), "a.mov", 10)));
            }
            await().until(() -> open.get() == AT_ONCE && hashing.waiting() == FILES - AT_ONCE);

            assertThat(hashing.identify(new SlowFile(), "a.mov", 0).value()).startsWith("weak:");

            gate.countDown();
            for (Future<AssetId> id : ids) {
                assertThat(id.get().value()).startsWith("sha256:");
            }
        }
    }

    /** A file of one byte that is not read before the gate is open. */
    private final class SlowFile implements OpenedMedia {

        @Override
        public InputStream newInputStream() {
            open.incrementAndGet();
            try {
                gate.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            open.decrementAndGet();
            return new ByteArrayInputStream(new byte[] {1});
        }

        @Override
        public SourceUri uri() {
            return SourceUri.parse("file:///archive/a.mov");
        }

        @Override
        public long size() {
            return 1;
        }

        @Override
        public Instant modifiedAt() {
            return Instant.EPOCH;
        }

        @Override
        public String fingerprint() {
            return "1:then";
        }

        @Override
        public Optional<Path> descriptor() {
            return Optional.empty();
        }

        @Override
        public byte[] read(long position, int length) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean unchanged() {
            return true;
        }

        @Override
        public void close() {
            // There is nothing to close.
        }
    }
}
