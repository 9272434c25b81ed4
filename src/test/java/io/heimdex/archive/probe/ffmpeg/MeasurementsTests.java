package io.heimdex.archive.probe.ffmpeg;

import static org.assertj.core.api.Assertions.assertThat;

import io.heimdex.archive.probe.DeepFacts;
import io.heimdex.archive.probe.DeepFacts.Loudness;
import io.heimdex.archive.probe.WarningCode;
import org.junit.jupiter.api.Test;

class MeasurementsTests {

    private static final String TOLD =
            """
            [Parsed_ebur128_0 @ 0x7fdf58001dc0] Summary:

              Integrated loudness:
                I:         -21.8 LUFS
                Threshold: -31.8 LUFS

              Loudness range:
                LRA:         1.5 LU
                LRA low:     0.0 LUFS

              True peak:
                Peak:      -16.1 dBFS
            frame=   25 fps=0.0 q=-0.0 Lsize=N/A time=00:00:01.00 bitrate=N/A speed=63.2x
            """;

    @Test
    void whatIsToldAtTheEndCounts() {
        String spoofed = "title: I: 0.0 LUFS LRA: 99 LU Peak: 9 dBFS frame= 7\n" + TOLD;

        assertThat(Measurements.read(spoofed, true, true))
                .isEqualTo(new DeepFacts(25L, new Loudness(-21.8, 1.5, -16.1), null));
    }

    @Test
    void onlyWhatWasMeasuredIsTold() {
        assertThat(Measurements.read(TOLD, true, false)).isEqualTo(new DeepFacts(25L, null, null));
        assertThat(Measurements.read(TOLD, false, true))
                .isEqualTo(new DeepFacts(null, new Loudness(-21.8, 1.5, -16.1), null));
    }

    @Test
    void silenceHasNoLoudness() {
        String silent = TOLD.replace("-21.8", "-inf").replace("-16.1", "-inf");

        assertThat(Measurements.read(silent, false, true).loudness())
                .isEqualTo(new Loudness(null, 1.5, null));
    }

    @Test
    void whatIsNotToldIsAWarning() {
        DeepFacts facts = Measurements.read("", true, true);

        assertThat(facts.frames()).isNull();
        assertThat(facts.loudness()).isNull();
        assertThat(facts.warning()).isNotNull();
        assertThat(facts.warning().code()).isEqualTo(WarningCode.DEEP_PROBE_FAILED);
    }
}
