package io.heimdex.archive.asset;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Which assets a list shows; {@code null} leaves a criterion out.
 *
 * @param failureCode of its last failure
 * @param sourcePrefix what the place where it was found last begins with
 * @param container one of its format's names, or all of them as its sidecar has them
 * @param videoCodec of its main video
 * @param probedBefore when its sidecar was written at the latest
 */
public record AssetFilter(
        Asset.@Nullable Status status,
        @Nullable String failureCode,
        @Nullable String sourcePrefix,
        @Nullable String container,
        @Nullable String videoCodec,
        @Nullable Instant probedBefore) {}
