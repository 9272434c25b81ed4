package io.heimdex.archive.fuzz;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A connection to the service that sends whatever bytes it is given, which no HTTP client would,
 * and is kept open for the next request.
 */
final class Wire implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final int port;
    private @Nullable Socket socket;
    private InputStream in = InputStream.nullInputStream();

    Wire(int port) {
        this.port = port;
    }

    /** What came back; the names of headers are in lower case. */
    record Reply(int status, Map<String, List<String>> headers, String body) {

        @Nullable String header(String name) {
            List<String> values = headers.get(name);
            return values == null ? null : String.join(", ", values);
        }
    }

    /**
     * Sends a request and reads its answer, of a stream of events the first one.
     *
     * @param last whether nothing follows, not even what the request promised
     */
    Reply exchange(byte[] request, boolean head, boolean last) throws IOException {
        boolean fresh = socket == null;
        try {
            return attempt(request, head, last);
        } catch (IOException e) {
            close();
            if (fresh) {
                throw e;
            }
            // The service may close a connection that is not in use.
            return attempt(request, head, last);
        }
    }

    private Reply attempt(byte[] request, boolean head, boolean last) throws IOException {
        Socket open = open();
        try {
            open.getOutputStream().write(request);
            if (last) {
                open.shutdownOutput();
            }
        } catch (SocketException _) {
            // One that is far too long is answered, and its connection closed, before it is whole.
        }
        Reply reply = read(head);
        if (last || "close".equals(reply.header("connection"))) {
            close();
        }
        return reply;
    }

    private Socket open() throws IOException {
        Socket open = socket;
        if (open == null) {
            open = new Socket(InetAddress.getLoopbackAddress(), port);
            open.setSoTimeout((int) PATIENCE.toMillis());
            open.setTcpNoDelay(true);
            in = new BufferedInputStream(open.getInputStream());
            socket = open;
        }
        return open;
    }

    private Reply read(boolean head) throws IOException {
        int status = Integer.parseInt(line().split(" ", 3)[1]);
        Map<String, List<String>> headers = new LinkedHashMap<>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            headers.computeIfAbsent(
                            line.substring(0, colon).toLowerCase(Locale.ROOT),
                            _ -> new ArrayList<>())
                    .add(line.substring(colon + 1).strip());
        }
        if (status < 200) {
            return read(head);
        }
        Reply reply = new Reply(status, headers, "");
        if (head || status == 204 || status == 304) {
            return reply;
        }
        return new Reply(status, headers, body(reply));
    }

    private String body(Reply head) throws IOException {
        String type = head.header("content-type");
        String length = head.header("content-length");
        boolean events = type != null && type.startsWith("text/event-stream");
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        if ("chunked".equals(head.header("transfer-encoding"))) {
            for (int size = chunk(); size > 0; size = chunk()) {
                body.writeBytes(exactly(size));
                line();
                if (events && body.toString(StandardCharsets.UTF_8).contains("\n\n")) {
                    close();
                    return body.toString(StandardCharsets.UTF_8);
                }
            }
            line();
        } else if (length != null) {
            body.writeBytes(exactly(Integer.parseInt(length)));
        } else {
            in.transferTo(body);
            close();
        }
        return body.toString(StandardCharsets.UTF_8);
    }

    private int chunk() throws IOException {
        return Integer.parseInt(line().strip(), 16);
    }

    private byte[] exactly(int size) throws IOException {
        byte[] bytes = in.readNBytes(size);
        if (bytes.length < size) {
            throw new EOFException("the answer was cut off");
        }
        return bytes;
    }

    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new EOFException("no answer");
            }
            if (b != '\r') {
                line.write(b);
            }
        }
        return line.toString(StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() {
        Socket open = socket;
        socket = null;
        if (open != null) {
            try {
                open.close();
            } catch (IOException _) {
                // It is gone, which is what was wanted.
            }
        }
    }
}
