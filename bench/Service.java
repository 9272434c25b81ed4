import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The service as the benchmarks of runs see it. */
final class Service {

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final String url;
    private String token = "";

    /** Becomes the org's client. */
    Service(String url, String org) throws IOException, InterruptedException {
        this.url = url;
        this.token = field("token", call("POST", "/v1/admin/dev-token", "{\"org_id\":\"" + org + "\"}"));
    }

    static double median(List<Double> values) {
        List<Double> sorted = new ArrayList<>(values);
        Collections.sort(sorted);
        return sorted.get(sorted.size() / 2);
    }

    /** Files a second, from the run's start to its end, as the service itself tells them. */
    double perSecond(String run, int count) throws IOException, InterruptedException {
        String job = field("job_id", call("POST", "/v1/jobs", run));
        while (true) {
            String view = call("GET", "/v1/jobs/" + job, null);
            String status = field("status", view);
            if (status.equals("succeeded")) {
                if (!view.contains("\"done\":" + count + ",\"failed\":0")) {
                    throw new IllegalStateException("not every file was done: " + view);
                }
                Duration took =
                        Duration.between(
                                Instant.parse(field("started_at", view)),
                                Instant.parse(field("finished_at", view)));
                return count / (took.toMillis() / 1000.0);
            }
            if (!List.of("queued", "running").contains(status)) {
                throw new IllegalStateException(view);
            }
            Thread.sleep(200);
        }
    }

    private String call(String method, String path, String body)
            throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(url + path))
                        .timeout(Duration.ofSeconds(60))
                        .header("Content-Type", "application/json")
                        .header("Authorization", "Bearer " + token)
                        .method(
                                method,
                                body == null
                                        ? BodyPublishers.noBody()
                                        : BodyPublishers.ofString(body))
                        .build();
        if (token.isEmpty()) {
            request =
                    HttpRequest.newBuilder(request, (name, _) -> !name.equals("Authorization"))
                            .build();
        }
        var answer = HTTP.send(request, BodyHandlers.ofString());
        if (answer.statusCode() >= 300) {
            throw new IllegalStateException(path + ": " + answer.body());
        }
        return answer.body();
    }

    static String field(String name, String json) {
        Matcher value = Pattern.compile("\"" + name + "\":\"([^\"]*)\"").matcher(json);
        if (!value.find()) {
            throw new IllegalStateException("no " + name + " in " + json);
        }
        return value.group(1);
    }
}
