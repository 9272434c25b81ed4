package io.heimdex.archive.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Ordinary clients: each sends requests of all kinds in turn, at times that were fixed before. What
 * a request takes counts from when it was due.
 */
final class ClientMix {

    private static final int CLIENTS = 8;
    private static final Duration EVERY = Duration.ofMillis(100);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final List<Request> requests;

    /**
     * Clients that send these.
     *
     * @param requests one of each kind
     */
    ClientMix(List<Request> requests) {
        this.requests = requests;
    }

    /**
     * One kind of request.
     *
     * @param body sent by POST; GET without one
     * @param ownConnection whether it opens a connection, and leaves it behind
     */
    record Request(
            String kind, String url, String token, @Nullable String body, boolean ownConnection) {

        private HttpRequest built() {
            HttpRequest.Builder request =
                    HttpRequest.newBuilder(URI.create(url))
                            .timeout(PATIENCE)
                            .header("Authorization", "Bearer " + token);
            if (ownConnection) {
                request.header("Connection", "close");
            }
            return body == null
                    ? request.build()
                    : request.header("Content-Type", "application/json")
                            .POST(BodyPublishers.ofString(body))
                            .build();
        }
    }

    /**
     * What came of a request.
     *
     * @param problem {@code null} for success
     */
    record Seen(String kind, double millis, @Nullable String problem) {}

    /** All clients at work for so long, and what they saw. */
    List<Seen> work(Duration length) throws InterruptedException, ExecutionException {
        try (ExecutorService threads = Executors.newFixedThreadPool(CLIENTS)) {
            long start = System.nanoTime();
            List<Future<List<Seen>>> clients = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                int client = i;
                clients.add(threads.submit(() -> work(client, start, start + length.toNanos())));
            }
            List<Seen> all = new ArrayList<>();
            for (Future<List<Seen>> client : clients) {
                all.addAll(client.get());
            }
            return all;
        }
    }

    private List<Seen> work(int client, long start, long end) throws InterruptedException {
        List<Seen> seen = new ArrayList<>();
        long due = start + EVERY.toNanos() * client / CLIENTS;
        for (int i = client; due < end; i++) {
            for (long now = System.nanoTime(); now < due; now = System.nanoTime()) {
                LockSupport.parkNanos(due - now);
            }
            Request request = requests.get(i % requests.size());
            // Who is so late gives up what else was due.
            String problem =
                    System.nanoTime() - end > PATIENCE.toNanos()
                            ? request.kind() + ": not sent in time"
                            : send(request);
            seen.add(new Seen(request.kind(), (System.nanoTime() - due) / 1e6, problem));
            due += EVERY.toNanos();
        }
        return seen;
    }

    private @Nullable String send(Request request) throws InterruptedException {
        try {
            var answer = http.send(request.built(), BodyHandlers.ofString());
            return answer.statusCode() == 200
                    ? null
                    : request.kind() + ": " + answer.statusCode() + " " + answer.body();
        } catch (IOException e) {
            return request.kind() + ": " + e;
        }
    }
}
