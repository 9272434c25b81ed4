package io.heimdex.archive.asset;

import io.heimdex.archive.sidecar.SidecarDocument.HdrClass;
import java.time.Instant;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which assets a list shows; {@code null} leaves a criterion out.
 *
 * @param failureCode of its last failure
 * @param sourcePrefix what the place where it was found last begins with
 * @param container one of its format's names, or all of them as its sidecar has them
 * @param videoCodec of its main video
 * @param hdrClass of its main video
 * @param probedBefore when its sidecar was written at the latest
 * @param q a part of its file's name, in large letters or small
 */
public record AssetFilter(
        Asset.@Nullable Status status,
        @Nullable String failureCode,
        @Nullable String sourcePrefix,
        @Nullable String container,
        @Nullable String videoCodec,
        @Nullable HdrClass hdrClass,
        @Nullable Resolution resolution,
        @Nullable Length duration,
        @Nullable Instant probedBefore,
        @Nullable String q) {

    /** Whether it says anything of what is in a file. */
    boolean ofContent() {
        return Stream.of(container, videoCodec, hdrClass, resolution, duration)
                .anyMatch(Objects::nonNull);
    }

    /** Whether it says anything that most assets with a sidecar do not fit. */
    boolean ofState() {
        return (status != null && status != Asset.Status.READY)
                || Stream.of(failureCode, sourcePrefix, probedBefore).anyMatch(Objects::nonNull);
    }
}
