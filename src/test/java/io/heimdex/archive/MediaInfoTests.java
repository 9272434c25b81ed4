package io.heimdex.archive;

import static org.assertj.core.api.Assertions.assertThat;

import io.heimdex.archive.TestApi.Answer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Sidecars against what mediainfo says of the same files. Where they differ is written down, with
 * the reason; run with {@code -Pmediainfo}.
 */
@Tag("mediainfo")
@ServiceTest
class MediaInfoTests {

    private static final Path KNOWN = Path.of("docs/reference/mediainfo-differences.yaml");
    private static final JsonMapper JSON = new JsonMapper();
    private static final double NEAR = 0.02;
    private static final double NEAR_SECONDS = 0.15;

    private static final Map<String, String> OF_VIDEO =
            Map.of(
                    "Width", "/video/width_px",
                    "Height", "/video/height_px",
                    "BitDepth", "/video/bit_depth",
                    "ChromaSubsampling", "/video/chroma_subsampling",
                    "FrameRate", "/video/frame_rate_fps",
                    "FrameCount", "/video/frame_count",
                    "PixelAspectRatio", "/video/pixel_aspect_ratio",
                    "Rotation", "/video/rotation_deg",
                    "ScanType", "/video/scan_type",
                    "colour_range", "/video/color_range");

    private static final Map<String, String> OF_AUDIO =
            Map.of(
                    "Channels", "/audio/channels",
                    "SamplingRate", "/audio/sample_rate_hz",
                    "BitDepth", "/audio/bit_depth");

    @Autowired TestApi api;

    @Test
    void theyDifferInNothingButWhatIsWrittenDown() throws IOException, InterruptedException {
        GeneratedMedia media = GeneratedMedia.load();
        Set<String> differences = new TreeSet<>();
        for (GeneratedMedia.Case one : media.cases()) {
            Path file = media.file(one.file());
            JsonNode sidecar = sidecar(file);
            Map<String, JsonNode> tracks = new TreeMap<>();
            mediainfo(file)
                    .at("/media/track")
                    .forEach(track -> tracks.putIfAbsent(track.path("@type").asString(), track));
            compare(one.file(), tracks.get("Video"), OF_VIDEO, sidecar, differences);
            compare(one.file(), tracks.get("Audio"), OF_AUDIO, sidecar, differences);
            compare(
                    one.file(),
                    tracks.get("General"),
                    Map.of("Duration", "/format/duration_s"),
                    sidecar,
                    differences);
        }

        assertThat(differences).containsExactlyInAnyOrderElementsOf(known());
    }

    private static Set<String> known() throws IOException {
        try (InputStream in = Files.newInputStream(KNOWN)) {
            Map<String, Map<String, Map<String, String>>> known = new Yaml().load(in);
            Set<String> lines = new TreeSet<>();
            known.forEach((reason, files) ->
                    files.forEach((file, values) ->
                            values.forEach((pointer, value) ->
                                    lines.add(file + " " + pointer + " " + value))));
            return lines;
        }
    }

    private static void compare(
            String file,
            @Nullable JsonNode track,
            Map<String, String> fields,
            JsonNode sidecar,
            Set<String> differences) {
        if (track == null) {
            return;
        }
        fields.forEach((field, pointer) -> {
            JsonNode ours = sidecar.at(pointer);
            String theirs = track.path(field).asString("");
            if (!theirs.isEmpty()
                    && !ours.isNull()
                    && !ours.isMissingNode()
                    && !same(pointer, ours, theirs)) {
                differences.add(
                        "%s %s %s, mediainfo %s".formatted(file, pointer, ours.asString(), theirs));
            }
        });
    }

    private static boolean same(String pointer, JsonNode ours, String theirs) {
        if (!ours.isNumber()) {
            return ours.asString().equalsIgnoreCase(theirs);
        }
        double near = pointer.equals("/format/duration_s") ? NEAR_SECONDS : NEAR;
        try {
            return Math.abs(ours.asDouble() - Double.parseDouble(theirs)) <= near;
        } catch (NumberFormatException _) {
            return false;
        }
    }

    private JsonNode sidecar(Path file) throws IOException {
        Path folder =
                Files.createDirectory(
                        FreshTestData.ARCHIVES
                                .resolve("folders")
                                .resolve("mediainfo-" + UUID.randomUUID()));
        Path copy = Files.copy(file, folder.resolve(file.getFileName()));
        Answer answer =
                api.as("folders")
                        .post(
                                "/v1/ingest/probe",
                                Map.of("source_uri", copy.toAbsolutePath().toUri().toString()));
        return answer.json();
    }

    private static JsonNode mediainfo(Path file) throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder("mediainfo", "--Output=JSON", file.toString())
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        JsonNode told = JSON.readTree(process.getInputStream());
        assertThat(process.waitFor()).isZero();
        return told;
    }
}
