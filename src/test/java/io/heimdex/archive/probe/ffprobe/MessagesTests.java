package io.heimdex.archive.probe.ffprobe;

import static org.assertj.core.api.Assertions.assertThat;

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
    void whatTheToolSaysIsOneWarningWithoutItsWords() {
        Messages messages =
                Messages.of(LOADER + "[mov @ 0x55d] error reading header\nfd:: Invalid data\n");

        assertThat(messages.lines())
                .containsExactly("[mov @ 0x55d] error reading header", "fd:: Invalid data");
        assertThat(messages.warnings()).containsExactly("media_errors_reported");
        assertThat(messages.outOfMemory()).isFalse();
        assertThat(messages.formatRefused()).isFalse();
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
