package io.heimdex.archive.legacy;

import io.heimdex.archive.probe.MediaInfo;
import io.heimdex.archive.probe.MediaInfo.StreamInfo;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the first version told of a video.
 *
 * @param bitrateKbps of the whole file; 1 kbit is 1,000 bits
 */
record LegacyMetadata(
        String filename,
        String formatName,
        @Nullable Double durationSeconds,
        @Nullable Long bitrateKbps,
        long sizeBytes,
        List<Stream> streams) {

    static LegacyMetadata of(String filename, long sizeBytes, MediaInfo media) {
        return new LegacyMetadata(
                filename,
                media.container(),
                media.durationSeconds(),
                kilobits(media.bitRate()),
                sizeBytes,
                media.streams().stream().map(Stream::of).toList());
    }

    private static @Nullable Long kilobits(@Nullable Long bits) {
        return bits == null ? null : Math.round(bits / 1000.0);
    }

    /** One stream of it. */
    record Stream(
            int index,
            String codecType,
            @Nullable String codecName,
            @Nullable Long width,
            @Nullable Long height,
            @Nullable Long bitrateKbps,
            @Nullable Double frameRate) {

        static Stream of(StreamInfo stream) {
            return new Stream(
                    stream.index(),
                    stream.type(),
                    stream.codec(),
                    stream.picture().width(),
                    stream.picture().height(),
                    kilobits(stream.bitRate()),
                    stream.timing().frameRate().orElse(null));
        }
    }
}
