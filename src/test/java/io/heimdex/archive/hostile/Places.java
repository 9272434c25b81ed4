package io.heimdex.archive.hostile;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/** Names of what is no file of the org. */
final class Places {

    private final Corpus corpus;
    private final Path samples;

    Places(Corpus corpus, Path samples) {
        this.corpus = corpus;
        this.samples = samples;
    }

    void make() throws IOException {
        pipe(corpus.place("pipe", "film.mp4"));
        try (ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            socket.bind(UnixDomainSocketAddress.of(corpus.place("socket", "s")));
        }
        corpus.found("device", Path.of("/dev/zero"));
        corpus.found("terminal", Path.of("/dev/tty"));
        Files.createDirectory(corpus.place("folder", "film.mp4"));
        Files.createFile(corpus.place("empty", "film.mp4"));
        link("link-to-passwords", Path.of("/etc/passwd"));
        link("link-to-other-org", corpus.theirs().resolve("secret.mp4"));
        link("link-to-other-org-relative", Path.of("../../theirs/secret.mp4"));
        link("link-to-device", Path.of("/dev/zero"));
        link("link-to-environment", Path.of("/proc/self/environ"));
        link("link-to-descriptor", Path.of("/proc/self/fd/0"));
        link("link-to-nothing", Path.of("nothing"));
        link("link-in-a-loop", Path.of("film.mp4"));
        Path chain = corpus.folder("link-to-a-link");
        Files.createSymbolicLink(chain.resolve("next"), corpus.theirs().resolve("secret.mp4"));
        link("link-to-a-link", Path.of("next"));
        Path inside = corpus.folder("link-inside");
        Files.copy(samples.resolve("h264-aac.mp4"), inside.resolve("good.mp4"));
        link("link-inside", Path.of("good.mp4"));
        Path linked = corpus.place("folder-linked", "theirs");
        Files.createSymbolicLink(linked, corpus.theirs());
        corpus.place("file-below-linked-folder", "../folder-linked/theirs/secret.mp4");
        corpus.place("file-below-file", "../link-inside/good.mp4/film.mp4");
        Files.createLink(
                corpus.place("hard-link-to-other-org", "film.mp4"),
                corpus.theirs().resolve("secret.mp4"));
        corpus.place("nothing", "film.mp4");
        corpus.place("name-of-256-bytes", "a".repeat(256));
        Boxes.Sparse.write(corpus.place("sparse-4-gb", "film.mp4"), new byte[1], 4L << 30);
        Boxes.Sparse.write(corpus.place("sparse-terabyte", "film.mp4"), new byte[1], 1L << 40);
    }

    private void link(String name, Path target) throws IOException {
        Files.createSymbolicLink(corpus.place(name, "film.mp4"), target);
    }

    private static void pipe(Path place) throws IOException {
        try {
            new ProcessBuilder("mkfifo", place.toString()).inheritIO().start().waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }
}
