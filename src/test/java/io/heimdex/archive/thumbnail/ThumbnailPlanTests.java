package io.heimdex.archive.thumbnail;

import static org.assertj.core.api.Assertions.assertThat;

import io.heimdex.archive.thumbnail.ThumbnailPlan.Light;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ThumbnailPlanTests {

    @Test
    void aShortVideoHasAPosterFromItsMiddle() {
        assertThat(plan(59.9, ThumbnailPolicy.USUAL).seconds()).containsExactly(29.95);
    }

    @Test
    void fromAMinuteOnThereAreTwoSamples() {
        assertThat(plan(60, ThumbnailPolicy.USUAL).seconds()).containsExactly(30.0, 12.0, 48.0);
    }

    @Test
    void aPolicyMayAskForSamplesAtIntervals() {
        assertThat(plan(35, new ThumbnailPolicy(10.0, null, null)).seconds())
                .containsExactly(17.5, 10.0, 20.0, 30.0);
        assertThat(plan(35, new ThumbnailPolicy(10.0, 2, null)).seconds())
                .containsExactly(17.5, 10.0, 20.0);
    }

    @Test
    void aPolicyMayAskForSoManySamples() {
        assertThat(plan(40, new ThumbnailPolicy(null, 3, null)).seconds())
                .containsExactly(20.0, 10.0, 20.0, 30.0);
    }

    @Test
    void thereAreNeverMoreThanFiftySamples() {
        assertThat(plan(1e9, new ThumbnailPolicy(0.001, null, null)).seconds()).hasSize(51);
    }

    @ParameterizedTest
    @CsvSource({
        "1920, 1080,     , 320, 180",
        "1080, 1920,     , 320, 569",
        "160,  90,       , 320, 180",
        "1,    1000000,  , 2, 4096",
        "1000000, 1,     , 320, 2",
        "1920, 1080,  540, 960, 540",
        "1920, 1080, 4096, 1920, 1080",
        "60000, 30000, 4096, 4096, 2048"
    })
    void picturesFitIntoTheirBounds(
            long shownWidth, long shownHeight, Integer maxHeight, int width, int height) {
        ThumbnailPlan plan =
                ThumbnailPlan.ofStill(
                        0,
                        shownWidth,
                        shownHeight,
                        Light.STANDARD,
                        new ThumbnailPolicy(null, null, maxHeight));

        assertThat(plan.width()).isEqualTo(width);
        assertThat(plan.height()).isEqualTo(height);
    }

    private static ThumbnailPlan plan(double duration, ThumbnailPolicy policy) {
        return ThumbnailPlan.ofVideo(0, duration, 320, 180, Light.STANDARD, policy);
    }
}
