package io.heimdex.archive.sidecar;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.heimdex.archive.probe.DeepFacts;
import io.heimdex.archive.probe.WarningCode;
import io.heimdex.archive.problem.SnakeCase;
import io.heimdex.archive.thumbnail.ThumbnailSet;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The normalised metadata of one asset, version 1.0. {@code null} means unknown, or not so. The
 * descriptions of its parts are those of its JSON Schema. Keys of version 0.1.0 come first and keep
 * their meaning.
 */
public record SidecarDocument(
        @JsonPropertyDescription("The version of this document's shape.") String schemaVersion,
        @JsonPropertyDescription(
                        "sha256:<hex>, or weak:<md5 of name, size and time> for files beyond the limit for hashing.")
                String assetId,
        Source source,
        Format format,
        @JsonPropertyDescription(
                        "The main picture stream: the first that is marked as default, else the largest; null without one. A cover is none.")
                @Nullable Video video,
        @JsonPropertyDescription(
                        "The main sound stream: the first that is marked as default, else the one with most channels, then with the highest rate; null without one.")
                @Nullable Audio audio,
        @JsonPropertyDescription("All streams in the order of the file.") List<Stream> streams,
        Thumbnails thumbnails,
        Provenance provenance,
        @JsonPropertyDescription("Stable codes of what is odd about the file, each once.")
                List<String> warnings,
        @JsonPropertyDescription("Always empty: a file with errors has no sidecar.")
                List<String> errors,
        @JsonPropertyDescription("Each warning with a sentence; a code may come several times.")
                List<Warning> warningDetails,
        @JsonPropertyDescription("null if the file has none.") @Nullable Timecode timecode,
        List<Chapter> chapters,
        @JsonPropertyDescription("The programmes of a transport stream.") List<Program> programs,
        List<Subtitle> subtitles,
        @JsonPropertyDescription("Files inside the file, such as fonts.")
                List<Attachment> attachments,
        @JsonPropertyDescription("null unless a deep probe was asked for.") @Nullable Deep deep) {

    /** The version of this document's shape. */
    public static final String SCHEMA_VERSION = "1.0.0";

    private static final Set<String> OF_PICTURES =
            Set.of(
                    WarningCode.THUMBNAIL_GENERATION_FAILED.code(),
                    WarningCode.THUMBNAILS_NOT_TONE_MAPPED.code());

    /** The same document with what decoding the file told. */
    public SidecarDocument with(DeepFacts facts) {
        DeepFacts.Loudness loudness = facts.loudness();
        List<Warning> remarks = new ArrayList<>(warningDetails);
        if (facts.warning() != null) {
            remarks.add(new Warning(facts.warning().code().code(), facts.warning().message()));
        }
        return copy(
                thumbnails,
                provenance,
                remarks,
                new Deep(
                        facts.frames(),
                        loudness == null
                                ? null
                                : new Loudness(
                                        loudness.integrated(),
                                        loudness.range(),
                                        loudness.truePeak())));
    }

    /** The same document with these pictures. */
    public SidecarDocument with(ThumbnailSet set) {
        List<Warning> remarks =
                new ArrayList<>(
                        warningDetails.stream()
                                .filter(odd -> !OF_PICTURES.contains(odd.code()))
                                .toList());
        if (set.warning() != null) {
            remarks.add(new Warning(set.warning().code().code(), set.warning().message()));
        }
        Map<Boolean, List<Thumbnail>> pictures =
                set.thumbnails().stream()
                        .collect(
                                Collectors.partitioningBy(
                                        one -> one.idx() == 0,
                                        Collectors.mapping(
                                                SidecarDocument::thumbnail, Collectors.toList())));
        return copy(
                new Thumbnails(
                        Objects.requireNonNull(pictures.get(true)).stream()
                                .findFirst()
                                .orElse(null),
                        Objects.requireNonNull(pictures.get(false))),
                new Provenance(
                        provenance.ingestedAt(),
                        new Tools(
                                provenance.tools().ffprobe(),
                                set.ffmpegVersion(),
                                provenance.tools().parser()),
                        provenance.selectionPolicy(),
                        provenance.hashQuality(),
                        provenance.sourceEtag()),
                remarks,
                deep);
    }

    private static Thumbnail thumbnail(io.heimdex.archive.thumbnail.Thumbnail picture) {
        return new Thumbnail(
                picture.tsMs() / 1000.0, picture.storageKey(), picture.width(), picture.height());
    }

    private SidecarDocument copy(
            Thumbnails pictures, Provenance origin, List<Warning> remarks, @Nullable Deep decoded) {
        return new SidecarDocument(
                schemaVersion,
                assetId,
                source,
                format,
                video,
                audio,
                streams,
                pictures,
                origin,
                remarks.stream().map(Warning::code).distinct().toList(),
                errors,
                remarks,
                timecode,
                chapters,
                programs,
                subtitles,
                attachments,
                decoded);
    }

    /** The file. */
    public record Source(
            String type,
            @JsonPropertyDescription("Where the file was found.") String uri,
            String filename,
            long sizeBytes,
            @JsonPropertyDescription(
                            "When the media was made: the earliest date that its tags tell, else the file's time.")
                    Instant createdTime,
            @JsonPropertyDescription("When the file was changed last.") Instant modifiedTime,
            Hash hash) {}

    /** The hash that the asset's id is made from. */
    public record Hash(String algo, String value) {}

    /** The container. */
    public record Format(
            @JsonPropertyDescription(
                            "The format's names, comma-separated where relatives cannot be told apart.")
                    String container,
            @JsonPropertyDescription("Seconds.") @Nullable Double durationS,
            @JsonPropertyDescription("Of the whole file; 1 kbit is 1,000 bits.")
                    @Nullable Long bitrateKbps,
            @JsonPropertyDescription("As written in the file.") Map<String, String> tags,
            @JsonPropertyDescription(
                            "Seconds at which the first picture or sound is shown; may be negative.")
                    @Nullable Double startTimeS,
            @JsonPropertyDescription(
                            "Whether the index comes before the media, so that playing can begin before the file is whole; only of MP4 and QuickTime.")
                    @Nullable Boolean streamable,
            @JsonPropertyDescription("The program that wrote the file, as it calls itself.")
                    @Nullable String encoder) {}

    /** The main picture stream. */
    public record Video(
            @Nullable String codec,
            @Nullable String profile,
            @Nullable Long widthPx,
            @Nullable Long heightPx,
            @JsonPropertyDescription("Width to height of a pixel; 1.0 if the file does not tell.")
                    double pixelAspectRatio,
            @JsonPropertyDescription("Frames a second to two decimals.")
                    @Nullable Double frameRateFps,
            @Nullable String colorSpace,
            @Nullable String colorTransfer,
            @Nullable String colorPrimaries,
            @JsonPropertyDescription("Its place in streams.") int streamIndex,
            @JsonPropertyDescription("The codec as RFC 6381 writes it.") @Nullable String mimeCodec,
            @JsonPropertyDescription("As the codec's standard writes it, such as 4.1 or High.")
                    @Nullable String level,
            @Nullable String pixelFormat,
            @JsonPropertyDescription("Bits of a sample.") @Nullable Integer bitDepth,
            @JsonPropertyDescription("Such as 4:2:0; null for RGB.")
                    @Nullable String chromaSubsampling,
            @JsonPropertyDescription("limited or full.") @Nullable String colorRange,
            @JsonPropertyDescription("Width to height of a pixel, exactly.")
                    @Nullable String pixelAspect,
            @JsonPropertyDescription("Width to height of the picture before it is turned, exactly.")
                    @Nullable String displayAspect,
            @JsonPropertyDescription(
                            "Width of the picture as it is shown, turned and with square pixels.")
                    @Nullable Long displayWidthPx,
            @JsonPropertyDescription(
                            "Height of the picture as it is shown, turned and with square pixels.")
                    @Nullable Long displayHeightPx,
            @JsonPropertyDescription("Degrees clockwise by which a player turns the picture.")
                    int rotationDeg,
            @Nullable ScanType scanType,
            @JsonPropertyDescription("Which field of an interlaced picture is shown first.")
                    @Nullable FieldOrder fieldOrder,
            @JsonPropertyDescription("Frames a second, exactly.") @Nullable String frameRate,
            @Nullable FrameRateMode frameRateMode,
            @JsonPropertyDescription(
                            "How the mode was decided: by the times of all samples, or by what the headers and the first frames tell.")
                    @Nullable FrameRateBasis frameRateModeBasis,
            @JsonPropertyDescription("As the container counts them; nothing is decoded for it.")
                    @Nullable Long frameCount,
            @Nullable Long bitrateKbps,
            @Nullable String language,
            @Nullable String encoder,
            @JsonPropertyDescription(
                            "Whether captions (CEA-608 or CEA-708) travel inside the first picture; null if it was not looked at.")
                    @Nullable Boolean closedCaptions,
            Hdr hdr) {}

    /** How a picture is scanned. */
    public enum ScanType {
        @JsonProperty("progressive")
        PROGRESSIVE,
        @JsonProperty("interlaced")
        INTERLACED
    }

    /** Which field is shown first. */
    public enum FieldOrder {
        @JsonProperty("top_first")
        TOP_FIRST,
        @JsonProperty("bottom_first")
        BOTTOM_FIRST
    }

    /** Whether all frames are shown equally long. */
    public enum FrameRateMode {
        @JsonProperty("constant")
        CONSTANT,
        @JsonProperty("variable")
        VARIABLE
    }

    /** How the frame rate mode was decided. */
    public enum FrameRateBasis {
        @JsonProperty("sample_times")
        SAMPLE_TIMES,
        @JsonProperty("headers")
        HEADERS
    }

    /** The dynamic range of the picture. */
    public record Hdr(
            @JsonProperty("class")
                    @JsonPropertyDescription(
                            "invalid if what the file says of it contradicts itself.")
                    HdrClass type,
            @JsonPropertyDescription("What decided the class.") HdrBasis basis,
            @JsonPropertyDescription(
                            "Whether the first frame has HDR10+ metadata; null if it was not looked at or the decoder does not tell.")
                    @Nullable Boolean hdr10Plus,
            @Nullable DolbyVision dolbyVision,
            @JsonPropertyDescription("Maximum content light level in cd/m².")
                    @Nullable Integer maxCllNits,
            @JsonPropertyDescription("Maximum frame-average light level in cd/m².")
                    @Nullable Integer maxFallNits,
            @Nullable MasteringDisplay masteringDisplay) {}

    /** The kinds of dynamic range. */
    public enum HdrClass {
        @JsonProperty("sdr")
        SDR,
        @JsonProperty("hdr10")
        HDR10,
        @JsonProperty("hdr10_plus")
        HDR10_PLUS,
        @JsonProperty("hlg")
        HLG,
        @JsonProperty("dolby_vision")
        DOLBY_VISION,
        @JsonProperty("invalid")
        INVALID;

        /** The name in documents, requests and answers. */
        public String wireName() {
            return SnakeCase.of(this);
        }
    }

    /** What decided the kind of dynamic range. */
    public enum HdrBasis {
        @JsonProperty("color_transfer")
        COLOR_TRANSFER,
        @JsonProperty("dynamic_metadata")
        DYNAMIC_METADATA,
        @JsonProperty("dolby_vision_record")
        DOLBY_VISION_RECORD,
        @JsonProperty("nothing_signalled")
        NOTHING_SIGNALLED,
        @JsonProperty("hdr_in_8_bits")
        HDR_IN_8_BITS,
        @JsonProperty("pq_without_bt2020")
        PQ_WITHOUT_BT2020,
        @JsonProperty("dolby_vision_profile_unknown")
        DOLBY_VISION_PROFILE_UNKNOWN,
        @JsonProperty("dolby_vision_without_its_layers")
        DOLBY_VISION_WITHOUT_ITS_LAYERS,
        @JsonProperty("dolby_vision_fallback_contradicts_transfer")
        DOLBY_VISION_FALLBACK_CONTRADICTS_TRANSFER
    }

    /** The Dolby Vision configuration record. */
    public record DolbyVision(
            int profile,
            int level,
            @JsonPropertyDescription("Whether it has dynamic metadata (RPU).") boolean metadata,
            boolean baseLayer,
            boolean enhancementLayer,
            @JsonPropertyDescription("The record's number for the fallback.") int compatibilityId,
            @JsonPropertyDescription(
                            "What a player without Dolby Vision shows; null for numbers without a meaning.")
                    @Nullable DolbyVisionFallback fallback) {}

    /** What a player without Dolby Vision shows. */
    public enum DolbyVisionFallback {
        @JsonProperty("none")
        NONE,
        @JsonProperty("hdr10")
        HDR10,
        @JsonProperty("sdr")
        SDR,
        @JsonProperty("hlg")
        HLG
    }

    /** The display that the picture was graded on (SMPTE ST 2086). */
    public record MasteringDisplay(
            @Nullable Chromaticity red,
            @Nullable Chromaticity green,
            @Nullable Chromaticity blue,
            @Nullable Chromaticity white,
            @JsonPropertyDescription("In cd/m².") @Nullable Double minLuminanceNits,
            @JsonPropertyDescription("In cd/m².") @Nullable Double maxLuminanceNits) {}

    /** A colour by CIE 1931. */
    public record Chromaticity(double x, double y) {}

    /** The main sound stream. */
    public record Audio(
            @Nullable String codec,
            @Nullable Integer channels,
            @Nullable Integer sampleRateHz,
            @Nullable Long bitrateKbps,
            @JsonPropertyDescription("Its place in streams.") int streamIndex,
            @JsonPropertyDescription("The codec as RFC 6381 writes it.") @Nullable String mimeCodec,
            @Nullable String profile,
            @JsonPropertyDescription("Such as stereo or 5.1(side).") @Nullable String channelLayout,
            @Nullable String sampleFormat,
            @JsonPropertyDescription("Bits of a sample, for codecs that have them.")
                    @Nullable Integer bitDepth,
            @JsonPropertyDescription("As the file writes it, mostly ISO 639-2.")
                    @Nullable String language) {}

    /** What decoding the main streams told. */
    public record Deep(
            @JsonPropertyDescription("Frames of the video that can be decoded.")
                    @Nullable Long frameCount,
            @Nullable Loudness loudness) {}

    /** How loud the sound is, by EBU R 128. */
    public record Loudness(
            @JsonPropertyDescription("null for silence.") @Nullable Double integratedLufs,
            @Nullable Double rangeLu,
            @JsonPropertyDescription("Above 0 it is clipped when played.")
                    @Nullable Double truePeakDbtp) {}

    /** One stream of the file. */
    public record Stream(
            int index,
            @JsonPropertyDescription("video, audio, subtitle, data, attachment or unknown.")
                    String type,
            @Nullable String codec,
            @JsonPropertyDescription("Frames a second as a fraction.")
                    @Nullable String avgFrameRate,
            // Without its name, a strategy would read the letter as a word of its own.
            @JsonProperty("r_frame_rate")
                    @JsonPropertyDescription(
                            "The lowest rate that hits every timestamp, as a fraction.")
                    @Nullable String realFrameRate,
            @Nullable Long widthPx,
            @Nullable Long heightPx,
            @Nullable Integer channels,
            @Nullable Integer sampleRateHz,
            @Nullable Long bitrateKbps,
            boolean dispositionDefault,
            @JsonPropertyDescription("As written in the file.") Map<String, String> tags,
            @JsonPropertyDescription("The container's own name of the codec.")
                    @Nullable String codecTag,
            @Nullable String profile,
            @JsonPropertyDescription("As the file writes it, mostly ISO 639-2.")
                    @Nullable String language,
            @Nullable String title,
            @JsonPropertyDescription(
                            "What the stream is for: default, forced, hearing_impaired, attached_pic and so on.")
                    List<String> dispositions,
            @Nullable String channelLayout,
            @Nullable String pixelFormat,
            @JsonPropertyDescription("Seconds of one tick, as a fraction.")
                    @Nullable String timeBase,
            @JsonPropertyDescription("In ticks; may be negative.") @Nullable Long startTicks,
            @JsonPropertyDescription("In ticks.") @Nullable Long durationTicks,
            @JsonPropertyDescription("Seconds; may be negative.") @Nullable Double startTimeS,
            @JsonPropertyDescription("Seconds.") @Nullable Double durationS,
            @JsonPropertyDescription("Packets of the stream, as the container counts them.")
                    @Nullable Long frameCount) {}

    /** The timecode at the start. */
    public record Timecode(
            @JsonPropertyDescription("hh:mm:ss:ff; with drop frame hh:mm:ss;ff.") String value,
            boolean dropFrame,
            @JsonPropertyDescription("The stream that tells it; null for the container.")
                    @Nullable Integer streamIndex) {}

    /** A chapter. */
    public record Chapter(
            @Nullable Double startS,
            @Nullable Double endS,
            @Nullable String title,
            @JsonPropertyDescription("Seconds of one tick, as a fraction.")
                    @Nullable String timeBase,
            @Nullable Long startTicks,
            @Nullable Long endTicks) {}

    /** A programme of a transport stream. */
    public record Program(
            @Nullable Long id,
            @Nullable Long number,
            @Nullable String name,
            @Nullable String provider,
            @JsonPropertyDescription("Its streams' places in streams.")
                    List<Integer> streamIndexes) {}

    /** A track of subtitles or captions. */
    public record Subtitle(
            int streamIndex,
            @Nullable String codec,
            @Nullable SubtitleKind kind,
            @Nullable String language,
            @Nullable String title,
            @JsonProperty("default") boolean isDefault,
            boolean forced,
            boolean hearingImpaired) {}

    /** What a subtitle track is made of. */
    public enum SubtitleKind {
        @JsonProperty("text")
        TEXT,
        @JsonProperty("bitmap")
        BITMAP,
        @JsonProperty("captions")
        CAPTIONS
    }

    /** A file inside the file. */
    public record Attachment(
            int streamIndex,
            @Nullable String filename,
            @Nullable String mimeType,
            @Nullable String codec) {}

    /** Something odd about the file. */
    public record Warning(String code, String message) {}

    /** The pictures that were made of the asset. */
    public record Thumbnails(@Nullable Thumbnail poster, List<Thumbnail> samples) {}

    /** One picture. */
    public record Thumbnail(
            double timestampS,
            @JsonPropertyDescription("Below the derived root.") String path,
            int widthPx,
            int heightPx) {}

    /** How this document came about. */
    public record Provenance(
            @JsonPropertyDescription("When the file was probed.") Instant ingestedAt,
            Tools tools,
            SelectionPolicy selectionPolicy,
            @JsonPropertyDescription("strong if the hash is of all bytes, else weak.")
                    String hashQuality,
            @JsonPropertyDescription("Differs whenever the file may have changed.")
                    String sourceEtag) {}

    /** The versions of what made this document. */
    public record Tools(String ffprobe, @Nullable String ffmpeg, String parser) {}

    /** The rules by which the main streams were chosen. */
    public record SelectionPolicy(String video, String audio) {}
}
