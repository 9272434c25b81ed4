package io.heimdex.archive.sidecar;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What the last change of a sidecar changed. A later probe that finds the same leaves it as it is.
 *
 * @param etag of the sidecar as it is
 * @param previousEtag of the one before, {@code null} if it never changed
 * @param changes at most {@value #MAX_CHANGES}
 */
public record SidecarChanges(
        String assetId,
        String etag,
        @Nullable String previousEtag,
        @Nullable Instant changedAt,
        List<Change> changes) {

    static final int MAX_CHANGES = 200;

    /**
     * A value that is not what it was; {@code null} if there is none.
     *
     * @param path its place, as a JSON pointer
     */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    public record Change(String path, @Nullable JsonNode before, @Nullable JsonNode after) {}
}
