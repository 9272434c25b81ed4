package io.heimdex.archive.storage.local;

import io.heimdex.archive.problem.HeimdexException;
import io.heimdex.archive.storage.SourceUri;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Collects the regular files below a folder. What cannot be read or named is logged and left out.
 */
final class ArchiveWalk extends SimpleFileVisitor<Path> {

    private static final Logger log = LoggerFactory.getLogger(ArchiveWalk.class);

    private final List<SourceUri> files = new ArrayList<>();

    List<SourceUri> files() {
        return files.stream().sorted((a, b) -> a.text().compareTo(b.text())).toList();
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
        if (attributes.isRegularFile()) {
            String uri = file.toUri().toString();
            try {
                files.add(SourceUri.parse(uri));
            } catch (HeimdexException e) {
                log.warn("{} is left out: {}", uri, e.detail());
            }
        }
        return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException e) {
        log.warn("{} is left out: {}", file.toUri(), e.toString());
        return FileVisitResult.CONTINUE;
    }
}
