package io.heimdex.archive.probe.ffprobe;

import com.github.kokorin.jaffree.ffprobe.FFprobeResult;
import com.github.kokorin.jaffree.ffprobe.Format;
import com.github.kokorin.jaffree.ffprobe.Stream;
import com.github.kokorin.jaffree.ffprobe.data.ProbeData;
import io.heimdex.archive.probe.MediaInfo;
import io.heimdex.archive.probe.MediaInfo.StreamInfo;
import io.heimdex.archive.probe.ProbeOutcome;
import io.heimdex.archive.probe.ProbeOutcome.Probed;
import io.heimdex.archive.probe.ProbeOutcome.Rejected;
import io.heimdex.archive.problem.ErrorCode;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Turns ffprobe's answer into ours. Numbers are read from the answer's own text, because Jaffree's
 * model holds durations as {@code float} and bit rates as {@code int}; what is no number counts as
 * absent.
 */
final class MediaInfos {

    /** Random bytes reach 1 and text up to 10; every valid sample reaches at least 50. */
    private static final int MIN_PROBE_SCORE = 25;

    private MediaInfos() {}

    static ProbeOutcome outcome(FFprobeResult answer, List<String> warnings, String raw) {
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
        return new Probed(
                new MediaInfo(
                        Objects.requireNonNullElse(text(data, "format_name"), "unknown"),
                        decimal(data, "duration"),
                        integer(data, "bit_rate"),
                        JacksonProbeData.tags(data),
                        streams.stream()
                                .map(Stream::getProbeData)
                                .map(MediaInfos::stream)
                                .toList()),
                warnings,
                raw);
    }

    private static StreamInfo stream(ProbeData data) {
        return new StreamInfo(
                Objects.requireNonNullElse(small(data, "index"), -1),
                Objects.requireNonNullElse(text(data, "codec_type"), "unknown"),
                text(data, "codec_name"),
                text(data, "profile"),
                integer(data, "width"),
                integer(data, "height"),
                text(data, "sample_aspect_ratio"),
                text(data, "avg_frame_rate"),
                text(data, "r_frame_rate"),
                text(data, "color_space"),
                text(data, "color_transfer"),
                text(data, "color_primaries"),
                small(data, "channels"),
                small(data, "sample_rate"),
                integer(data, "bit_rate"),
                disposition(data, "default"),
                disposition(data, "attached_pic"),
                JacksonProbeData.tags(data));
    }

    private static boolean disposition(ProbeData stream, String name) {
        ProbeData dispositions = stream.getSubData("disposition");
        return dispositions != null && "1".equals(text(dispositions, name));
    }

    private static @Nullable String text(ProbeData data, String name) {
        return data.getValue(name) instanceof String value && !value.isEmpty() ? value : null;
    }

    private static @Nullable Integer small(ProbeData data, String name) {
        Long value = integer(data, name);
        return value == null || value > Integer.MAX_VALUE
                ? null
                : Integer.valueOf(value.intValue());
    }

    private static @Nullable Long integer(ProbeData data, String name) {
        String value = text(data, name);
        try {
            long number = value == null ? -1 : Long.parseLong(value);
            return number < 0 ? null : number;
        } catch (NumberFormatException _) {
            return null;
        }
    }

    private static @Nullable Double decimal(ProbeData data, String name) {
        String value = text(data, name);
        try {
            double number = value == null ? -1 : Double.parseDouble(value);
            return Double.isFinite(number) && number >= 0 ? number : null;
        } catch (NumberFormatException _) {
            return null;
        }
    }
}
