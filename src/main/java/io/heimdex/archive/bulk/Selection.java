package io.heimdex.archive.bulk;

import com.fasterxml.jackson.annotation.JsonValue;
import io.heimdex.archive.problem.ErrorCode;
import io.heimdex.archive.problem.HeimdexException;
import io.heimdex.archive.problem.SnakeCase;
import io.heimdex.archive.storage.SourceUri;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which of an org's assets a run takes: those that fit everything that is said.
 *
 * @param which {@code null} for all, if {@code assetIds} names them
 * @param failureCodes only with {@link Which#FAILED}
 * @param sourcePrefix how the source URI begins
 * @param probedBefore when the sidecar was written
 */
public record Selection(
        @Nullable Which which,
        @Size(max = 100) @Nullable List<@NotNull String> failureCodes,
        @Size(min = 1, max = 4096) @Pattern(regexp = TEXT, message = NO_TEXT)
                @Nullable String sourcePrefix,
        @Size(min = 1, max = 10_000)
                @Nullable List<@NotNull @Pattern(regexp = TEXT, message = NO_TEXT) String> assetIds,
        @Nullable Instant probedBefore) {

    /** The state of an asset that makes a run take it. */
    public enum Which {
        /** Without a sidecar, or pictures, and not known to be bad. */
        MISSING,
        /** The last attempt failed. */
        FAILED,
        /** The file is not the one whose sidecar, or pictures, there are. */
        CHANGED,
        /** Made by another version of the tool, or in an older schema. */
        STALE,
        ALL;

        /** The name in requests. */
        @JsonValue
        public String wireName() {
            return SnakeCase.of(this);
        }
    }

    /** What the database can hold. */
    private static final String TEXT = "[^\\u0000\\ud800-\\udfff]*";

    private static final String NO_TEXT = "holds characters that are no text";

    /** Everything, for a run that selects nothing. */
    public static final Selection NONE = new Selection(null, null, null, null, null);

    /**
     * What a run of the type takes, said completely.
     *
     * @throws HeimdexException {@code validation_failed} if the parts contradict each other
     */
    public Selection checked(RunType type) {
        return switch (type) {
            case REPROBE, THUMBNAILS -> ofAssets();
            case SCAN -> ofFiles();
        };
    }

    private Selection ofFiles() {
        if (which != null || failureCodes != null || assetIds != null || probedBefore != null) {
            throw HeimdexException.invalidField(
                    "select", "may have nothing but source_prefix, as a scan looks at files");
        }
        if (sourcePrefix != null) {
            SourceUri.parse(sourcePrefix);
        }
        return this;
    }

    private Selection ofAssets() {
        if (which == null && assetIds == null) {
            throw HeimdexException.invalidField(
                    "select.which", "must be given, or select.asset_ids");
        }
        if (failureCodes != null && which != Which.FAILED) {
            throw HeimdexException.invalidField(
                    "select.failure_codes", "goes with which: failed only");
        }
        if (failureCodes != null
                && failureCodes.stream().anyMatch(code -> ErrorCode.find(code).isEmpty())) {
            throw HeimdexException.invalidField(
                    "select.failure_codes", "names a code that does not exist");
        }
        return new Selection(
                which == null ? Which.ALL : which,
                failureCodes,
                sourcePrefix,
                assetIds,
                probedBefore);
    }
}
