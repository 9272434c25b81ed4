import java.io.File;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** One client, one sidecar after another. See single.sh. */
public class Single {

    private static final int WARM_UP = 20;
    private static final int COUNTED = 200;
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private static String base;
    private static String token = "";

    public static void main(String[] args) throws Exception {
        base = args[0];
        Path file = Path.of(args[1]).toAbsolutePath();
        Path ffprobe = bundledFfprobe(Path.of(args[2]));
        token = field("token", post("/v1/admin/dev-token", "{\"org_id\":\"demo\"}"));
        String asset = field("asset_id", post("/v1/ingest/commit", "{\"source_uri\":\"" + file.toUri() + "\"}"));

        double[] ours = new double[COUNTED];
        double[] bare = new double[COUNTED];
        double[] picture = new double[COUNTED];
        for (int i = -WARM_UP; i < COUNTED; i++) {
            double request = sidecar(asset);
            double probe = run(
                    ffprobe, "-v", "quiet", "-of", "json", "-show_format", "-show_streams", file.toString());
            double taken = run(
                    ffprobe.resolveSibling("ffmpeg"),
                    "-nostdin", "-v", "quiet", "-threads", "1", "-ss", "1", "-i", file.toString(), "-frames:v", "1",
                    "-vf", "scale=320:-2", "-f", "image2pipe", "-c:v", "mjpeg", "-");
            if (i >= 0) {
                ours[i] = request;
                bare[i] = probe;
                picture[i] = taken;
            }
        }
        Arrays.sort(ours);
        Arrays.sort(bare);
        Arrays.sort(picture);
        System.out.printf(
                Locale.ROOT,
                "single: p50_ms=%.1f p95_ms=%.1f probe_p50_ms=%.1f picture_p50_ms=%.1f above_tools_ms=%.1f%n",
                ours[COUNTED / 2],
                ours[COUNTED * 95 / 100],
                bare[COUNTED / 2],
                picture[COUNTED / 2],
                ours[COUNTED / 2] - bare[COUNTED / 2] - picture[COUNTED / 2]);
    }

    private static double sidecar(String asset) throws Exception {
        long start = System.nanoTime();
        String job = field("job_id", post("/v1/assets/" + asset + "/sidecar", "{}"));
        while (true) {
            String status = field("status", send(request("/v1/jobs/" + job).GET().build()));
            double millis = (System.nanoTime() - start) / 1e6;
            if (status.equals("succeeded")) {
                return millis;
            }
            if (status.equals("failed") || millis > LIMIT.toMillis()) {
                throw new IllegalStateException("job " + job + " is " + status + " after " + millis + " ms");
            }
            Thread.sleep(1);
        }
    }

    private static double run(Path tool, String... arguments) throws Exception {
        long start = System.nanoTime();
        List<String> command = new ArrayList<>(List.of(arguments));
        command.addFirst(tool.toString());
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectOutput(new File("/dev/null"))
                .redirectError(new File("/dev/null"));
        builder.environment().put("LD_LIBRARY_PATH", tool.getParent().toString());
        int exit = builder.start().waitFor();
        if (exit != 0) {
            throw new IllegalStateException(tool + " ended with " + exit);
        }
        return (System.nanoTime() - start) / 1e6;
    }

    private static Path bundledFfprobe(Path data) throws Exception {
        try (Stream<Path> files = Files.find(
                data.toAbsolutePath().resolve("native"), 2, (path, _) -> path.endsWith("ffprobe"))) {
            return files.findFirst().orElseThrow();
        }
    }

    private static String post(String path, String body) throws Exception {
        return send(request(path)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body))
                .build());
    }

    private static HttpRequest.Builder request(String path) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path)).timeout(LIMIT);
        return token.isEmpty() ? request : request.header("Authorization", "Bearer " + token);
    }

    private static String send(HttpRequest request) throws Exception {
        var response = HTTP.send(request, BodyHandlers.ofString());
        if (response.statusCode() >= 300) {
            throw new IllegalStateException(request.uri() + " answered " + response.statusCode() + ": " + response.body());
        }
        return response.body();
    }

    private static String field(String name, String json) {
        Matcher matcher = Pattern.compile("\"" + name + "\":\"([^\"]*)\"").matcher(json);
        if (!matcher.find()) {
            throw new IllegalStateException("no " + name + " in " + json);
        }
        return matcher.group(1);
    }
}
