package io.heimdex.archive.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Clients that take all the time in the world, all of them on one thread. Whom the service cuts off
 * comes again.
 */
final class SlowClients implements AutoCloseable {

    private static final Duration ARRIVAL = Duration.ofSeconds(20);
    private static final Duration AGAIN = Duration.ofMillis(200);

    /**
     * So long those that sip do so. Then they knock: with what is still on its way to them, a
     * connection looks open that the service has closed.
     */
    private static final Duration SIPPING = Duration.ofSeconds(21);

    /** How long the answer to a knock may take. */
    private static final Duration KNOCK = Duration.ofMillis(500);

    private static final byte[] KNOCKING = {'\r', '\n'};
    private static final int SIP_BYTES = 64;
    private static final int SMALL_WINDOW = 4096;

    /** Of {@code HTTP/1.1 408} and what follows. */
    private static final int STATUS_START = 9;

    private static final int STATUS_END = 12;

    /**
     * What one connection sends.
     *
     * @param first at once
     * @param then what follows, over and over again
     * @param piece how many bytes of that at a time
     */
    record Script(String first, String then, int piece) {}

    /**
     * Clients of one kind.
     *
     * @param every how often they send a piece, or read a little
     * @param sips whether they read only a little at a time
     */
    record Kind(String name, int count, Duration every, boolean sips, IntFunction<Script> scripts) {

        Kind(String name, int count, Duration every, IntFunction<Script> scripts) {
            this(name, count, every, false, scripts);
        }
    }

    /** What became of the connections of one kind. */
    static final class Tally {

        private final AtomicInteger opened = new AtomicInteger();
        private final AtomicInteger closed = new AtomicInteger();
        private final AtomicInteger refused = new AtomicInteger();
        private final Map<String, Integer> statuses = new ConcurrentHashMap<>();

        /** How many the service put an end to. */
        int closed() {
            return closed.get();
        }

        @Override
        public String toString() {
            return "opened %d, closed by the service %d, refused %d, answers %s"
                    .formatted(opened.get(), closed.get(), refused.get(), new TreeMap<>(statuses));
        }
    }

    private final InetSocketAddress server;
    private final Selector selector;
    private final List<Client> clients = new ArrayList<>();
    private final PriorityQueue<Client> due =
            new PriorityQueue<>(Comparator.comparingLong((Client client) -> client.at));
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 16);
    private final Thread thread;
    private final long start = System.nanoTime();
    private volatile boolean ending;

    /** They begin to arrive. */
    SlowClients(int port, List<Kind> kinds, Map<String, Tally> tallies) throws IOException {
        this.server = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        this.selector = Selector.open();
        for (Kind kind : kinds) {
            Tally tally = tallies.computeIfAbsent(kind.name(), _ -> new Tally());
            for (int i = 0; i < kind.count(); i++) {
                Client client = new Client(kind, kind.scripts().apply(i), tally);
                client.at = start + ARRIVAL.toNanos() * i / kind.count();
                clients.add(client);
            }
        }
        due.addAll(clients);
        this.thread = Thread.ofPlatform().name("slow-clients").start(this::run);
    }

    /** What the thread has worked until now. */
    Duration cpu() {
        return Duration.ofNanos(
                ManagementFactory.getThreadMXBean().getThreadCpuTime(thread.threadId()));
    }

    /** Sends them all away, after a look at whether those that sip were cut off. */
    @Override
    public void close() {
        ending = true;
        selector.wakeup();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try (selector) {
            while (!ending) {
                turn();
            }
            for (int i = 0; i < 2; i++) {
                clients.forEach(Client::lastKnock);
                LockSupport.parkNanos(KNOCK.toNanos());
            }
            clients.forEach(Client::leave);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private void turn() throws IOException {
        long now = System.nanoTime();
        Client next = due.peek();
        while (next != null && next.at <= now) {
            // Back before it acts, which may put it elsewhere.
            reschedule(next, now + next.kind.every().toNanos());
            next.act();
            next = due.peek();
        }
        long wait = next == null ? 50 : Math.clamp((next.at - now) / 1_000_000, 1, 50);
        selector.select(this::ready, wait);
    }

    private void reschedule(Client client, long at) {
        due.remove(client);
        client.at = at;
        due.add(client);
    }

    private void ready(SelectionKey key) {
        ((Client) key.attachment()).ready(key);
    }

    private final class Client {

        private final Kind kind;
        private final byte[] first;
        private final byte[] then;
        private final int piece;
        private final Tally tally;
        private @Nullable SocketChannel channel;
        private final StringBuilder heard = new StringBuilder();
        private int sent;
        private long connected;
        private long at;

        Client(Kind kind, Script script, Tally tally) {
            this.kind = kind;
            this.first = ascii(script.first());
            this.then = ascii(script.then());
            this.piece = script.piece();
            this.tally = tally;
        }

        void act() {
            try {
                if (channel == null) {
                    connect();
                } else if (channel.isConnected()) {
                    drip(channel);
                }
            } catch (IOException _) {
                gone(tally.closed);
            }
        }

        private void connect() throws IOException {
            SocketChannel fresh = SocketChannel.open();
            channel = fresh;
            sent = 0;
            heard.setLength(0);
            fresh.configureBlocking(false);
            if (kind.sips()) {
                fresh.setOption(StandardSocketOptions.SO_RCVBUF, SMALL_WINDOW);
            }
            fresh.register(selector, SelectionKey.OP_CONNECT, this);
            fresh.connect(server);
        }

        private void drip(SocketChannel open) throws IOException {
            if (kind.sips() && System.nanoTime() - connected > SIPPING.toNanos()) {
                knock(open);
            } else if (kind.sips()) {
                buffer.clear().limit(SIP_BYTES);
                hear(open.read(buffer));
            } else if (piece > 0) {
                int from = sent % then.length;
                int length = Math.min(piece, then.length - from);
                sent += open.write(ByteBuffer.wrap(then, from, length));
            }
        }

        void ready(SelectionKey key) {
            SocketChannel open = channel;
            if (open == null) {
                return;
            }
            boolean connecting = !open.isConnected();
            try {
                if (connecting) {
                    open.finishConnect();
                    connected = System.nanoTime();
                    tally.opened.incrementAndGet();
                    key.interestOps(kind.sips() ? 0 : SelectionKey.OP_READ);
                    open.write(ByteBuffer.wrap(first));
                } else {
                    buffer.clear();
                    hear(open.read(buffer));
                }
            } catch (IOException _) {
                gone(connecting ? tally.refused : tally.closed);
            }
        }

        /** Takes what came into the buffer. */
        private void hear(int read) {
            if (read < 0) {
                gone(tally.closed);
                return;
            }
            buffer.flip();
            while (buffer.hasRemaining() && heard.length() < STATUS_END) {
                heard.append((char) buffer.get());
                if (heard.length() == STATUS_END) {
                    tally.statuses.merge(
                            heard.substring(STATUS_START, STATUS_END), 1, Integer::sum);
                }
            }
        }

        private void gone(AtomicInteger counter) {
            counter.incrementAndGet();
            leave();
            reschedule(this, System.nanoTime() + AGAIN.toNanos());
        }

        /** The second one fails if the service has closed the connection. */
        private static void knock(SocketChannel open) throws IOException {
            open.write(ByteBuffer.wrap(KNOCKING));
        }

        void lastKnock() {
            SocketChannel open = channel;
            if (kind.sips() && open != null && open.isConnected()) {
                try {
                    knock(open);
                } catch (IOException _) {
                    gone(tally.closed);
                }
            }
        }

        void leave() {
            if (channel != null) {
                try {
                    channel.close();
                } catch (IOException _) {
                    // It is gone all the more.
                }
                channel = null;
            }
        }
    }

    /** Latin letters as bytes. */
    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
