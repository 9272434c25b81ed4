package io.heimdex.archive.storage;

import io.heimdex.archive.telemetry.Measure;
import io.heimdex.archive.tenancy.OrgId;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.InputStream;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A store whose calls are counted and timed by what they do and how they end. */
record MeasuredStore(MediaStore store, MeterRegistry meters) implements MediaStore {

    @Override
    public OpenedMedia open(OrgId org, SourceUri source) {
        return new MeasuredMedia(time("open", () -> store.open(org, source)), meters);
    }

    @Override
    public SourceUri archive(OrgId org) {
        return store.archive(org);
    }

    @Override
    public boolean remote() {
        return store.remote();
    }

    @Override
    public Set<OrgId> archives() {
        return store.archives();
    }

    @Override
    public void walk(
            OrgId org, @Nullable SourceUri folder, @Nullable String after, ArchiveVisitor visitor) {
        run("walk", () -> store.walk(org, folder, after, visitor));
    }

    @Override
    public SourceUri uploadTarget(OrgId org, UUID uploadId, String name) {
        return store.uploadTarget(org, uploadId, name);
    }

    @Override
    public Optional<DirectUpload> directUpload(
            SourceUri target, long length, String contentType, Instant expiresAt) {
        return time(
                "direct_upload", () -> store.directUpload(target, length, contentType, expiresAt));
    }

    @Override
    public long receive(OrgId org, SourceUri target, InputStream bytes, long offset, long total) {
        return time("receive", () -> store.receive(org, target, bytes, offset, total));
    }

    @Override
    public void discard(OrgId org, SourceUri upload) {
        run("discard", () -> store.discard(org, upload));
    }

    @Override
    public void seal(OrgId org, SourceUri upload) {
        run("seal", () -> store.seal(org, upload));
    }

    @Override
    public void unseal(OrgId org, SourceUri upload) {
        run("unseal", () -> store.unseal(org, upload));
    }

    @Override
    public void putDerived(String key, String contentType, byte[] content) {
        run("put_derived", () -> store.putDerived(key, contentType, content));
    }

    @Override
    public Optional<byte[]> getDerived(String key) {
        return time("get_derived", () -> store.getDerived(key));
    }

    @Override
    public void deleteDerived(Collection<String> keys) {
        run("delete_derived", () -> store.deleteDerived(keys));
    }

    private <T> T time(String operation, Supplier<T> call) {
        return Measure.STORAGE.time(meters, call, operation);
    }

    private void run(String operation, Runnable call) {
        time(
                operation,
                () -> {
                    call.run();
                    return true;
                });
    }
}
