package io.heimdex.archive.probe;

import io.heimdex.archive.probe.MediaInfo.Picture;
import io.heimdex.archive.probe.MediaInfo.Sound;
import io.heimdex.archive.probe.MediaInfo.StreamInfo;
import io.heimdex.archive.probe.MediaInfo.Timing;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes descriptions of media with what a test is about, and nothing else. */
public final class TestStreams {

    private final String type;
    private int index;
    private @Nullable String codec;
    private @Nullable Long level;
    private @Nullable Long bitRate;
    private Timing timing = Timing.UNKNOWN;
    private Picture picture = Picture.UNKNOWN;
    private Sound sound = Sound.UNKNOWN;
    private final Set<String> dispositions = new LinkedHashSet<>();
    private Map<String, String> tags = Map.of();

    private TestStreams(String type) {
        this.type = type;
    }

    /** A file of a kind that has nothing but these. */
    public static MediaInfo media(
            String container,
            @Nullable Double seconds,
            @Nullable Long bitRate,
            Map<String, String> tags,
            List<StreamInfo> streams) {
        return new MediaInfo(
                container, null, seconds, bitRate, null, tags, streams, List.of(), List.of(), null);
    }

    public static TestStreams stream(String type) {
        return new TestStreams(type);
    }

    public TestStreams index(int place) {
        index = place;
        return this;
    }

    public TestStreams codec(String name) {
        codec = name;
        return this;
    }

    public TestStreams level(@Nullable Long number) {
        level = number;
        return this;
    }

    public TestStreams size(@Nullable Long width, @Nullable Long height) {
        return picture(
                new Picture(
                        width,
                        height,
                        picture.pixelAspectRatio(),
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null));
    }

    public TestStreams pixelAspectRatio(@Nullable String ratio) {
        return picture(
                new Picture(
                        picture.width(),
                        picture.height(),
                        ratio,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null));
    }

    public TestStreams picture(Picture told) {
        picture = told;
        return this;
    }

    public TestStreams timing(Timing told) {
        timing = told;
        return this;
    }

    public TestStreams frameRates(@Nullable String average, @Nullable String real) {
        return timing(new Timing(average, real, null, null, null, null, null, null));
    }

    public TestStreams sound(@Nullable Integer channels, @Nullable Integer rate) {
        sound = new Sound(channels, null, rate, null, null);
        return this;
    }

    public TestStreams bitRate(@Nullable Long bits) {
        bitRate = bits;
        return this;
    }

    public TestStreams isDefault() {
        dispositions.add("default");
        return this;
    }

    public TestStreams attachedPicture() {
        dispositions.add("attached_pic");
        return this;
    }

    public TestStreams tags(Map<String, String> told) {
        tags = told;
        return this;
    }

    public StreamInfo build() {
        return new StreamInfo(
                index,
                type,
                codec,
                null,
                null,
                null,
                level,
                bitRate,
                timing,
                picture,
                sound,
                dispositions,
                tags);
    }
}
