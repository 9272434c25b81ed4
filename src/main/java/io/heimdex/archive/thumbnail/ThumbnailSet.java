package io.heimdex.archive.thumbnail;

import io.heimdex.archive.probe.Warning;
import io.heimdex.archive.probe.WarningCode;
import io.heimdex.archive.problem.ErrorCode;
import io.heimdex.archive.problem.SnakeCase;
import io.heimdex.archive.storage.AssetId;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The pictures of an asset, and what came of the last attempt to make them.
 *
 * @param code an error's if it failed, a warning's if something is amiss with the pictures
 * @param fingerprint of the file, if it came to be opened
 * @param ffmpegVersion that made the pictures
 * @param thumbnails after a failure, those of an earlier attempt
 */
public record ThumbnailSet(
        AssetId asset,
        State state,
        @Nullable String code,
        @Nullable String message,
        @Nullable String fingerprint,
        @Nullable String ffmpegVersion,
        List<Thumbnail> thumbnails) {

    /** What came of the last attempt. */
    public enum State {
        READY,
        /** There is nothing to see in the file. */
        NONE,
        FAILED;

        String wireName() {
            return SnakeCase.of(this);
        }

        static State of(String wireName) {
            return valueOf(wireName.toUpperCase(Locale.ROOT));
        }
    }

    /** The pictures that were made. */
    public static ThumbnailSet ready(
            AssetId asset,
            @Nullable Warning remark,
            String fingerprint,
            @Nullable String ffmpegVersion,
            List<Thumbnail> thumbnails) {
        return new ThumbnailSet(
                asset,
                State.READY,
                remark == null ? null : remark.code().code(),
                remark == null ? null : remark.message(),
                fingerprint,
                ffmpegVersion,
                thumbnails);
    }

    /** There is nothing to see. */
    public static ThumbnailSet none(AssetId asset, @Nullable String fingerprint) {
        return new ThumbnailSet(asset, State.NONE, null, null, fingerprint, null, List.of());
    }

    /** None could be made. */
    public static ThumbnailSet failed(
            AssetId asset, ErrorCode code, String message, @Nullable String fingerprint) {
        return new ThumbnailSet(
                asset, State.FAILED, code.code(), message, fingerprint, null, List.of());
    }

    /**
     * What is known of the asset's pictures after this attempt: a failure leaves those that there
     * were, and what made them.
     *
     * @param earlier what was known before it, {@code null} for nothing
     */
    public ThumbnailSet after(@Nullable ThumbnailSet earlier) {
        return state != State.FAILED || earlier == null
                ? this
                : new ThumbnailSet(
                        asset,
                        state,
                        code,
                        message,
                        fingerprint,
                        earlier.ffmpegVersion(),
                        earlier.thumbnails());
    }

    /** What a sidecar says of it; {@code null} if nothing is amiss. */
    public @Nullable Warning warning() {
        if (code == null || message == null) {
            return null;
        }
        return new Warning(
                state == State.FAILED
                        ? WarningCode.THUMBNAIL_GENERATION_FAILED
                        : WarningCode.valueOf(code.toUpperCase(Locale.ROOT)),
                message);
    }
}
