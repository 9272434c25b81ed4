package io.heimdex.archive.probe.ffprobe;

import static org.assertj.core.api.Assertions.assertThat;

import io.heimdex.archive.probe.Warning;
import io.heimdex.archive.probe.WarningCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MessagesTests {

    private static final String LOADER =
            "/data/native/ffprobe: /data/native/libXv.so.1: no version information available"
                    + " (required by /data/native/libavdevice.so.62)\n";

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", " \r\n\t\n", LOADER, LOADER + "\n" + LOADER})
    void theLoadersRemarksAreNotTheFilesFault(String stderr) {
        assertThat(Messages.of(stderr).lines()).isEmpty();
        assertThat(Messages.of(stderr).warnings()).isEmpty();
    }

    @Test
    void whatTheToolSaysIsAWarningWithoutWhatIsOfThisMachine() {
        Messages messages =
                Messages.of(LOADER + "[mov @ 0x55d] error reading header\nfd:: Invalid data\n");

        assertThat(messages.lines())
                .containsExactly("[mov @ 0x55d] error reading header", "fd:: Invalid data");
        assertThat(messages.warnings())
                .containsExactly(
                        new Warning(
                                WarningCode.MEDIA_ERRORS_REPORTED, "[mov] error reading header"),
                        new Warning(WarningCode.MEDIA_ERRORS_REPORTED, "input: Invalid data"));
        assertThat(messages.outOfMemory()).isFalse();
        assertThat(messages.formatRefused()).isFalse();
    }

    @Test
    void aUrlOfOursIsNotTold() {
        assertThat(Messages.of("http://127.0.0.1:4711/0a1b2c: Input/output error\n").warnings())
                .containsExactly(
                        new Warning(WarningCode.MEDIA_ERRORS_REPORTED, "input Input/output error"));
    }

    @Test
    void manyMessagesAreAFewShortWarnings() {
        String stderr =
                "[h264 @ 0x1] no frame!\n".repeat(50)
                        + "a\u0001b\n"
                        + "x".repeat(5000)
                        + "\n1\n2\n3\n4\n";

        assertThat(Messages.of(stderr).warnings())
                .extracting(Warning::message)
                .containsExactly("[h264] no frame!", "a b", "x".repeat(200) + "…", "1", "2");
    }

    /** Half a character would be text that neither JSON nor PostgreSQL takes. */
    @Test
    void noCharacterIsCutInTwo() {
        String stderr = "x".repeat(199) + "\uD834\uDD1E".repeat(2) + "\n";

        assertThat(Messages.of(stderr).warnings())
                .extracting(Warning::message)
                .containsExactly("x".repeat(199) + "\uD834\uDD1E…");
    }

    @Test
    void aLackOfMemoryIsRecognised() {
        Messages messages = Messages.of("oops\n[mov @ 0x55d] fd:: Cannot allocate memory\n");

        assertThat(messages.outOfMemory()).isTrue();
        assertThat(messages.formatRefused()).isFalse();
    }

    @Test
    void aRefusedFormatIsRecognised() {
        Messages messages = Messages.of("[hls @ 0x55d] Format not on whitelist 'mov,mp4'\n");

        assertThat(messages.formatRefused()).isTrue();
        assertThat(messages.outOfMemory()).isFalse();
    }
}
