package io.heimdex.archive.fuzz;

import io.heimdex.archive.TestApi;
import io.heimdex.archive.openapi.Contract;
import io.heimdex.archive.openapi.Contract.Observed;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** Sends many requests at once, and looks at every answer. */
public final class Fuzz {

    private static final int AT_ONCE = 8;
    private static final int TOLD = 200;

    private final Contract contract = Contract.published();
    private final int port;
    private final Requests requests;
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicInteger serverErrors = new AtomicInteger();
    private final AtomicInteger violations = new AtomicInteger();
    private final ConcurrentLinkedQueue<String> told = new ConcurrentLinkedQueue<>();
    private final Map<Integer, LongAdder> statuses = new ConcurrentHashMap<>();
    private final Map<String, Boolean> reached = new ConcurrentHashMap<>();

    private Fuzz(int port, Requests requests) {
        this.port = port;
        this.requests = requests;
    }

    /**
     * What came of it.
     *
     * @param told what was wrong, with the requests; not all if it is much
     * @param unreached operations that were not once answered with success
     * @param statuses how many answers had each status
     */
    public record Report(
            int requests,
            int serverErrors,
            int violations,
            List<String> told,
            List<String> unreached,
            Map<Integer, Long> statuses) {

        public boolean good() {
            return serverErrors == 0 && violations == 0 && unreached.isEmpty();
        }
    }

    /** Makes some orgs with assets, jobs and uploads, and then the requests. */
    public static Report run(TestApi api, int count, long seed)
            throws IOException, InterruptedException {
        Stock stock = Stock.make(api, 3, new Random(seed));
        Requests requests = new Requests(Contract.published().document(), stock, seed);
        Fuzz fuzz = new Fuzz(URI.create(api.base()).getPort(), requests);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < AT_ONCE; i++) {
            threads.add(Thread.ofVirtual().start(() -> fuzz.work(count)));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        return fuzz.report(count);
    }

    private Report report(int count) {
        TreeSet<String> unreached = new TreeSet<>(requests.routes());
        unreached.removeAll(reached.keySet());
        Map<Integer, Long> counted = new TreeMap<>();
        statuses.forEach((status, times) -> counted.put(status, times.sum()));
        return new Report(
                count,
                serverErrors.get(),
                violations.get(),
                told.stream().limit(TOLD).toList(),
                List.copyOf(unreached),
                counted);
    }

    private void work(int count) {
        try (Wire wire = new Wire(port)) {
            for (int n = next.getAndIncrement(); n < count; n = next.getAndIncrement()) {
                send(wire, requests.shot(n), n);
            }
        }
    }

    private void send(Wire wire, Requests.Shot shot, int number) {
        try {
            Wire.Reply reply =
                    wire.exchange(shot.bytes(), shot.method().equals("HEAD"), shot.cut());
            judge(shot, number, reply);
        } catch (IOException | RuntimeException e) {
            if (!shot.cut()) {
                violations.incrementAndGet();
                told.add("#" + number + " no answer (" + e + "): " + shot);
            }
        }
    }

    private void judge(Requests.Shot shot, int number, Wire.Reply reply) {
        statuses.computeIfAbsent(reply.status(), _ -> new LongAdder()).increment();
        if (reply.status() >= 500) {
            serverErrors.incrementAndGet();
            told.add("#" + number + " " + reply.status() + " " + reply.body() + ": " + shot);
            return;
        }
        if (reply.status() < 300) {
            reached.put(shot.route(), true);
        }
        Observed seen =
                new Observed(
                        shot.method(),
                        shot.target(),
                        reply.status(),
                        reply.headers(),
                        reply.body());
        List<String> wrong = new ArrayList<>(contract.violations(seen));
        String json = shot.json();
        if (json != null && reply.status() < 300) {
            wrong.addAll(contract.forbidden(shot.method(), shot.target(), json));
        }
        if (!wrong.isEmpty()) {
            violations.incrementAndGet();
            told.add("#" + number + " " + wrong + ": " + shot);
        }
    }
}
