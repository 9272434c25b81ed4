package io.heimdex.archive.fuzz;

import io.heimdex.archive.TestApi;
import io.heimdex.archive.TestApi.Answer;
import io.heimdex.archive.TestApi.Client;
import io.heimdex.archive.tenancy.Scope;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Things that really exist, so that requests can name them: of several orgs, each with its own.
 *
 * @param slow a job of the last of them that runs until it is stopped
 */
record Stock(List<Org> orgs, String slow) {

    private static final List<String> SAMPLES =
            List.of("h264-aac.mp4", "tone.flac", "tone-with-cover.mp3", "plain-text.mp4");

    /**
     * What one org has.
     *
     * @param strong a token that allows everything
     * @param tokens of all sorts of scopes
     * @param uploads URLs that take bytes, without the address
     * @param cursors of lists
     */
    record Org(
            String name,
            String strong,
            List<String> tokens,
            List<String> assets,
            List<String> jobs,
            List<String> uploads,
            List<String> uploadIds,
            List<String> sources,
            List<String> cursors) {}

    /** Makes it all, by the API itself. */
    static Stock make(TestApi api, int orgs, Random random) throws IOException {
        List<Org> made = new ArrayList<>();
        for (int i = 0; i < orgs; i++) {
            made.add(org(api, random));
        }
        // Kept for the end: it takes a worker's thread until it is stopped.
        String slow =
                api.withToken(made.getLast().strong())
                        .post(
                                "/v1/jobs",
                                """
                                {"type":"reprobe","select":{"which":"all"},"options":{"rate_limit":0.01}}
                                """)
                        .text("/job_id");
        return new Stock(made, slow);
    }

    private static Org org(TestApi api, Random random) throws IOException {
        String name = TestApi.newOrg();
        Client client = api.as(name, Scope.ADMIN);
        List<String> assets = new ArrayList<>();
        List<String> sources = new ArrayList<>();
        for (String sample : SAMPLES) {
            Answer init = client.upload(sample, own(name, sample));
            sources.add(init.text("/presigned/asset_uri"));
            assets.add(client.commit(sources.getLast()).text("/asset_id"));
        }
        List<String> jobs = new ArrayList<>();
        for (String asset : List.of(assets.getFirst(), assets.getLast())) {
            jobs.add(client.sidecarJob(asset).text("/job_id"));
        }
        jobs.add(
                client.finished(
                                client.post(
                                                "/v1/jobs",
                                                "{\"type\":\"reprobe\",\"select\":{\"which\":\"all\"}}")
                                        .text("/job_id"))
                        .text("/job_id"));
        client.post("/v1/jobs/" + jobs.getFirst() + "/restart", "{}");
        List<String> uploads = new ArrayList<>();
        List<String> uploadIds = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            Answer init =
                    client.post(
                            "/v1/ingest/init",
                            Map.of("source_name", "later.bin", "content_length", 1000));
            uploads.add(init.text("/presigned/upload_url").replaceFirst("http://[^/]+", ""));
            uploadIds.add(init.text("/upload_id"));
        }
        List<String> cursors = new ArrayList<>();
        for (String list : List.of("/v1/assets", "/v1/jobs", "/v1/audit")) {
            cursors.add(client.get(list + "?limit=1").text("/next_cursor"));
        }
        return new Org(
                name,
                client.token(),
                tokens(api, name, random),
                assets,
                jobs,
                uploads,
                uploadIds,
                sources,
                cursors);
    }

    private static List<String> tokens(TestApi api, String org, Random random) {
        List<String> tokens = new ArrayList<>();
        tokens.add(api.as(org).token());
        for (int i = 0; i < 6; i++) {
            Scope[] some =
                    Arrays.stream(Scope.values())
                            .filter(_ -> random.nextInt(3) == 0)
                            .toArray(Scope[]::new);
            tokens.add(api.as(org, some).token());
        }
        return tokens;
    }

    /** The sample with something behind it that makes its id the org's alone. */
    private static byte[] own(String org, String sample) throws IOException {
        byte[] bytes = Files.readAllBytes(TestApi.sample(sample));
        byte[] tail = org.getBytes(StandardCharsets.UTF_8);
        byte[] own = Arrays.copyOf(bytes, bytes.length + tail.length);
        System.arraycopy(tail, 0, own, bytes.length, tail.length);
        return own;
    }
}
