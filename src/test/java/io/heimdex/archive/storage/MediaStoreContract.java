package io.heimdex.archive.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.heimdex.archive.problem.ErrorCode;
import io.heimdex.archive.problem.HeimdexException;
import io.heimdex.archive.tenancy.OrgId;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What every store of media does, wherever the media is. */
public abstract class MediaStoreContract {

    /** Has an archive. */
    protected static final OrgId ORG = new OrgId("acme");

    /** Has none. */
    protected static final OrgId OTHER = new OrgId("other");

    private static final byte[] BYTES = "0123456789".getBytes(StandardCharsets.UTF_8);

    protected abstract MediaStore store();

    /** Puts a file into the archive of {@link #ORG}, over one that is there. */
    protected abstract void put(String name, byte[] bytes) throws IOException;

    protected abstract void delete(String name) throws IOException;

    /** The bytes of a derived file. */
    protected abstract byte[] derived(String key) throws IOException;

    private SourceUri uri(String name) {
        return SourceUri.parse(store().archive(ORG).text() + "/" + name);
    }

    @Test
    void aFileOfTheArchiveIsReadWholeAndInParts() throws IOException {
        put("tv/a.mp4", BYTES);

        try (OpenedMedia media = store().open(ORG, uri("tv/a.mp4"))) {
            assertThat(media.uri()).isEqualTo(uri("tv/a.mp4"));
            assertThat(media.size()).isEqualTo(10);
            assertThat(media.newInputStream()).hasBinaryContent(BYTES);
            assertThat(media.read(3, 4)).asString(StandardCharsets.UTF_8).isEqualTo("3456");
            assertThat(media.read(8, 100)).asString(StandardCharsets.UTF_8).isEqualTo("89");
            assertThat(media.unchanged()).isTrue();
            assertThat(media.descriptor().isPresent()).isNotEqualTo(store().remote());
        }
    }

    @Test
    void theFingerprintTellsAReplacedFile() throws IOException {
        put("replaced", BYTES);
        String before = fingerprint("replaced");
        assertThat(fingerprint("replaced")).isEqualTo(before);

        put("replaced", "abcdefghijk".getBytes(StandardCharsets.UTF_8));

        assertThat(fingerprint("replaced")).isNotEqualTo(before);
    }

    @Test
    void aFileThatIsReplacedWhileItIsHeldIsNotTakenForTheOldOne() throws IOException {
        put("held", BYTES);

        try (OpenedMedia media = store().open(ORG, uri("held"))) {
            put("held", "abcdefghijk".getBytes(StandardCharsets.UTF_8));
            try {
                media.read(0, 10);
            } catch (HeimdexException e) {
                assertThat(e.code()).isEqualTo(ErrorCode.SOURCE_CHANGED);
            }
            assertThat(media.unchanged()).isFalse();
        }
    }

    @Test
    void whatIsNotThereIsNotFound() throws IOException {
        put("gone", BYTES);
        delete("gone");

        assertCode(ErrorCode.SOURCE_NOT_FOUND, () -> store().open(ORG, uri("gone")).close());
        assertCode(ErrorCode.SOURCE_NOT_FOUND, () -> store().open(ORG, uri("never")).close());
    }

    @Test
    void nobodyReadsAnothersFiles() throws IOException {
        put("private", BYTES);
        SourceUri upload = store().uploadTarget(ORG, UUID.randomUUID(), "a.mp4");
        deliver(ORG, upload, BYTES);

        assertCode(ErrorCode.SOURCE_FORBIDDEN, () -> store().open(OTHER, uri("private")).close());
        assertCode(ErrorCode.SOURCE_FORBIDDEN, () -> store().open(OTHER, upload).close());
    }

    @ParameterizedTest
    @CsvSource({"gs://elsewhere/a.mp4", "file:///etc/passwd"})
    void whatIsOutsideIsRefused(String uri) {
        assertThatExceptionOfType(HeimdexException.class)
                .isThrownBy(() -> store().open(ORG, SourceUri.parse(uri)).close())
                .extracting(HeimdexException::code)
                .isIn(ErrorCode.SOURCE_FORBIDDEN, ErrorCode.SCHEME_NOT_ALLOWED);
    }

    @Test
    void theSameBytesAreTheSameAsset() throws IOException {
        put("identity", BYTES);

        AssetId first = id("identity", AssetIdentity.DEFAULT_STRONG_LIMIT);

        assertThat(id("identity", AssetIdentity.DEFAULT_STRONG_LIMIT)).isEqualTo(first);
        assertThat(id("identity", null).value()).isEqualTo("sha256:" + Sha256.hex(BYTES));
    }

    @Test
    void theWalkTellsWhatOpeningTells() throws IOException {
        put("walk/a.mp4", BYTES);
        put("walk/deep/er/b.mp4", BYTES);
        put("walkers", BYTES);
        Seen seen = new Seen();

        store().walk(ORG, uri("walk"), seen);

        assertThat(seen.files)
                .extracting(file -> file.uri().text())
                .containsExactlyInAnyOrder(
                        uri("walk/a.mp4").text(), uri("walk/deep/er/b.mp4").text());
        for (FoundFile file : seen.files) {
            try (OpenedMedia media = store().open(ORG, file.uri())) {
                assertThat(file.fingerprint()).isEqualTo(media.fingerprint());
                assertThat(file.sizeBytes()).isEqualTo(media.size());
                assertThat(file.modifiedAt()).isEqualTo(media.modifiedAt());
            }
        }
    }

    @Test
    void theWalkStaysInTheOrgsArchive() {
        SourceUri above = SourceUri.parse(store().archive(ORG).text().replaceFirst("/[^/]*$", ""));

        assertThat(store().archives()).containsExactly(ORG);
        assertCode(ErrorCode.ARCHIVE_NOT_FOUND, () -> store().walk(OTHER, null, new Seen()));
        assertCode(ErrorCode.SOURCE_FORBIDDEN, () -> store().walk(ORG, above, new Seen()));
    }

    @ParameterizedTest
    @CsvSource({"clip.mp4", "100 % ü #1.mp4", "..mp4", "a+b&c=d.mp4"})
    void anUploadIsReadWhereItWasToGo(String name) throws IOException {
        SourceUri target = store().uploadTarget(OTHER, UUID.randomUUID(), name);
        assertCode(ErrorCode.SOURCE_NOT_FOUND, () -> store().open(OTHER, target).close());

        deliver(OTHER, target, BYTES);
        store().seal(OTHER, target);

        try (OpenedMedia media = store().open(OTHER, target)) {
            assertThat(media.read(0, 10)).isEqualTo(BYTES);
        }
    }

    @Test
    void nothingStaysOfAnUploadThatIsDiscarded() throws IOException {
        SourceUri target = store().uploadTarget(ORG, UUID.randomUUID(), "a.mp4");
        SourceUri other = store().uploadTarget(ORG, UUID.randomUUID(), "a.mp4");
        deliver(ORG, target, BYTES);
        deliver(ORG, other, BYTES);
        store().seal(ORG, target);

        store().discard(ORG, target);
        store().discard(ORG, target);

        assertCode(ErrorCode.SOURCE_NOT_FOUND, () -> store().open(ORG, target).close());
        store().open(ORG, other).close();
    }

    @Test
    void nobodyDiscardsAnothersUpload() throws IOException {
        SourceUri target = store().uploadTarget(ORG, UUID.randomUUID(), "a.mp4");
        deliver(ORG, target, BYTES);

        assertThatIllegalArgumentException().isThrownBy(() -> store().discard(OTHER, target));

        store().open(ORG, target).close();
    }

    @Test
    void derivedFilesAreReplaced() throws IOException {
        store().putDerived("acme/sidecars/a.json", "application/json", BYTES);
        store().putDerived(
                        "acme/sidecars/a.json",
                        "application/json",
                        "{}".getBytes(StandardCharsets.UTF_8));

        assertThat(derived("acme/sidecars/a.json"))
                .asString(StandardCharsets.UTF_8)
                .isEqualTo("{}");
    }

    @Test
    void derivedFilesAreReadUntilTheyAreDeleted() {
        store().putDerived("acme/thumbs/a/poster.jpg", "image/jpeg", BYTES);
        store().putDerived("acme/thumbs/b/poster.jpg", "image/jpeg", BYTES);

        assertThat(store().getDerived("acme/thumbs/a/poster.jpg")).contains(BYTES);
        store().deleteDerived(List.of("acme/thumbs/a/poster.jpg", "acme/thumbs/never.jpg"));
        assertThat(store().getDerived("acme/thumbs/a/poster.jpg")).isEmpty();
        assertThat(store().getDerived("acme/thumbs/b/poster.jpg")).contains(BYTES);
    }

    /** As a client would. */
    private void deliver(OrgId org, SourceUri target, byte[] bytes) throws IOException {
        Optional<DirectUpload> direct =
                store().directUpload(
                                target,
                                bytes.length,
                                "video/mp4",
                                Instant.now().plus(1, ChronoUnit.HOURS));
        if (direct.isEmpty()) {
            store().receive(org, target, new ByteArrayInputStream(bytes), 0, bytes.length);
            return;
        }
        HttpRequest.Builder request =
                HttpRequest.newBuilder(direct.get().url())
                        .method(direct.get().method(), BodyPublishers.ofByteArray(bytes));
        direct.get().headers().forEach(request::header);
        try (HttpClient client = HttpClient.newHttpClient()) {
            assertThat(client.send(request.build(), BodyHandlers.ofString()).statusCode())
                    .isEqualTo(200);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private String fingerprint(String name) {
        try (OpenedMedia media = store().open(ORG, uri(name))) {
            return media.fingerprint();
        }
    }

    private AssetId id(String name, @Nullable Long strongLimit) {
        try (OpenedMedia media = store().open(ORG, uri(name))) {
            return AssetIdentity.of(media, name, strongLimit, null);
        }
    }

    private static void assertCode(ErrorCode code, Runnable call) {
        assertThatExceptionOfType(HeimdexException.class)
                .isThrownBy(call::run)
                .extracting(HeimdexException::code)
                .isEqualTo(code);
    }

    private static final class Seen implements ArchiveVisitor {

        private final List<FoundFile> files = new ArrayList<>();

        @Override
        public void file(FoundFile file) {
            files.add(file);
        }

        @Override
        public void unreadable(String uri, ErrorCode code, String message) {
            throw new AssertionError(uri + " " + code);
        }
    }
}
