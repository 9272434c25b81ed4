package io.heimdex.archive;

import static io.heimdex.archive.ProblemAssert.assertThatProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.heimdex.archive.TestApi.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

/** What is told about each shipped sample, against what make-samples.sh put into it. */
@ServiceTest
class SampleTests {

    private static final String MP4 = "mov,mp4,m4a,3gp,3g2,mj2";

    @Autowired TestApi api;

    /**
     * What is in a sample.
     *
     * @param seconds 0 if the file tells no duration
     * @param video codec, width, height and frames a second, or "-"
     * @param audio codec, channels and rate, or "-"
     * @param streams the types of all streams in order
     * @param warnings the expected codes
     */
    record Expected(
            String file,
            String container,
            double seconds,
            String video,
            String audio,
            String streams,
            List<String> warnings) {

        @Override
        public String toString() {
            return file;
        }
    }

    static Stream<Expected> goodSamples() {
        String matroska = "matroska,webm";
        return Stream.of(
                new Expected(
                        "h264-aac.mp4",
                        MP4,
                        2,
                        "h264 320 180 25.0",
                        "aac 1 48000",
                        "video audio",
                        List.of()),
                new Expected(
                        "vp9-opus.webm",
                        matroska,
                        2,
                        "vp9 320 180 25.0",
                        "opus 1 48000",
                        "video audio",
                        List.of()),
                new Expected(
                        "chapters-subtitles.mkv",
                        matroska,
                        2,
                        "h264 320 180 25.0",
                        "aac 1 48000",
                        "video audio subtitle",
                        List.of()),
                new Expected(
                        "prores-timecode.mov",
                        MP4,
                        0.4,
                        "prores 160 90 25.0",
                        "-",
                        "video data",
                        List.of("no_audio_stream")),
                new Expected(
                        "mpeg2-pcm-op1a.mxf",
                        "mxf",
                        0.4,
                        "mpeg2video 320 180 25.0",
                        "pcm_s16le 1 48000",
                        "video audio",
                        List.of()),
                new Expected("tone.flac", "flac", 1, "-", "flac 1 44100", "audio", List.of()),
                new Expected(
                        "tone-with-cover.mp3",
                        "mp3",
                        1,
                        "-",
                        "mp3 1 44100",
                        "audio video",
                        List.of()),
                new Expected(
                        "tone-mono-8khz.wav",
                        "wav",
                        1,
                        "-",
                        "pcm_s16le 1 8000",
                        "audio",
                        List.of()),
                new Expected(
                        "test-pattern.jpg",
                        "jpeg_pipe",
                        0,
                        "mjpeg 320 180 25.0",
                        "-",
                        "video",
                        List.of("duration_unavailable", "no_audio_stream")));
    }

    @ParameterizedTest
    @MethodSource("goodSamples")
    void aSampleIsDescribedAsItWasMade(Expected expected) throws IOException {
        Answer answer = probe(expected.file());

        assertThat(answer.status()).as(answer.response().body()).isEqualTo(200);
        JsonNode sidecar = answer.json();
        assertThat(answer.text("/schema_version")).isEqualTo("1.0.0");
        assertThat(answer.text("/asset_id")).startsWith("sha256:");
        assertThat(answer.text("/source/filename")).isEqualTo(expected.file());
        assertThat(sidecar.at("/source/size_bytes").asLong())
                .isEqualTo(Files.size(TestApi.sample(expected.file())));
        assertThat(answer.text("/format/container")).isEqualTo(expected.container());
        assertThat(sidecar.at("/format/duration_s").asDouble(0))
                .isCloseTo(expected.seconds(), within(0.1));
        assertThat(line(sidecar.path("video"), "codec", "width_px", "height_px", "frame_rate_fps"))
                .isEqualTo(expected.video());
        assertThat(line(sidecar.path("audio"), "codec", "channels", "sample_rate_hz"))
                .isEqualTo(expected.audio());
        assertThat(String.join(" ", sidecar.path("streams").findValuesAsString("type")))
                .isEqualTo(expected.streams());
        assertThat(texts(sidecar.path("warnings"))).isEqualTo(expected.warnings());
        assertThat(texts(sidecar.path("errors"))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"plain-text.mp4, invalid_media", "truncated-no-moov.mp4, invalid_media"})
    void aBrokenSampleIsRefused(String file, String code) {
        assertThatProblem(probe(file)).is(422, code);
    }

    @Test
    void everySampleIsCovered() throws IOException {
        List<String> covered =
                Stream.concat(
                                goodSamples().map(Expected::file),
                                Stream.of("plain-text.mp4", "truncated-no-moov.mp4"))
                        .sorted()
                        .toList();
        try (Stream<Path> samples = Files.list(Path.of("samples"))) {
            assertThat(samples.map(file -> file.getFileName().toString()).sorted())
                    .containsExactlyElementsOf(covered);
        }
    }

    @Test
    void theTimecodeOfAFilmIsKept() {
        JsonNode streams = probe("prores-timecode.mov").json().path("streams");

        assertThat(streams.findValuesAsString("timecode")).contains("01:00:00:00");
    }

    @Test
    void theCoverOfASongIsAStreamButNotTheVideo() {
        Answer song = probe("tone-with-cover.mp3");

        assertThat(song.json().path("video").isNull()).isTrue();
        assertThat(song.text("/streams/1/codec")).isEqualTo("mjpeg");
        assertThat(song.text("/format/tags/title")).isEqualTo("Test tone");
    }

    @Test
    void theLanguagesOfSoundAndSubtitlesAreNotMixedUp() {
        Answer film = probe("chapters-subtitles.mkv");

        assertThat(film.text("/streams/1/tags/language")).isEqualTo("eng");
        assertThat(film.text("/streams/2/tags/language")).isEqualTo("ger");
        assertThat(film.text("/format/tags/title")).isEqualTo("Chapters and subtitles");
    }

    @ParameterizedTest
    @CsvSource({"h264-aac.mp4", "vp9-opus.webm", "prores-timecode.mov", "chapters-subtitles.mkv"})
    void theDateInAFileIsWhenItWasMade(String file) {
        assertThat(probe(file).text("/source/created_time")).isEqualTo("2024-05-01T10:00:00Z");
    }

    @Test
    void squarePixelsAreTheDefault() {
        for (String file : List.of("h264-aac.mp4", "test-pattern.jpg", "prores-timecode.mov")) {
            assertThat(probe(file).json().at("/video/pixel_aspect_ratio").asDouble())
                    .as(file)
                    .isEqualTo(1.0);
        }
    }

    @Test
    void theSynchronousProbeStoresNothing() throws IOException {
        // An org of its own: others may have made an asset of the sample.
        TestApi.Client own = api.as(TestApi.newOrg());
        String uri =
                own.upload("tone.flac", Files.readAllBytes(TestApi.sample("tone.flac")))
                        .text("/presigned/asset_uri");
        String asset = own.post("/v1/ingest/probe", Map.of("source_uri", uri)).text("/asset_id");

        assertThatProblem(own.get("/v1/assets/" + asset)).is(404, "asset_not_found");
    }

    private Answer probe(String file) {
        return api.as("demo")
                .post(
                        "/v1/ingest/probe",
                        Map.of(
                                "source_uri",
                                TestApi.sample(file).toAbsolutePath().toUri().toString()));
    }

    private static String line(JsonNode part, String... fields) {
        return part.isNull()
                ? "-"
                : String.join(
                        " ",
                        Arrays.stream(fields)
                                .map(field -> part.path(field).asString("?"))
                                .toList());
    }

    private static List<String> texts(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false).map(JsonNode::asString).toList();
    }
}
