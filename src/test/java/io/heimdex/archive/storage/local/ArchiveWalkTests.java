package io.heimdex.archive.storage.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.heimdex.archive.storage.SourceUri;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArchiveWalkTests {

    @TempDir Path folder;

    @Test
    void filesAreFoundAtEveryDepthAndInOneOrder() throws IOException {
        Files.createDirectories(folder.resolve("a/b"));
        Files.createFile(folder.resolve("z.mp4"));
        Files.createFile(folder.resolve("a/b/c d.mov"));

        assertThat(walk()).extracting(SourceUri::name).containsExactly("c d.mov", "z.mp4");
    }

    @Test
    void aNameThatNoUriCanHoldIsLeftOutAndTheRestIsFound() throws Exception {
        Files.createFile(folder.resolve("good.mp4"));
        // Latin-1, a backslash, a line break, and an escape that would be decoded twice.
        shell(
                "touch \"$(printf 'caf\\351.mp4')\" 'a\\b.mp4' \"$(printf 'a\\nb.mp4')\" 'a%2fb.mp4'");

        assertThat(walk()).extracting(SourceUri::name).containsExactly("good.mp4");
    }

    @Test
    void linksPipesAndFoldersAreNoFiles() throws Exception {
        Files.createFile(folder.resolve("good.mp4"));
        shell("mkdir sub; mkfifo pipe.mp4; ln -s good.mp4 link.mp4; ln -s . loop");

        assertThat(walk()).extracting(SourceUri::name).containsExactly("good.mp4");
    }

    private List<SourceUri> walk() throws IOException {
        ArchiveWalk walk = new ArchiveWalk();
        Files.walkFileTree(folder, walk);
        return walk.files();
    }

    private void shell(String script) throws IOException, InterruptedException {
        Process process = new ProcessBuilder("sh", "-c", script).directory(folder.toFile()).start();
        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
    }
}
