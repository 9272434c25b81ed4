package io.heimdex.archive;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Requests that no HTTP client would send: foreign Host headers, wrong targets, half a body. */
public final class RawHttp {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final int port;

    RawHttp(int port) {
        this.port = port;
    }

    /** Sends the head and the body, and reads the answer to its end. */
    public Reply exchange(String head, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        try (Exchange exchange = begin(head, bytes.length)) {
            exchange.send(bytes);
            return exchange.reply();
        }
    }

    /**
     * Sends the head of a request whose body follows.
     *
     * @param head the request line and headers, without those about length and connection
     */
    public Exchange begin(String head, long contentLength) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout((int) PATIENCE.toMillis());
        Exchange exchange = new Exchange(socket);
        String lines =
                head.strip() + "\nContent-Length: " + contentLength + "\nConnection: close\n\n";
        exchange.send(lines.replace("\n", "\r\n").getBytes(StandardCharsets.ISO_8859_1));
        return exchange;
    }

    /** What came back, as text. */
    public record Reply(int status, String head, String body) {}

    /** A request that is being sent. Closing it early cuts it off. */
    public static final class Exchange implements AutoCloseable {

        private final Socket socket;

        private Exchange(Socket socket) {
            this.socket = socket;
        }

        public void send(byte[] bytes) throws IOException {
            OutputStream out = socket.getOutputStream();
            out.write(bytes);
            out.flush();
        }

        /** The answer, once the service has closed the connection. */
        public Reply reply() throws IOException {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            socket.getInputStream().transferTo(all);
            String text = all.toString(StandardCharsets.UTF_8);
            int end = text.indexOf("\r\n\r\n");
            if (end < 0) {
                throw new IOException("no HTTP answer: '" + text + "'");
            }
            return new Reply(
                    Integer.parseInt(text.split(" ", 3)[1]),
                    text.substring(0, end),
                    text.substring(end + 4));
        }

        /** Leaves at once: whatever the service still has to say is refused. */
        public void reset() throws IOException {
            socket.setSoLinger(true, 0);
            socket.close();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
