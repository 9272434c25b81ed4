package io.heimdex.archive.probe.ffprobe;

import com.github.kokorin.jaffree.ffprobe.data.ProbeData;
import io.heimdex.archive.probe.Warning;
import io.heimdex.archive.probe.WarningCode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is taken of one description of a file at most, and whether there was more. An ffprobe that a
 * file has taken over says what it likes.
 */
final class Bounds {

    /** Of a file; what comes after them is not described. */
    static final int MAX_STREAMS = 256;

    /** An audio Bible has 1,189. */
    static final int MAX_CHAPTERS = 5000;

    static final int MAX_PROGRAMS = 256;

    static final int MAX_TAG_NAME = 256;
    static final int MAX_TAG = 1 << 16;

    /** Of all names and values of tags together. */
    static final int MAX_TAGS = 1 << 20;

    /** What a JPEG can count. */
    static final long MAX_SIDE = 65_535;

    static final long MAX_PIXELS = 1L << 30;

    private int tagsLeft = MAX_TAGS;
    private boolean streamsCut;
    private boolean metadataCut;
    private boolean sizeLeftOut;

    /** The size of a picture. */
    record Size(@Nullable Long width, @Nullable Long height) {}

    /** What was left out. */
    List<Warning> warnings() {
        List<Warning> warnings = new ArrayList<>();
        if (streamsCut) {
            warnings.add(new Warning(WarningCode.STREAMS_CUT));
        }
        if (metadataCut) {
            warnings.add(new Warning(WarningCode.METADATA_CUT));
        }
        if (sizeLeftOut) {
            warnings.add(new Warning(WarningCode.PICTURE_SIZE_LEFT_OUT));
        }
        return warnings;
    }

    <T> List<T> streams(List<T> all) {
        streamsCut |= all.size() > MAX_STREAMS;
        return all.subList(0, Math.min(all.size(), MAX_STREAMS));
    }

    <T> List<T> chapters(List<T> all) {
        return first(all, MAX_CHAPTERS);
    }

    <T> List<T> programs(List<T> all) {
        return first(all, MAX_PROGRAMS);
    }

    private <T> List<T> first(List<T> all, int most) {
        metadataCut |= all.size() > most;
        return all.subList(0, Math.min(all.size(), most));
    }

    /** The tags below a part of the description, as long as there is room for them. */
    Map<String, String> tags(ProbeData data) {
        Map<String, String> taken = new LinkedHashMap<>();
        JacksonProbeData.tags(data)
                .forEach((name, whole) -> {
                    String value =
                            whole.length() > MAX_TAG ? whole.substring(0, cut(whole)) : whole;
                    int length = name.length() + value.length();
                    if (name.length() <= MAX_TAG_NAME && length <= tagsLeft) {
                        taken.put(name, value);
                        tagsLeft -= length;
                        metadataCut |= value.length() < whole.length();
                    } else {
                        metadataCut = true;
                    }
                });
        return taken;
    }

    /** Where no pair of surrogates is parted. */
    private static int cut(String text) {
        return Character.isHighSurrogate(text.charAt(MAX_TAG - 1)) ? MAX_TAG - 1 : MAX_TAG;
    }

    /** The size that was told, unless no picture is that large. */
    Size size(@Nullable Long width, @Nullable Long height) {
        long wide = width == null ? 1 : width;
        long high = height == null ? 1 : height;
        if (wide <= MAX_SIDE && high <= MAX_SIDE && wide * high <= MAX_PIXELS) {
            return new Size(width, height);
        }
        sizeLeftOut = true;
        return new Size(null, null);
    }
}
