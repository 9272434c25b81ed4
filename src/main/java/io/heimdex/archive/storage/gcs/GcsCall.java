package io.heimdex.archive.storage.gcs;

import com.google.cloud.BaseServiceException;
import com.google.cloud.storage.StorageException;
import io.heimdex.archive.problem.ErrorCode;
import io.heimdex.archive.problem.HeimdexException;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A request to Google Cloud Storage, and what its failures mean to us. */
@FunctionalInterface
interface GcsCall<T> {

    Logger log = LoggerFactory.getLogger(GcsCall.class);

    T make() throws IOException;

    /**
     * Makes the request; the client has tried again what may pass.
     *
     * @throws HeimdexException {@code source_not_found}, {@code source_forbidden}, {@code
     *     source_changed} or {@code storage_unavailable}
     */
    static <T> T call(GcsCall<T> call) {
        try {
            return call.make();
        } catch (StorageException e) {
            throw meaning(e);
        } catch (IOException e) {
            if (e.getCause() instanceof StorageException known) {
                throw meaning(known);
            }
            throw unavailable(e);
        }
    }

    private static HeimdexException meaning(BaseServiceException e) {
        return switch (e.getCode()) {
            case 404 ->
                    new HeimdexException(
                            ErrorCode.SOURCE_NOT_FOUND, "There is no such bucket or object.", e);
            case 401, 403 -> {
                log.warn("Google Cloud Storage refuses the service's credentials", e);
                yield new HeimdexException(
                        ErrorCode.SOURCE_FORBIDDEN,
                        "The service's account may not do this in the bucket.",
                        e);
            }
            case 304, 412 ->
                    new HeimdexException(
                            ErrorCode.SOURCE_CHANGED,
                            "The object was replaced while it was read; commit it again.",
                            e);
            default -> unavailable(e);
        };
    }

    private static HeimdexException unavailable(Exception e) {
        return new HeimdexException(
                ErrorCode.STORAGE_UNAVAILABLE, "The bucket cannot be reached right now.", e);
    }
}
