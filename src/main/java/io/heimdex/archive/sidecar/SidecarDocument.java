package io.heimdex.archive.sidecar;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The normalised metadata of one asset, version 0.1.0. {@code null} means unknown.
 *
 * @param video the main picture stream, {@code null} if the file has none
 * @param audio the main sound stream, {@code null} if the file has none
 * @param warnings codes of what is odd about the file
 */
public record SidecarDocument(
        String schemaVersion,
        String assetId,
        Source source,
        Format format,
        @Nullable Video video,
        @Nullable Audio audio,
        List<Stream> streams,
        Thumbnails thumbnails,
        Provenance provenance,
        List<String> warnings,
        List<String> errors) {

    /** The version of this document's shape. */
    public static final String SCHEMA_VERSION = "0.1.0";

    /**
     * The file.
     *
     * @param createdTime when the media was made: the earliest date that it tells itself, else the
     *     file's time
     */
    public record Source(
            String type,
            String uri,
            String filename,
            long sizeBytes,
            Instant createdTime,
            Instant modifiedTime,
            Hash hash) {}

    /** The hash that the asset's id is made from. */
    public record Hash(String algo, String value) {}

    /**
     * The container.
     *
     * @param durationS in seconds
     */
    public record Format(
            String container,
            @Nullable Double durationS,
            @Nullable Long bitrateKbps,
            Map<String, String> tags) {}

    /** The main picture stream. */
    public record Video(
            @Nullable String codec,
            @Nullable String profile,
            @Nullable Long widthPx,
            @Nullable Long heightPx,
            double pixelAspectRatio,
            @Nullable Double frameRateFps,
            @Nullable String colorSpace,
            @Nullable String colorTransfer,
            @Nullable String colorPrimaries) {}

    /** The main sound stream. */
    public record Audio(
            @Nullable String codec,
            @Nullable Integer channels,
            @Nullable Integer sampleRateHz,
            @Nullable Long bitrateKbps) {}

    /** One stream of the file. */
    public record Stream(
            int index,
            String type,
            @Nullable String codec,
            @Nullable String avgFrameRate,
            // Without its name, a strategy would read the letter as a word of its own.
            @JsonProperty("r_frame_rate") @Nullable String realFrameRate,
            @Nullable Long widthPx,
            @Nullable Long heightPx,
            @Nullable Integer channels,
            @Nullable Integer sampleRateHz,
            @Nullable Long bitrateKbps,
            boolean dispositionDefault,
            Map<String, String> tags) {}

    /** The pictures that were made of the asset. */
    public record Thumbnails(@Nullable Thumbnail poster, List<Thumbnail> samples) {}

    /** One picture. */
    public record Thumbnail(double timestampS, String path, int widthPx, int heightPx) {}

    /** How this document came about. */
    public record Provenance(
            Instant ingestedAt,
            Tools tools,
            SelectionPolicy selectionPolicy,
            String hashQuality,
            String sourceEtag) {}

    /** The versions of what made this document. */
    public record Tools(String ffprobe, @Nullable String ffmpeg, String parser) {}

    /** The rules by which the main streams were chosen. */
    public record SelectionPolicy(String video, String audio) {}
}
