package io.heimdex.archive.probe;

import io.heimdex.archive.problem.SnakeCase;

/**
 * The stable names of what can be odd about a file that is media all the same. A code is never
 * renamed and never reused.
 */
public enum WarningCode {
    DURATION_UNAVAILABLE("The file does not tell how long it is."),
    FRAME_RATE_UNAVAILABLE("The video does not tell how many frames it shows a second."),
    NO_AUDIO_STREAM("The file has no sound."),
    HDR_CONTRADICTORY(
            "What the video says of its dynamic range contradicts itself; hdr.basis tells how."),
    STREAMS_CUT("The file has more than 256 streams; the sidecar has the first 256."),
    METADATA_CUT(
            "The file has more or longer tags, chapters or programmes than are taken; the sidecar has the first of them."),
    PICTURE_SIZE_LEFT_OUT("No picture is as large as the file tells, so that its size is unknown."),
    MEDIA_ERRORS_REPORTED("ffprobe reported an error while it read the file; these are its words."),
    FIRST_FRAME_UNREADABLE(
            "The first frame cannot be decoded, so that HDR10+, mastering display, closed captions and the turn of a photo are unknown."),
    DEEP_PROBE_FAILED(
            "The file cannot be decoded to its end, so that what was to be measured is unknown."),
    THUMBNAIL_GENERATION_FAILED("Some pictures could not be made, or none."),
    THUMBNAILS_NOT_TONE_MAPPED(
            "The pictures' light and colours are not right: ffmpeg on this machine cannot bring them to those of a JPEG.");

    private final String meaning;

    WarningCode(String meaning) {
        this.meaning = meaning;
    }

    public String code() {
        return SnakeCase.of(this);
    }

    public String meaning() {
        return meaning;
    }
}
