package io.heimdex.archive.ffmpeg;

import io.heimdex.archive.problem.HeimdexException;
import io.heimdex.archive.storage.OpenedMedia;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves remote media to probes on this machine: a range of bytes at a time, each file under a path
 * that only its probe knows and only for as long as the probe runs. It redirects nowhere.
 */
public final class RangeServer implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(RangeServer.class);

    private static final Pattern REQUEST = Pattern.compile("(GET|HEAD) (/\\S*) HTTP/1\\.[01]");
    private static final Pattern RANGE =
            Pattern.compile("range: *bytes=(\\d{1,18})-(\\d{0,18})", Pattern.CASE_INSENSITIVE);
    private static final int BACKLOG = 256;
    private static final int MAX_HEAD_BYTES = 8192;
    private static final int IDLE_MILLIS = 60_000;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final ServerSocket socket;
    private final Map<String, Serving> served = new ConcurrentHashMap<>();

    public RangeServer() throws IOException {
        this.socket = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().name("range-server").start(this::accept);
    }

    /** A file that is served until this is closed. */
    public final class Serving implements AutoCloseable {

        private final String path;
        private final BlockCache blocks;
        private final AtomicInteger waiting = new AtomicInteger();
        private volatile @Nullable HeimdexException failure;

        private Serving(OpenedMedia media) {
            byte[] random = new byte[16];
            RANDOM.nextBytes(random);
            this.path = "/" + HexFormat.of().formatHex(random);
            this.blocks = new BlockCache(media);
            served.put(path, this);
        }

        public String url() {
            return "http://127.0.0.1:" + socket.getLocalPort() + path;
        }

        /** Reads what the probe reads, too: it is fetched once for both. */
        public byte[] read(long position, int length) {
            ByteArrayOutputStream read = new ByteArrayOutputStream(length);
            while (read.size() < length && position + read.size() < blocks.size()) {
                long next = position + read.size();
                byte[] block = blocks.block(next / BlockCache.BLOCK_BYTES);
                int offset = (int) (next % BlockCache.BLOCK_BYTES);
                read.write(block, offset, Math.min(block.length - offset, length - read.size()));
            }
            return read.toByteArray();
        }

        /** Why bytes could not be served; then the probe's own outcome means nothing. */
        public @Nullable HeimdexException failure() {
            return failure;
        }

        /** Whether the storage owes an answer. */
        public boolean waits() {
            return waiting.get() > 0;
        }

        @Override
        public void close() {
            served.remove(path);
        }
    }

    public Serving serve(OpenedMedia media) {
        return new Serving(media);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                Socket connection = socket.accept();
                Thread.ofVirtual().name("range-connection").start(() -> answer(connection));
            } catch (IOException e) {
                if (!socket.isClosed()) {
                    log.warn("a probe could not connect to the range server", e);
                }
            }
        }
    }

    private void answer(Socket connection) {
        try (connection) {
            connection.setTcpNoDelay(true);
            connection.setSoTimeout(IDLE_MILLIS);
            // What a probe does not read is not to be fetched for it.
            connection.setSendBufferSize(BlockCache.BLOCK_BYTES);
            InputStream in = new BufferedInputStream(connection.getInputStream());
            OutputStream out = connection.getOutputStream();
            for (String head = head(in); head != null; head = head(in)) {
                answer(head, out);
            }
        } catch (IOException e) {
            log.debug("a probe went away", e);
        }
    }

    private void answer(String head, OutputStream out) throws IOException {
        Matcher request = REQUEST.matcher(head.lines().findFirst().orElse(""));
        Serving serving = request.matches() ? served.get(request.group(2)) : null;
        if (serving == null) {
            status(out, "404 Not Found", 0, "");
            return;
        }
        long size = serving.blocks.size();
        Matcher range = RANGE.matcher(head);
        boolean partial = range.find();
        long first = partial ? Long.parseLong(range.group(1)) : 0;
        long last =
                partial && !range.group(2).isEmpty()
                        ? Math.min(Long.parseLong(range.group(2)), size - 1)
                        : size - 1;
        if (first > last) {
            status(out, "416 Range Not Satisfiable", 0, "Content-Range: bytes */" + size + "\r\n");
            return;
        }
        String described = "Accept-Ranges: bytes\r\n";
        if (partial) {
            described += "Content-Range: bytes " + first + "-" + last + "/" + size + "\r\n";
        }
        byte[] begin = block(serving, first);
        status(out, partial ? "206 Partial Content" : "200 OK", last - first + 1, described);
        if (request.group(1).equals("GET")) {
            send(serving, begin, first, last, out);
        }
    }

    private static void send(Serving serving, byte[] begin, long first, long last, OutputStream out)
            throws IOException {
        byte[] block = begin;
        long position = first;
        while (true) {
            int offset = (int) (position % BlockCache.BLOCK_BYTES);
            int length = (int) Math.min(block.length - offset, last - position + 1);
            out.write(block, offset, length);
            position += length;
            if (position > last) {
                return;
            }
            block = block(serving, position);
        }
    }

    /** The block with this byte. */
    private static byte[] block(Serving serving, long position) throws IOException {
        serving.waiting.incrementAndGet();
        try {
            return serving.blocks.block(position / BlockCache.BLOCK_BYTES);
        } catch (HeimdexException e) {
            serving.failure = e;
            throw new IOException("the file cannot be read", e);
        } finally {
            serving.waiting.decrementAndGet();
        }
    }

    private static void status(OutputStream out, String status, long length, String described)
            throws IOException {
        out.write(
                ("HTTP/1.1 "
                                + status
                                + "\r\nContent-Type: application/octet-stream\r\nContent-Length: "
                                + length
                                + "\r\n"
                                + described
                                + "\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
    }

    /** The lines of a request; {@code null} if no more comes. */
    private static @Nullable String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        for (int c = in.read(); c >= 0; c = in.read()) {
            head.append((char) c);
            if (head.length() > MAX_HEAD_BYTES) {
                throw new IOException("a request that is no probe's");
            }
            if (c == '\n' && head.indexOf("\r\n\r\n", Math.max(0, head.length() - 4)) >= 0) {
                return head.toString();
            }
        }
        return null;
    }
}
