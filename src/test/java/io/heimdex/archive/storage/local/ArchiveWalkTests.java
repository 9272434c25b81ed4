package io.heimdex.archive.storage.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.heimdex.archive.problem.ErrorCode;
import io.heimdex.archive.problem.HeimdexException;
import io.heimdex.archive.storage.ArchiveSettings;
import io.heimdex.archive.storage.ArchiveVisitor;
import io.heimdex.archive.storage.FoundFile;
import io.heimdex.archive.storage.OpenedMedia;
import io.heimdex.archive.storage.SourceUri;
import io.heimdex.archive.storage.StorageBackend;
import io.heimdex.archive.tenancy.OrgId;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.util.unit.DataSize;

@Timeout(60)
class ArchiveWalkTests {

    private static final OrgId ORG = new OrgId("demo");

    @TempDir Path temp;

    private Path folder = Path.of("");

    @BeforeEach
    void anArchive() throws IOException {
        folder = Files.createDirectory(temp.toRealPath().resolve("archive"));
    }

    @Test
    void filesAreFoundAtEveryDepth() throws IOException {
        Files.createDirectories(folder.resolve("a/b/empty"));
        Files.createFile(folder.resolve("z.mp4"));
        Files.createFile(folder.resolve(".hidden.mp4"));
        Files.createFile(folder.resolve("a/b/c d.mov"));

        Seen seen = walk();

        assertThat(seen.uris())
                .containsExactlyInAnyOrder(
                        uri("z.mp4"), uri(".hidden.mp4"), uri("a/b") + "/c%20d.mov");
        assertThat(seen.faults).isEmpty();
    }

    @Test
    void whatIsSaidOfAFileIsWhatOpeningItSays() throws IOException {
        Path now = Files.writeString(folder.resolve("now.mp4"), "abc");
        Path old = Files.writeString(folder.resolve("old.mp4"), "");
        Files.setLastModifiedTime(
                now, FileTime.from(Instant.parse("2026-01-02T03:04:05.678901234Z")));
        Files.setLastModifiedTime(old, FileTime.from(Instant.parse("1965-01-02T03:04:05.5Z")));

        Seen seen = walk();

        assertThat(seen.files).hasSize(2);
        for (FoundFile file : seen.files) {
            try (OpenedMedia media = store(folder).open(ORG, file.uri())) {
                assertThat(file.sizeBytes()).isEqualTo(media.size());
                assertThat(file.modifiedAt()).isEqualTo(media.modifiedAt());
                assertThat(file.fingerprint()).isEqualTo(media.fingerprint());
            }
            assertThat(file.modifiedAt())
                    .isEqualTo(
                            Files.getLastModifiedTime(folder.resolve(file.uri().name()))
                                    .toInstant());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"a b#?.mp4", "100%.mp4", "größe 🎬.mp4", "-rf.mp4", "...", "a+b;c=d:@&.mp4"})
    void aFileOfAnyPlainNameCanBeOpenedByItsUri(String name) throws IOException {
        Files.createFile(folder.resolve(name));

        Seen seen = walk();

        assertThat(seen.files)
                .singleElement()
                .extracting(file -> file.uri().name())
                .isEqualTo(name);
        SourceUri uri = seen.files.getFirst().uri();
        assertThat(SourceUri.parse(uri.text())).isEqualTo(uri);
        try (OpenedMedia media = store(folder).open(ORG, uri)) {
            assertThat(media.size()).isZero();
        }
    }

    @Test
    void theLongestNamesAreFound() throws IOException {
        String inBytes = "x".repeat(251) + ".mp4";
        String inLetters = "ä".repeat(127);
        Files.createFile(folder.resolve(inBytes));
        Files.createFile(folder.resolve(inLetters));

        assertThat(walk().names()).containsExactlyInAnyOrder(inBytes, inLetters);
    }

    @Test
    void aNameThatNoUriCanHoldIsToldAndTheRestIsFound() throws Exception {
        Files.createFile(folder.resolve("good.mp4"));
        shell(
                """
                touch "$(printf 'caf\\351.mp4')" 'a\\b.mp4' "$(printf 'a\\nb.mp4')" 'a%2fb.mp4'
                mkdir "$(printf '\\377')"
                touch "$(printf '\\377')/below.mp4"
                """);

        Seen seen = walk();

        assertThat(seen.names()).containsExactly("good.mp4");
        assertThat(seen.faults.keySet())
                .containsExactlyInAnyOrder(
                        uri("caf%E9.mp4"),
                        uri("a%5Cb.mp4"),
                        uri("a%0Ab.mp4"),
                        uri("a%252fb.mp4"),
                        uri("%FF"));
        assertThat(seen.faults.values()).containsOnly(ErrorCode.INVALID_SOURCE_URI);
    }

    @Test
    void foldersTooDeepForAnyUriAreToldOnceAndNotEntered() throws Exception {
        Files.createFile(folder.resolve("good.mp4"));
        shell(
                """
                name=$(printf '%0250d' 0)
                for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16; do mkdir $name && cd $name || exit 1; done
                touch below.mp4
                """);

        Seen seen = walk();

        assertThat(seen.names()).containsExactly("good.mp4");
        assertThat(seen.faults.values()).containsExactly(ErrorCode.INVALID_SOURCE_URI);
        shell("rm -rf 0*");
    }

    @Test
    void linksPipesAndSocketsAreNoFiles() throws Exception {
        Files.createFile(folder.resolve("good.mp4"));
        Path outside = Files.createDirectory(temp.resolve("outside"));
        Files.createFile(outside.resolve("other.mp4"));
        shell(
                """
                mkdir sub; mkfifo pipe.mp4; ln -s good.mp4 link.mp4; ln -s . loop; ln -s .. sub/up
                ln -s ../outside out; ln -s gone.mp4 dangling.mp4; ln -s self self
                """);

        try (ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            socket.bind(UnixDomainSocketAddress.of(folder.resolve("socket.mp4")));

            Seen seen = walk();

            assertThat(seen.names()).containsExactly("good.mp4");
            assertThat(seen.faults).isEmpty();
        }
    }

    @Test
    void aFileWithSeveralNamesIsToldAsOpeningItWouldBeRefused() throws IOException {
        Path file = Files.createFile(folder.resolve("a.mp4"));
        Files.createLink(folder.resolve("b.mp4"), file);

        Seen seen = walk();

        assertThat(seen.files).isEmpty();
        assertThat(seen.faults)
                .isEqualTo(
                        Map.of(
                                uri("a.mp4"), ErrorCode.SOURCE_FORBIDDEN,
                                uri("b.mp4"), ErrorCode.SOURCE_FORBIDDEN));
    }

    @Test
    void anotherDeviceIsToldAndNotEntered() throws IOException {
        Path dev = Path.of("/dev");
        assumeThat(Files.getAttribute(Path.of("/dev/shm"), "unix:dev"))
                .isNotEqualTo(Files.getAttribute(dev, "unix:dev"));
        Path file = Files.createTempFile(Path.of("/dev/shm"), "walk", ".mp4");
        try {
            Seen seen = new Seen();
            store(dev).walk(ORG, null, seen);

            assertThat(seen.faults).containsEntry("file:///dev/shm", ErrorCode.SOURCE_FORBIDDEN);
            assertThat(seen.uris()).noneMatch(uri -> uri.startsWith("file:///dev/shm/"));
        } finally {
            Files.delete(file);
        }
    }

    @Test
    void everyOneOfManyFilesInAFolderIsFoundOnce() throws Exception {
        shell("seq -f %.0f.mp4 100000 | xargs touch");

        Seen seen = walk();

        assertThat(seen.files.size()).isEqualTo(100_000);
        assertThat(new HashSet<>(seen.names()).size()).isEqualTo(100_000);
        shell("rm -rf -- *");
    }

    @Test
    void everyOneOfManyFoldersInAFolderIsEnteredOnce() throws Exception {
        shell("for i in $(seq 1000); do mkdir $i; : > $i/$i.mp4; done");

        assertThat(walk().uris()).hasSize(1_000).doesNotHaveDuplicates();
    }

    @Test
    void aFileThatVanishesInMidWalkIsTold() throws IOException {
        Path a = Files.createFile(folder.resolve("a.mp4"));
        Path b = Files.createFile(folder.resolve("b.mp4"));

        Seen seen = walk(file -> delete(file.uri().name().equals("a.mp4") ? b : a));

        assertThat(seen.files).hasSize(1);
        assertThat(seen.faults).hasSize(1).containsValue(ErrorCode.SOURCE_NOT_FOUND);
        assertThat(seen.faults).doesNotContainKey(seen.uris().getFirst());
    }

    @Test
    void aFolderThatVanishesBeforeItIsEnteredIsToldAndTheRestIsFound() throws IOException {
        Path a = Files.createDirectory(folder.resolve("a"));
        Path b = Files.createDirectory(folder.resolve("b"));
        Files.createFile(a.resolve("a.mp4"));
        Files.createFile(b.resolve("b.mp4"));

        Seen seen = walk(file -> deleteAll(file.uri().name().equals("a.mp4") ? b : a));

        assertThat(seen.names()).hasSize(1);
        String gone = seen.names().contains("a.mp4") ? "b" : "a";
        assertThat(seen.faults).isEqualTo(Map.of(uri(gone), ErrorCode.SOURCE_NOT_FOUND));
    }

    @Test
    void aFolderThatVanishesWhileItIsReadIsToldAndTheRestIsFound() throws IOException {
        Path gone = Files.createDirectory(folder.resolve("gone"));
        for (int i = 0; i < 1_000; i++) {
            Files.createFile(gone.resolve(i + ".mp4"));
        }
        Files.createFile(Files.createDirectory(folder.resolve("stays")).resolve("b.mp4"));

        Seen seen =
                walk(file -> {
                    if (file.uri().text().startsWith(uri("gone/"))) {
                        deleteAll(gone);
                    }
                });

        assertThat(seen.names()).hasSize(2).contains("b.mp4");
        assertThat(seen.faults).containsEntry(uri("gone"), ErrorCode.SOURCE_NOT_FOUND);
        assertThat(seen.faults.values()).containsOnly(ErrorCode.SOURCE_NOT_FOUND);
    }

    @Test
    void aFolderThatBecomesALinkIsNotFollowed() throws IOException {
        Path outside = Files.createDirectory(temp.resolve("outside"));
        Files.createFile(outside.resolve("other.mp4"));
        Path a = Files.createDirectory(folder.resolve("a"));
        Path b = Files.createDirectory(folder.resolve("b"));
        Files.createFile(a.resolve("a.mp4"));
        Files.createFile(b.resolve("b.mp4"));

        Seen seen =
                walk(file -> {
                    Path other = file.uri().name().equals("a.mp4") ? b : a;
                    deleteAll(other);
                    Files.createSymbolicLink(other, outside);
                });

        assertThat(seen.names()).hasSize(1).doesNotContain("other.mp4");
        String link = seen.names().contains("a.mp4") ? "b" : "a";
        assertThat(seen.faults).isEqualTo(Map.of(uri(link), ErrorCode.SOURCE_FORBIDDEN));
    }

    @Test
    void aFolderThatMovesAwayIsReadWhereItIsAndNothingAboveIt() throws IOException {
        Path sub = Files.createDirectory(folder.resolve("sub"));
        Files.createFile(sub.resolve("a.mp4"));
        Files.createDirectory(sub.resolve("deep"));
        Files.createFile(sub.resolve("deep/b.mp4"));
        Path away = temp.resolve("away");
        Files.createFile(temp.resolve("other.mp4"));

        Seen seen =
                walk(file -> {
                    if (file.uri().name().equals("a.mp4")) {
                        Files.move(sub, away);
                    }
                });

        assertThat(seen.names()).containsExactlyInAnyOrder("a.mp4", "b.mp4");
    }

    @Test
    void aFolderWithoutPermissionIsToldAndTheRestIsFound() throws IOException {
        Files.createFile(folder.resolve("a.mp4"));
        Path closed = Files.createDirectory(folder.resolve("closed"));
        Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("---------"));
        try {
            assumeThat(Files.isReadable(closed)).as("root reads everything").isFalse();

            Seen seen = walk();

            assertThat(seen.names()).containsExactly("a.mp4");
            assertThat(seen.faults).isEqualTo(Map.of(uri("closed"), ErrorCode.SOURCE_FORBIDDEN));
        } finally {
            Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rwx------"));
        }
    }

    @Test
    void onlyWhatIsBelowAFolderIsWalked() throws IOException {
        Files.createDirectories(folder.resolve("a b/c"));
        Files.createDirectory(folder.resolve("a b2"));
        Files.createFile(folder.resolve("a b/c/in.mp4"));
        Files.createFile(folder.resolve("a b2/out.mp4"));
        Files.createFile(folder.resolve("out.mp4"));

        assertThat(walkBelow(folder, uri("a b")).uris())
                .containsExactly(uri("") + "/a%20b/c/in.mp4");
        assertThat(walkBelow(folder, uri("")).files).hasSize(3);
    }

    @Test
    void aFolderMayBeNamedAsItsArchiveIsConfigured() throws IOException {
        Path link = Files.createSymbolicLink(temp.toRealPath().resolve("link"), folder);
        Files.createFile(Files.createDirectory(folder.resolve("sub")).resolve("in.mp4"));

        assertThat(walkBelow(link, "file://" + link + "/sub").uris())
                .containsExactly(uri("sub/in.mp4"));
    }

    @Test
    void aFolderThatIsNotTheArchivesIsRefused() throws IOException {
        Path outside = Files.createDirectory(temp.toRealPath().resolve("archive2"));
        Files.createSymbolicLink(folder.resolve("out"), outside);
        Files.createFile(folder.resolve("file.mp4"));

        assertRefused(ErrorCode.SOURCE_FORBIDDEN, "file://" + outside);
        assertRefused(ErrorCode.SOURCE_FORBIDDEN, uri("out"));
        assertRefused(ErrorCode.SOURCE_FORBIDDEN, uri("file.mp4"));
        assertRefused(ErrorCode.SOURCE_NOT_FOUND, uri("gone"));
    }

    @Test
    void anArchiveThatIsNotThereIsAnError() throws IOException {
        Path file = Files.createFile(temp.resolve("file"));

        for (LocalMediaStore store : List.of(store(temp.resolve("gone")), store(file), store())) {
            assertThatExceptionOfType(HeimdexException.class)
                    .isThrownBy(() -> store.walk(ORG, null, new Seen()))
                    .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.ARCHIVE_NOT_FOUND));
        }
    }

    @Test
    void anEmptyArchiveIsNoError() throws IOException {
        assertThat(walk().files).isEmpty();
    }

    @Test
    void whatTheVisitorThrowsEndsTheWalkAndLeavesNothingOpen() throws IOException {
        Files.createDirectories(folder.resolve("a/b"));
        Files.createFile(folder.resolve("a/b/c.mp4"));

        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() ->
                        walk(_ -> {
                            assertThat(openFolders()).hasSize(3);
                            throw new IllegalStateException("enough");
                        }))
                .withMessage("enough");
        assertThat(openFolders()).isEmpty();
    }

    @Test
    void aWalkLeavesNothingOpen() throws IOException {
        Files.createFile(Files.createDirectories(folder.resolve("a/b")).resolve("c.mp4"));
        walk();
        assertThatExceptionOfType(HeimdexException.class)
                .isThrownBy(() -> walkBelow(folder, uri("a/b/gone")));

        assertThat(openFolders()).isEmpty();
    }

    @Test
    void anInterruptEndsTheWalk() throws IOException {
        for (String name : List.of("a", "b", "c")) {
            Files.createFile(Files.createDirectory(folder.resolve(name)).resolve("x.mp4"));
        }
        Seen seen = new Seen(_ -> Thread.currentThread().interrupt());
        try {
            assertThatExceptionOfType(HeimdexException.class)
                    .isThrownBy(() -> store(folder).walk(ORG, null, seen))
                    .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.SERVICE_UNAVAILABLE));
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
        assertThat(seen.files).hasSize(1);
    }

    private void assertRefused(ErrorCode code, String below) {
        assertThatExceptionOfType(HeimdexException.class)
                .isThrownBy(() -> walkBelow(folder, below))
                .satisfies(e -> assertThat(e.code()).isEqualTo(code));
    }

    private Seen walk() throws IOException {
        return walk(_ -> {});
    }

    private Seen walk(Reaction reaction) throws IOException {
        Seen seen = new Seen(reaction);
        store(folder).walk(ORG, null, seen);
        return seen;
    }

    private Seen walkBelow(Path archive, String below) throws IOException {
        Seen seen = new Seen();
        store(archive).walk(ORG, SourceUri.parse(below), seen);
        return seen;
    }

    private LocalMediaStore store(Path... archive) throws IOException {
        Map<String, String> archives = new HashMap<>();
        for (Path path : archive) {
            archives.put(ORG.value(), path.toString());
        }
        return new LocalMediaStore(
                new LocalStorageSettings(
                        StorageBackend.LOCAL,
                        temp.resolve("data"),
                        temp.resolve("derived"),
                        Set.of("file"),
                        DataSize.ofMegabytes(1)),
                new ArchiveSettings(archives));
    }

    private String uri(String below) {
        return "file://" + (below.isEmpty() ? folder : folder + "/" + below);
    }

    /** What of the archive this process has open. */
    private List<Path> openFolders() throws IOException {
        List<Path> open = new ArrayList<>();
        try (DirectoryStream<Path> descriptors =
                Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            for (Path descriptor : descriptors) {
                Path target = target(descriptor);
                if (target != null && target.startsWith(folder)) {
                    open.add(target);
                }
            }
        }
        return open;
    }

    /** {@code null} if it was closed meanwhile. */
    private static @Nullable Path target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor);
        } catch (IOException _) {
            return null;
        }
    }

    private static void delete(Path path) throws IOException {
        Files.deleteIfExists(path);
    }

    private static void deleteAll(Path path) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(path)) {
            for (Path file : files) {
                Files.delete(file);
            }
        }
        Files.delete(path);
    }

    private void shell(String script) throws IOException, InterruptedException {
        Process process = new ProcessBuilder("sh", "-c", script).directory(folder.toFile()).start();
        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
    }

    private interface Reaction {
        void to(FoundFile file) throws IOException;
    }

    private static final class Seen implements ArchiveVisitor {

        private final List<FoundFile> files = new ArrayList<>();
        private final Map<String, ErrorCode> faults = new HashMap<>();
        private final Reaction reaction;

        Seen() {
            this(_ -> {});
        }

        Seen(Reaction reaction) {
            this.reaction = reaction;
        }

        List<String> uris() {
            return files.stream().map(file -> file.uri().text()).toList();
        }

        List<String> names() {
            return files.stream().map(file -> file.uri().name()).toList();
        }

        @Override
        public void file(FoundFile file) {
            files.add(file);
            try {
                reaction.to(file);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }

        @Override
        public void unreadable(String uri, ErrorCode code, String message) {
            assertThat(message).isNotBlank();
            assertThat(faults.put(uri, code)).as("told once: %s", uri).isNull();
        }
    }
}
