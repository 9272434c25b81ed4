package io.heimdex.archive.probe.ffprobe;

import com.github.kokorin.jaffree.ffprobe.FFprobeResult;
import com.github.kokorin.jaffree.ffprobe.Format;
import com.github.kokorin.jaffree.ffprobe.Stream;
import com.github.kokorin.jaffree.ffprobe.data.ProbeData;
import io.heimdex.archive.probe.Fractions;
import io.heimdex.archive.probe.MediaInfo;
import io.heimdex.archive.probe.MediaInfo.Chapter;
import io.heimdex.archive.probe.MediaInfo.Chromaticity;
import io.heimdex.archive.probe.MediaInfo.ContentLight;
import io.heimdex.archive.probe.MediaInfo.DolbyVision;
import io.heimdex.archive.probe.MediaInfo.FirstFrame;
import io.heimdex.archive.probe.MediaInfo.MasteringDisplay;
import io.heimdex.archive.probe.MediaInfo.Picture;
import io.heimdex.archive.probe.MediaInfo.Program;
import io.heimdex.archive.probe.MediaInfo.Sound;
import io.heimdex.archive.probe.MediaInfo.StreamInfo;
import io.heimdex.archive.probe.MediaInfo.Timing;
import io.heimdex.archive.probe.ProbeOutcome;
import io.heimdex.archive.probe.ProbeOutcome.Probed;
import io.heimdex.archive.probe.ProbeOutcome.Rejected;
import io.heimdex.archive.probe.Warning;
import io.heimdex.archive.problem.ErrorCode;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Turns ffprobe's answers into ours. Numbers are read from the answer's own text, because Jaffree's
 * model holds durations as {@code float} and bit rates as {@code int}; what is no number counts as
 * absent.
 */
final class MediaInfos {

    /** Random bytes reach 1 and text up to 10; every valid sample reaches at least 50. */
    private static final int MIN_PROBE_SCORE = 25;

    /** ffprobe knows of nineteen. */
    private static final int MAX_DISPOSITIONS = 64;

    /** Of what ffprobe says in its own words. */
    private static final int MAX_TEXT = 1000;

    private MediaInfos() {}

    static ProbeOutcome outcome(FFprobeResult answer, List<Warning> warnings, String raw) {
        Format format = answer.getFormat();
        List<Stream> streams = answer.getStreams();
        if (format == null || streams == null || streams.isEmpty()) {
            return new Rejected(
                    ErrorCode.INVALID_MEDIA, "The file has a container but no stream in it.");
        }
        Long score = integer(format.getProbeData(), "probe_score");
        if (score == null || score < MIN_PROBE_SCORE) {
            return new Rejected(
                    ErrorCode.INVALID_MEDIA, "Too little of the file looks like media.");
        }
        ProbeData data = format.getProbeData();
        Bounds bounds = new Bounds();
        MediaInfo media =
                new MediaInfo(
                        Objects.requireNonNullElse(text(data, "format_name"), "unknown"),
                        number(data, "start_time"),
                        decimal(data, "duration"),
                        integer(data, "bit_rate"),
                        null,
                        bounds.tags(data),
                        bounds.streams(streams).stream()
                                .map(stream -> stream(stream.getProbeData(), bounds))
                                .toList(),
                        bounds.chapters(list(answer.getData(), "chapters")).stream()
                                .map(chapter -> chapter(chapter, bounds))
                                .toList(),
                        bounds.programs(list(answer.getData(), "programs")).stream()
                                .map(program -> program(program, bounds))
                                .toList(),
                        null);
        List<Warning> odd = bounds.warnings();
        odd.addAll(warnings);
        return new Probed(media, odd, raw);
    }

    /** What the answer about a first frame tells; empty if there was no frame. */
    static Optional<FirstFrame> firstFrame(FFprobeResult answer) {
        return list(answer.getData(), "frames").stream()
                .findFirst()
                .map(frame -> {
                    List<ProbeData> sideData = list(frame, "side_data_list");
                    return new FirstFrame(
                            Objects.requireNonNullElse(small(frame, "stream_index"), -1),
                            find(sideData, "HDR Dynamic Metadata SMPTE2094-40").isPresent(),
                            find(sideData, "ATSC A53 Part 4 Closed Captions").isPresent(),
                            masteringDisplay(sideData),
                            contentLight(sideData));
                });
    }

    private static StreamInfo stream(ProbeData data, Bounds bounds) {
        String type = Objects.requireNonNullElse(text(data, "codec_type"), "unknown");
        return new StreamInfo(
                Objects.requireNonNullElse(small(data, "index"), -1),
                type,
                text(data, "codec_name"),
                text(data, "codec_tag_string"),
                text(data, "mime_codec_string"),
                text(data, "profile"),
                integer(data, "level"),
                integer(data, "bit_rate"),
                new Timing(
                        text(data, "avg_frame_rate"),
                        text(data, "r_frame_rate"),
                        text(data, "time_base"),
                        ticks(data, "start_pts"),
                        number(data, "start_time"),
                        integer(data, "duration_ts"),
                        decimal(data, "duration"),
                        integer(data, "nb_frames")),
                type.equals("audio") ? Picture.UNKNOWN : picture(data, bounds),
                type.equals("audio") ? sound(data) : Sound.UNKNOWN,
                dispositions(data),
                bounds.tags(data));
    }

    private static Sound sound(ProbeData data) {
        return new Sound(
                positive(small(data, "channels")),
                text(data, "channel_layout"),
                positive(small(data, "sample_rate")),
                text(data, "sample_fmt"),
                Optional.ofNullable(bits(data, "bits_per_raw_sample"))
                        .orElse(bits(data, "bits_per_sample")));
    }

    private static Picture picture(ProbeData data, Bounds bounds) {
        Bounds.Size size =
                bounds.size(positive(integer(data, "width")), positive(integer(data, "height")));
        List<ProbeData> sideData = list(data, "side_data_list");
        return new Picture(
                size.width(),
                size.height(),
                text(data, "sample_aspect_ratio"),
                text(data, "display_aspect_ratio"),
                text(data, "pix_fmt"),
                bits(data, "bits_per_raw_sample"),
                text(data, "color_range"),
                text(data, "color_space"),
                text(data, "color_transfer"),
                text(data, "color_primaries"),
                text(data, "field_order"),
                find(sideData, "Display Matrix")
                        .map(matrix -> number(matrix, "rotation"))
                        .orElse(null),
                find(sideData, "DOVI configuration record")
                        .map(MediaInfos::dolbyVision)
                        .orElse(null),
                masteringDisplay(sideData),
                contentLight(sideData));
    }

    private static DolbyVision dolbyVision(ProbeData data) {
        return new DolbyVision(
                Objects.requireNonNullElse(small(data, "dv_profile"), -1),
                Objects.requireNonNullElse(small(data, "dv_level"), -1),
                "1".equals(text(data, "rpu_present_flag")),
                "1".equals(text(data, "el_present_flag")),
                "1".equals(text(data, "bl_present_flag")),
                Objects.requireNonNullElse(small(data, "dv_bl_signal_compatibility_id"), -1));
    }

    private static @Nullable MasteringDisplay masteringDisplay(List<ProbeData> sideData) {
        return find(sideData, "Mastering display metadata")
                .map(data ->
                        new MasteringDisplay(
                                chromaticity(data, "red"),
                                chromaticity(data, "green"),
                                chromaticity(data, "blue"),
                                chromaticity(data, "white_point"),
                                fraction(data, "min_luminance").orElse(null),
                                fraction(data, "max_luminance").orElse(null)))
                .orElse(null);
    }

    private static @Nullable Chromaticity chromaticity(ProbeData data, String color) {
        return fraction(data, color + "_x")
                .flatMap(x -> fraction(data, color + "_y").map(y -> new Chromaticity(x, y)))
                .orElse(null);
    }

    private static @Nullable ContentLight contentLight(List<ProbeData> sideData) {
        return find(sideData, "Content light level metadata")
                .map(data ->
                        new ContentLight(
                                positive(small(data, "max_content")),
                                positive(small(data, "max_average"))))
                .orElse(null);
    }

    private static Chapter chapter(ProbeData data, Bounds bounds) {
        return new Chapter(
                text(data, "time_base"),
                ticks(data, "start"),
                ticks(data, "end"),
                number(data, "start_time"),
                number(data, "end_time"),
                bounds.tags(data).get("title"));
    }

    private static Program program(ProbeData data, Bounds bounds) {
        Map<String, String> tags = bounds.tags(data);
        return new Program(
                integer(data, "program_id"),
                integer(data, "program_num"),
                tags.get("service_name"),
                tags.get("service_provider"),
                list(data, "streams").stream()
                        .limit(Bounds.MAX_STREAMS)
                        .map(stream -> small(stream, "index"))
                        .filter(Objects::nonNull)
                        .toList());
    }

    private static Set<String> dispositions(ProbeData stream) {
        Set<String> names = new LinkedHashSet<>();
        if (stream.getSubData("disposition") instanceof JacksonProbeData dispositions) {
            dispositions.names().stream()
                    .filter(name -> "1".equals(text(dispositions, name)))
                    .limit(MAX_DISPOSITIONS)
                    .forEach(names::add);
        }
        return names;
    }

    private static List<ProbeData> list(ProbeData data, String name) {
        List<ProbeData> list = data.getSubDataList(name);
        return list == null ? List.of() : list;
    }

    private static Optional<ProbeData> find(List<ProbeData> sideData, String type) {
        return sideData.stream()
                .filter(data -> {
                    String name = text(data, "side_data_type");
                    // Some types go on with a remark in brackets.
                    return name != null && (name.equals(type) || name.startsWith(type + " ("));
                })
                .findFirst();
    }

    private static Optional<Double> fraction(ProbeData data, String name) {
        return Fractions.parse(text(data, name), '/');
    }

    private static @Nullable Integer bits(ProbeData data, String name) {
        return positive(small(data, name));
    }

    /** Zero is what ffprobe says where it does not know. */
    private static <N extends Number> @Nullable N positive(@Nullable N number) {
        return number == null || number.longValue() <= 0 ? null : number;
    }

    private static @Nullable String text(ProbeData data, String name) {
        return data.getValue(name) instanceof String value
                        && !value.isEmpty()
                        && value.length() <= MAX_TEXT
                ? value
                : null;
    }

    private static @Nullable Integer small(ProbeData data, String name) {
        Long value = integer(data, name);
        return value == null || value > Integer.MAX_VALUE
                ? null
                : Integer.valueOf(value.intValue());
    }

    private static @Nullable Long integer(ProbeData data, String name) {
        Long number = ticks(data, name);
        return number == null || number < 0 ? null : number;
    }

    /** May be negative. */
    private static @Nullable Long ticks(ProbeData data, String name) {
        String value = text(data, name);
        try {
            return value == null ? null : Long.valueOf(Long.parseLong(value));
        } catch (NumberFormatException _) {
            return null;
        }
    }

    private static @Nullable Double decimal(ProbeData data, String name) {
        Double number = number(data, name);
        return number == null || number < 0 ? null : number;
    }

    /** May be negative. */
    private static @Nullable Double number(ProbeData data, String name) {
        String value = text(data, name);
        try {
            Double number = value == null ? null : Double.valueOf(value);
            return number == null || !Double.isFinite(number) ? null : number;
        } catch (NumberFormatException _) {
            return null;
        }
    }
}
