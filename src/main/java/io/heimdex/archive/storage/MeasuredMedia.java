package io.heimdex.archive.storage;

import io.heimdex.archive.telemetry.Measure;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A file whose reads are counted and timed. */
record MeasuredMedia(OpenedMedia media, MeterRegistry meters) implements OpenedMedia {

    @Override
    public SourceUri uri() {
        return media.uri();
    }

    @Override
    public long size() {
        return media.size();
    }

    @Override
    public Instant modifiedAt() {
        return media.modifiedAt();
    }

    @Override
    public String fingerprint() {
        return media.fingerprint();
    }

    @Override
    public InputStream newInputStream() throws IOException {
        return media.newInputStream();
    }

    @Override
    public Optional<Path> descriptor() {
        return media.descriptor();
    }

    @Override
    public byte[] read(long position, int length) {
        return Measure.STORAGE.time(meters, () -> media.read(position, length), "read");
    }

    @Override
    public @Nullable Checksum storedChecksum() {
        return media.storedChecksum();
    }

    @Override
    public boolean unchanged() {
        return media.unchanged();
    }

    @Override
    public void close() {
        media.close();
    }
}
