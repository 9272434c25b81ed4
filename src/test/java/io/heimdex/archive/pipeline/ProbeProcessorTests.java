package io.heimdex.archive.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.heimdex.archive.asset.Asset;
import io.heimdex.archive.pipeline.ProbedAsset.Failed;
import io.heimdex.archive.probe.DeepFacts;
import io.heimdex.archive.probe.MediaProber;
import io.heimdex.archive.probe.ProbeOutcome;
import io.heimdex.archive.problem.ErrorCode;
import io.heimdex.archive.problem.HeimdexException;
import io.heimdex.archive.sidecar.SidecarAssembler;
import io.heimdex.archive.sidecar.SidecarPublisher;
import io.heimdex.archive.storage.ArchiveVisitor;
import io.heimdex.archive.storage.AssetId;
import io.heimdex.archive.storage.DirectUpload;
import io.heimdex.archive.storage.MediaStore;
import io.heimdex.archive.storage.OpenedMedia;
import io.heimdex.archive.storage.SourceUri;
import io.heimdex.archive.tenancy.OrgId;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.InputStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** What a probe does about faults that pass, and about those that do not. */
class ProbeProcessorTests {

    private static final int RETRIES = 2;
    private static final QueuedAsset ASSET =
            new QueuedAsset(
                    new OrgId("acme"),
                    1,
                    new Asset(
                            new AssetId("sha256:" + "0".repeat(64)),
                            "file:///archive/a.mp4",
                            "a.mp4",
                            1,
                            "1:then",
                            Asset.Status.PROCESSING,
                            null),
                    null,
                    QueuedAsset.Made.NOTHING,
                    null);

    private final FaultyStore store = new FaultyStore();

    @Test
    void aPassingFaultIsTriedAgain() {
        store.fails(
                ErrorCode.STORAGE_UNAVAILABLE,
                ErrorCode.STORAGE_UNAVAILABLE,
                ErrorCode.SOURCE_NOT_FOUND);

        assertThat(process()).isEqualTo(ErrorCode.SOURCE_NOT_FOUND);
        assertThat(store.faults).isEmpty();
    }

    @Test
    void aFaultThatStaysIsRecordedAfterTheLastTry() {
        store.fails(
                ErrorCode.STORAGE_UNAVAILABLE,
                ErrorCode.STORAGE_UNAVAILABLE,
                ErrorCode.STORAGE_UNAVAILABLE,
                ErrorCode.SOURCE_NOT_FOUND);

        assertThat(process()).isEqualTo(ErrorCode.STORAGE_UNAVAILABLE);
        assertThat(store.faults).containsExactly(ErrorCode.SOURCE_NOT_FOUND);
    }

    @Test
    void aFaultOfTheFileIsNotTriedAgain() {
        store.fails(ErrorCode.SOURCE_NOT_FOUND, ErrorCode.STORAGE_UNAVAILABLE);

        assertThat(process()).isEqualTo(ErrorCode.SOURCE_NOT_FOUND);
        assertThat(store.faults).containsExactly(ErrorCode.STORAGE_UNAVAILABLE);
    }

    @Test
    void aFaultThatNobodyForesawFailsTheAssetAndNotTheRun() {
        assertThat(process()).isEqualTo(ErrorCode.INTERNAL_ERROR);
    }

    @Test
    void anAssetThatWasDeletedMeanwhileFails() {
        ProbedAsset result =
                processor()
                        .process(
                                new QueuedAsset(
                                        new OrgId("acme"),
                                        1,
                                        null,
                                        null,
                                        QueuedAsset.Made.NOTHING,
                                        null));

        assertThat(result)
                .isInstanceOfSatisfying(
                        Failed.class,
                        failed -> assertThat(failed.code()).isEqualTo(ErrorCode.ASSET_NOT_FOUND));
    }

    private ErrorCode process() {
        return ((Failed) processor().process(ASSET)).code();
    }

    private ProbeProcessor processor() {
        MediaProber unused = new UnusedProber();
        return new ProbeProcessor(
                store,
                unused,
                new SidecarAssembler(unused, Clock.systemUTC()),
                new SidecarPublisher(new JsonMapper(), store),
                (_, _, _) -> new DeepFacts(null, null, null),
                new Turns(
                        new PipelineSettings(1, RETRIES, Duration.ofMillis(1)),
                        new SimpleMeterRegistry()));
    }

    /** A stand-in that fails as told, and then in a way that nobody foresaw. */
    private static final class FaultyStore implements MediaStore {

        private final Queue<ErrorCode> faults = new ArrayDeque<>();

        void fails(ErrorCode... codes) {
            faults.addAll(List.of(codes));
        }

        @Override
        public OpenedMedia open(OrgId org, SourceUri source) {
            throw new HeimdexException(
                    Objects.requireNonNull(faults.remove()), "as the test asked");
        }

        @Override
        public SourceUri archive(OrgId org) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean remote() {
            throw new UnsupportedOperationException();
        }

        @Override
        public Set<OrgId> archives() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void walk(
                OrgId org,
                @Nullable SourceUri folder,
                @Nullable String after,
                ArchiveVisitor visitor) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void discard(OrgId org, SourceUri upload) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Optional<DirectUpload> directUpload(
                SourceUri target, long length, String contentType, Instant expiresAt) {
            throw new UnsupportedOperationException();
        }

        @Override
        public SourceUri uploadTarget(OrgId org, UUID uploadId, String name) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long receive(
                OrgId org, SourceUri target, InputStream bytes, long offset, long total) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void seal(OrgId org, SourceUri upload) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void unseal(OrgId org, SourceUri upload) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void putDerived(String key, String contentType, byte[] content) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Optional<byte[]> getDerived(String key) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void deleteDerived(Collection<String> keys) {
            throw new UnsupportedOperationException();
        }
    }

    /** A stand-in for tests that never get as far as a probe. */
    private static final class UnusedProber implements MediaProber {

        @Override
        public ProbeOutcome probe(OpenedMedia media, @Nullable Duration timeout) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Tools tools() {
            return new Tools("none", null);
        }
    }
}
