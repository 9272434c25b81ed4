package io.heimdex.archive.storage.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.heimdex.archive.problem.HeimdexException;
import io.heimdex.archive.storage.ArchiveSettings;
import io.heimdex.archive.storage.OpenedMedia;
import io.heimdex.archive.storage.SourceUri;
import io.heimdex.archive.storage.StorageBackend;
import io.heimdex.archive.tenancy.OrgId;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.unit.DataSize;

/**
 * Somebody who may write in his archive exchanges a file and its folder for links to another org's,
 * as fast as he can, while the file is opened again and again.
 */
class SwapperRaceTests {

    private static final OrgId ORG = new OrgId("mine");
    private static final byte[] OWN = "mine".getBytes(StandardCharsets.UTF_8);
    private static final String OPENED = "opened";
    private static final String LINK = "The path of the source leads over a link";
    private static final String HARD_LINK = "The source has several hard links";
    private static final String REPLACED = "The file was replaced while it was opened";
    private static final String GONE = "There is nothing at the source URI.";

    @TempDir private Path folder;
    private Path tv = Path.of("");
    private Path clip = Path.of("");
    private Path theirs = Path.of("");
    private @Nullable LocalMediaStore store;
    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicReference<Throwable> fault = new AtomicReference<>();
    private @Nullable Thread swapper;

    @BeforeEach
    void twoOrgs() throws IOException {
        Path archive = Files.createDirectories(folder.resolve("mine"));
        tv = Files.createDirectories(archive.resolve("tv"));
        clip = tv.resolve("clip.mp4");
        theirs = Files.createDirectories(folder.resolve("theirs"));
        Files.writeString(theirs.resolve("clip.mp4"), "the other org's");
        store =
                new LocalMediaStore(
                        new LocalStorageSettings(
                                StorageBackend.LOCAL,
                                folder.resolve("data"),
                                folder.resolve("derived"),
                                Set.of("file"),
                                DataSize.ofBytes(0)),
                        new ArchiveSettings(Map.of(ORG.value(), archive.toString())));
        swapper = Thread.ofPlatform().name("swapper").start(this::swap);
    }

    @AfterEach
    void end() throws InterruptedException {
        over.set(true);
        if (swapper != null) {
            swapper.join();
        }
        assertThat(fault.get()).isNull();
    }

    @Test
    @Timeout(60)
    void nothingOfAnotherOrgIsRead() throws IOException {
        race(5_000);
    }

    @Test
    @Tag("hostile")
    @Timeout(600)
    void nothingOfAnotherOrgIsReadInAHundredThousandRounds() throws IOException {
        race(100_000);
    }

    /** The same race, run against what looks at the path and then opens it. */
    @Test
    @Timeout(60)
    void whoLooksBeforeHeOpensIsLedAstray() {
        Path archive = folder.resolve("mine");
        String read = "";
        while (!read.startsWith("the other")) {
            try {
                if (clip.toRealPath().startsWith(archive.toRealPath())
                        && Files.isRegularFile(clip)) {
                    read = Files.readString(clip);
                }
            } catch (IOException _) {
                // Gone for a moment.
            }
        }
    }

    private void race(int rounds) throws IOException {
        Map<String, Integer> ends = new TreeMap<>();
        for (int round = 0; round < rounds || !raced(ends); round++) {
            ends.merge(open(), 1, Integer::sum);
        }
        System.out.println("swapper: rounds=" + rounds + " " + ends);
        assertThat(ends.keySet()).allMatch(SwapperRaceTests::foreseen);
    }

    /** Whether what may be read and what may not have all been met. */
    private static boolean raced(Map<String, Integer> ends) {
        return Stream.of(OPENED, LINK, HARD_LINK).allMatch(ends::containsKey);
    }

    private static boolean foreseen(String end) {
        return Set.of(OPENED, LINK, HARD_LINK, REPLACED, GONE).contains(end);
    }

    private String open() throws IOException {
        if (store == null) {
            throw new IllegalStateException();
        }
        try (OpenedMedia media = store.open(ORG, SourceUri.parse(clip.toUri().toString()))) {
            // As the digest reads it, as the search for the index does, and as ffprobe does.
            try (InputStream in = media.newInputStream()) {
                assertThat(in.readAllBytes()).isEqualTo(OWN);
            }
            assertThat(media.read(0, 100)).isEqualTo(OWN);
            assertThat(Files.readAllBytes(media.descriptor().orElseThrow())).isEqualTo(OWN);
            return OPENED;
        } catch (HeimdexException e) {
            return Stream.of(LINK, HARD_LINK, REPLACED)
                    .filter(e.detail()::startsWith)
                    .findFirst()
                    .orElse(e.detail());
        }
    }

    private void swap() {
        try {
            Path next = folder.resolve("mine/next");
            Path aside = folder.resolve("mine/aside");
            while (!over.get()) {
                Files.write(next, OWN);
                rename(next, clip);
                Files.createSymbolicLink(next, theirs.resolve("clip.mp4"));
                rename(next, clip);
                for (int i = 0; i < 4; i++) {
                    // While it is there, their file has two links; then it has one again.
                    Files.createLink(next, theirs.resolve("clip.mp4"));
                    rename(next, clip);
                    Files.write(next, OWN);
                    rename(next, clip);
                }

                Files.createSymbolicLink(next, theirs);
                for (int i = 0; i < 4; i++) {
                    rename(tv, aside);
                    rename(next, tv);
                    Thread.onSpinWait();
                    rename(tv, next);
                    rename(aside, tv);
                    Thread.onSpinWait();
                }
                Files.delete(next);
            }
        } catch (IOException | UncheckedIOException e) {
            fault.set(e);
        }
    }

    private static void rename(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    }
}
