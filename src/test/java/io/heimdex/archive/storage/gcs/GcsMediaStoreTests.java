package io.heimdex.archive.storage.gcs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.heimdex.archive.Aside;
import io.heimdex.archive.problem.ErrorCode;
import io.heimdex.archive.problem.HeimdexException;
import io.heimdex.archive.storage.ArchiveSettings;
import io.heimdex.archive.storage.ArchiveVisitor;
import io.heimdex.archive.storage.AssetIdentity;
import io.heimdex.archive.storage.FoundFile;
import io.heimdex.archive.storage.MediaStore;
import io.heimdex.archive.storage.OpenedMedia;
import io.heimdex.archive.storage.SourceUri;
import io.heimdex.archive.storage.gcs.StandInGcs.Fault;
import io.heimdex.archive.tenancy.OrgId;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowingConsumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** The real client of Google, as its starter sets it up, against the stand-in over HTTP. */
@Aside
class GcsMediaStoreTests {

    private static final OrgId ORG = new OrgId("acme");
    private static final OrgId OTHER = new OrgId("other");
    private static final byte[] BYTES = "0123456789".getBytes(StandardCharsets.UTF_8);

    private static StandInGcs gcs;

    @BeforeAll
    static void start() throws Exception {
        gcs = new StandInGcs();
        List.of("media", "own", "foreign").forEach(gcs::bucket);
    }

    @AfterAll
    static void stop() {
        gcs.close();
    }

    @AfterEach
    void calm() {
        gcs.clearFaults();
        gcs.pageSize(1000);
        gcs.delay(0);
    }

    @Test
    void anObjectOfTheArchiveIsReadInRangesOfOneGeneration() {
        long generation = gcs.put("media", "tv/a.mp4", BYTES);

        withStore(store -> {
            try (OpenedMedia media = open(store, "gs://media/tv/a.mp4")) {
                assertThat(media.size()).isEqualTo(10);
                assertThat(media.fingerprint())
                        .isEqualTo("gcs:" + generation + ":" + StandInGcs.crc32c(BYTES));
                assertThat(media.descriptor()).isEmpty();
                assertThat(media.read(3, 4)).isEqualTo("3456".getBytes(StandardCharsets.UTF_8));
                assertThat(media.read(8, 4)).isEqualTo("89".getBytes(StandardCharsets.UTF_8));
                assertThat(media.newInputStream()).hasBinaryContent(BYTES);
                assertThat(media.unchanged()).isTrue();
            }
        });
    }

    @Test
    void aRangeIsAllThatIsSent() {
        gcs.put("media", "tv/large", new byte[4 << 20]);

        withStore(store -> {
            try (OpenedMedia media = open(store, "gs://media/tv/large")) {
                long before = gcs.mediaBytes();
                media.read(1 << 20, 65536);
                assertThat(gcs.mediaBytes() - before).isEqualTo(65536);
            }
        });
    }

    @ParameterizedTest
    @CsvSource({
        "gs://media/other/a.mp4,             SOURCE_FORBIDDEN",
        "gs://media/tvx/a.mp4,               SOURCE_FORBIDDEN",
        "gs://foreign/tv/a.mp4,              SOURCE_FORBIDDEN",
        "gs://own/uploads/other/1/a.mp4,     SOURCE_FORBIDDEN",
        "gs://own/derived/acme/a.json,       SOURCE_FORBIDDEN",
        "gs://media/tv/absent.mp4,           SOURCE_NOT_FOUND",
        "gs://own/uploads/acme/1/absent.mp4, SOURCE_NOT_FOUND",
        "gs://media,                         INVALID_SOURCE_URI",
        "file:///tv/a.mp4,                   SCHEME_NOT_ALLOWED"
    })
    void onlyWhatIsTheOrgsIsOpened(String uri, ErrorCode code) {
        gcs.put("media", "other/a.mp4", BYTES);
        gcs.put("media", "tvx/a.mp4", BYTES);
        gcs.put("foreign", "tv/a.mp4", BYTES);
        gcs.put("own", "uploads/other/1/a.mp4", BYTES);
        gcs.put("own", "derived/acme/a.json", BYTES);

        withStore(store -> assertCode(code, () -> open(store, uri).close()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tv/../secret.mp4",
                "tv/a#b?c=d.mp4",
                "tv/100%25 + ü.mp4",
                "tv//double",
                "tv/./dot",
                "tv/back\\slash"
            })
    void namesAreNoPaths(String name) {
        gcs.put("media", name, BYTES);

        withStore(store -> {
            try (OpenedMedia media = open(store, "gs://media/" + name)) {
                assertThat(media.read(0, 10)).isEqualTo(BYTES);
            }
        });
    }

    @Test
    void aNameOfTheLongestKindIsRead() {
        String name = "tv/" + "x".repeat(1021);
        gcs.put("media", name, BYTES);

        withStore(store -> {
            try (OpenedMedia media = open(store, "gs://media/" + name)) {
                assertThat(media.read(0, 10)).isEqualTo(BYTES);
            }
        });
    }

    @Test
    void anObjectThatIsReplacedWhileItIsReadHasChanged() {
        gcs.put("media", "tv/replaced", BYTES);

        withStore(store -> {
            try (OpenedMedia media = open(store, "gs://media/tv/replaced")) {
                gcs.put("media", "tv/replaced", "another 10".getBytes(StandardCharsets.UTF_8));

                assertCode(ErrorCode.SOURCE_CHANGED, () -> media.read(0, 10));
                assertThat(media.unchanged()).isFalse();
            }
        });
    }

    @Test
    void anObjectThatIsEncryptedByItsOwnerIsRefused() {
        gcs.putEncrypted("media", "tv/encrypted", BYTES);

        withStore(store ->
                assertCode(
                        ErrorCode.SOURCE_ENCRYPTED,
                        () -> open(store, "gs://media/tv/encrypted").close()));
    }

    @Test
    void aCompositeObjectIsOneToo() {
        gcs.putComposite("media", "tv/composite", BYTES);

        withStore(store -> {
            try (OpenedMedia media = open(store, "gs://media/tv/composite")) {
                assertThat(media.storedChecksum()).isNotNull();
            }
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 500, 502, 503, 504})
    void whatMayPassIsTriedAgain(int status) {
        gcs.put("media", "tv/shaky", BYTES);

        withStore(store -> {
            gcs.fault(new Fault.Status("tv/shaky", status));
            try (OpenedMedia media = open(store, "gs://media/tv/shaky")) {
                gcs.fault(new Fault.Status("tv/shaky", status));
                gcs.fault(new Fault.Cut("tv/shaky"));

                assertThat(media.read(0, 10)).isEqualTo(BYTES);
                assertThat(gcs.faultsLeft()).isZero();
            }
        });
    }

    @Test
    void theTriesEndAtTheDeadline() {
        gcs.put("media", "tv/away", BYTES);

        withStore(store -> {
            IntStream.range(0, 100).forEach(_ -> gcs.fault(new Fault.Status("tv/away", 503)));

            assertCode(
                    ErrorCode.STORAGE_UNAVAILABLE, () -> open(store, "gs://media/tv/away").close());
            assertThat(gcs.faultsLeft()).isBetween(80, 98);
        });
    }

    @Test
    void anAnswerThatDripsIsGivenUpAndAskedForAgain() {
        gcs.put("media", "tv/slow", BYTES);

        withStore(store -> {
            try (OpenedMedia media = open(store, "gs://media/tv/slow")) {
                gcs.fault(new Fault.Drip("tv/slow", 5_000));

                assertThat(media.read(0, 10)).isEqualTo(BYTES);
            }
        });
    }

    static Stream<Fault> tooSlow() {
        return Stream.of(
                new Fault.Trickle("tv/trickle", 100),
                new Fault.Drip("tv/trickle", 60_000),
                new Fault.Cut("tv/trickle"));
    }

    /** A byte now and then keeps every single answer going, or begins it anew, for ever. */
    @ParameterizedTest
    @MethodSource("tooSlow")
    void bytesThatComeTooSlowlyAreGivenUpAtTheDeadline(Fault fault) {
        gcs.put("media", "tv/trickle", new byte[1000]);

        withStore(
                store -> {
                    try (OpenedMedia media = open(store, "gs://media/tv/trickle")) {
                        Stream.generate(() -> fault).limit(1000).forEach(gcs::fault);

                        assertCode(ErrorCode.STORAGE_UNAVAILABLE, () -> media.read(0, 1000));
                        assertThat(gcs.faultsLeft()).isGreaterThan(950);
                    }
                },
                "heimdex.storage.gcs.deadline=500ms",
                "heimdex.storage.gcs.request-timeout=200ms");
    }

    @Test
    void anObjectThatIsReplacedWhileItIsHashedHasChanged() {
        gcs.put("media", "tv/hashed", BYTES);

        withStore(store -> {
            try (OpenedMedia media = open(store, "gs://media/tv/hashed")) {
                gcs.fault(new Fault.Replaced("tv/hashed"));

                assertCode(
                        ErrorCode.SOURCE_CHANGED,
                        () -> AssetIdentity.of(media, "hashed", null, null));
            }
        });
    }

    @Test
    void bytesThatAreNotWhatTheStorageKeepsMakeNoIdentity() {
        gcs.put("media", "tv/corrupted", BYTES);

        withStore(store -> {
            try (OpenedMedia media = open(store, "gs://media/tv/corrupted")) {
                gcs.fault(new Fault.Corrupted("tv/corrupted"));

                assertCode(
                        ErrorCode.STORAGE_UNAVAILABLE,
                        () -> AssetIdentity.of(media, "corrupted", null, null));
                assertThat(AssetIdentity.of(media, "corrupted", null, null).value())
                        .startsWith("sha256:");
            }
        });
    }

    @ParameterizedTest
    @CsvSource({"403, SOURCE_FORBIDDEN", "404, SOURCE_NOT_FOUND"})
    void whatIsFinalIsNotTriedAgain(int status, ErrorCode code) {
        gcs.put("media", "tv/final", BYTES);

        withStore(store -> {
            gcs.fault(new Fault.Status("tv/final", status));
            gcs.fault(new Fault.Status("tv/final", status));

            assertCode(code, () -> open(store, "gs://media/tv/final").close());
            assertThat(gcs.faultsLeft()).isOne();
        });
    }

    @Test
    void theWalkTellsEveryObjectPageByPageAndGoesOnWhereItWas() {
        gcs.bucket("walked");
        IntStream.range(0, 25)
                .forEach(i -> gcs.put("walked", "films/%02d.mp4".formatted(i), BYTES));
        gcs.put("walked", "films/folder/", new byte[0]);
        gcs.put("walked", "films/odd\tname", BYTES);
        gcs.putEncrypted("walked", "films/sealed", BYTES);
        gcs.put("walked", "filmsX", BYTES);
        gcs.pageSize(10);

        withStore(
                store -> {
                    Seen all = new Seen();
                    store.walk(ORG, null, all);

                    assertThat(all.files).hasSize(25);
                    assertThat(all.files.getFirst().uri().text())
                            .isEqualTo("gs://walked/films/00.mp4");
                    assertThat(all.unreadable)
                            .containsExactly(
                                    "gs://walked/films/odd%09name invalid_source_uri",
                                    "gs://walked/films/sealed source_encrypted");
                    assertThat(all.places)
                            .containsExactly("films/09.mp4", "films/19.mp4", "films/sealed");

                    Seen rest = new Seen();
                    store.walk(ORG, null, "films/19.mp4", rest);

                    assertThat(rest.files)
                            .extracting(file -> file.uri().name())
                            .containsExactly("20.mp4", "21.mp4", "22.mp4", "23.mp4", "24.mp4");
                    try (OpenedMedia media = store.open(ORG, rest.files.getFirst().uri())) {
                        assertThat(media.fingerprint())
                                .isEqualTo(rest.files.getFirst().fingerprint());
                    }
                },
                "heimdex.archives.acme=gs://walked/films");
    }

    @Test
    void aBucketThatIsNotThereIsNoEmptyArchive() {
        withStore(
                store ->
                        assertCode(
                                ErrorCode.ARCHIVE_NOT_FOUND,
                                () -> store.walk(ORG, null, new Seen())),
                "heimdex.archives.acme=gs://nowhere");
    }

    @Test
    void derivedFilesAreWrittenOverAndOver() {
        withStore(store -> {
            gcs.fault(new Fault.Status("derived/acme", 503));
            store.putDerived("acme/sidecars/a.vna.json", "application/json", BYTES);
            store.putDerived(
                    "acme/sidecars/a.vna.json",
                    "application/json",
                    "{}".getBytes(StandardCharsets.UTF_8));

            assertThat(gcs.bytes("own", "derived/acme/sidecars/a.vna.json"))
                    .asString(StandardCharsets.UTF_8)
                    .isEqualTo("{}");
            assertThat(gcs.contentType("own", "derived/acme/sidecars/a.vna.json"))
                    .isEqualTo("application/json");
            assertThat(gcs.cacheControl("own", "derived/acme/sidecars/a.vna.json"))
                    .isEqualTo("private, no-cache");
        });
    }

    /** A transaction waits for it. */
    @Test
    void manyDerivedFilesAreDeletedAtOnce() {
        List<String> keys =
                IntStream.range(0, 40).mapToObj("acme/thumbs/a/t%d.jpg"::formatted).toList();

        withStore(store -> {
            keys.forEach(key -> gcs.put("own", "derived/" + key, BYTES));
            gcs.mostAtOnce();
            gcs.delay(100);

            store.deleteDerived(keys);

            assertThat(gcs.mostAtOnce()).isBetween(2, 16);
            assertThat(gcs.names("own"))
                    .noneMatch(name -> name.startsWith("derived/acme/thumbs/a/"));
            gcs.fault(new Fault.Status("t7.jpg", 403));
            assertCode(ErrorCode.STORAGE_UNAVAILABLE, () -> store.deleteDerived(keys));
        });
    }

    @Test
    void anOrgReadsSoManyObjectsAtOnceAndNoMore() {
        gcs.put("media", "tv/a.mp4", BYTES);
        gcs.put("own", "uploads/other/1/a.mp4", BYTES);

        withStore(
                store -> {
                    try (OpenedMedia _ = open(store, "gs://media/tv/a.mp4")) {
                        assertCode(
                                ErrorCode.STORAGE_UNAVAILABLE,
                                () -> open(store, "gs://media/tv/a.mp4").close());
                        // Another org is not held up.
                        store.open(OTHER, SourceUri.parse("gs://own/uploads/other/1/a.mp4"))
                                .close();
                    }
                    open(store, "gs://media/tv/a.mp4").close();
                },
                "heimdex.storage.gcs.media-per-org=1",
                "heimdex.storage.gcs.queue-timeout=500ms");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "heimdex.archives.acme=/a/folder",
                "heimdex.archives.acme=gs://own",
                "heimdex.archives.acme=gs://own/uploads/x",
                "heimdex.archives.acme=gs://Own/x",
                "heimdex.storage.gcs.bucket="
            })
    void whatCannotBeIsRefusedAtTheStart(String property) {
        runner(property)
                .run(context ->
                        assertThat(context)
                                .getFailure()
                                .rootCause()
                                .hasMessageContaining(
                                        property.startsWith("heimdex.archives")
                                                ? "heimdex.archives.acme"
                                                : "heimdex.storage.gcs.bucket"));
    }

    private static OpenedMedia open(MediaStore store, String uri) {
        return store.open(ORG, SourceUri.parse(uri));
    }

    private static void assertCode(ErrorCode code, Runnable call) {
        assertThatExceptionOfType(HeimdexException.class)
                .isThrownBy(call::run)
                .extracting(HeimdexException::code)
                .isEqualTo(code);
    }

    private static void withStore(ThrowingConsumer<MediaStore> use, String... properties) {
        runner(properties)
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    use.accept(context.getBean(MediaStore.class));
                });
    }

    private static ApplicationContextRunner runner(String... properties) {
        return new ApplicationContextRunner()
                .withUserConfiguration(GcsConfiguration.class, Settings.class)
                .withBean(Clock.class, Clock::systemUTC)
                .withPropertyValues(
                        gcs.properties().entrySet().stream()
                                .map(entry -> entry.getKey() + "=" + entry.getValue())
                                .toArray(String[]::new))
                .withPropertyValues(
                        "heimdex.storage.gcs.bucket=own",
                        "heimdex.storage.gcs.deadline=3s",
                        "heimdex.storage.gcs.request-timeout=1s",
                        "heimdex.archives.acme=gs://media/tv")
                .withPropertyValues(properties);
    }

    @EnableConfigurationProperties({GcsSettings.class, ArchiveSettings.class})
    static class Settings {}

    private static final class Seen implements ArchiveVisitor {

        private final List<FoundFile> files = new ArrayList<>();
        private final List<String> unreadable = new ArrayList<>();
        private final List<String> places = new ArrayList<>();

        @Override
        public void file(FoundFile file) {
            files.add(file);
        }

        @Override
        public void unreadable(String uri, ErrorCode code, String message) {
            unreadable.add(uri + " " + code.code());
        }

        @Override
        public void reached(String after) {
            places.add(after);
        }
    }
}
