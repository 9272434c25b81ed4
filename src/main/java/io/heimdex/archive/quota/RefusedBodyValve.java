package io.heimdex.archive.quota;

import jakarta.servlet.ServletException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.apache.coyote.ActionCode;
import org.apache.tomcat.util.net.ApplicationBufferHandler;

/**
 * Ends a request that was refused before its body was read. Left to itself the server would read
 * the rest, however slowly it comes; without that, a client that still sends may never see the
 * answer. So the answer is sent first, then what is on its way is read for a moment, and then the
 * connection is closed.
 */
final class RefusedBodyValve extends ValveBase {

    private static final int FIRST_ERROR = 400;
    private static final int MOST_BYTES = 2 << 20;
    private static final Duration LONGEST = Duration.ofSeconds(5);
    private static final Duration SILENCE = Duration.ofMillis(500);
    private static final Duration PAUSE = Duration.ofMillis(5);

    RefusedBodyValve() {
        super(true);
    }

    @Override
    public void invoke(Request request, Response response) throws IOException, ServletException {
        getNext().invoke(request, response);
        if (response.getStatus() >= FIRST_ERROR && !request.isAsync() && !whole(request)) {
            try {
                response.finishResponse();
                linger(request);
            } catch (IOException _) {
                // Whoever sent this has gone.
            }
            if (!whole(request)) {
                request.getCoyoteRequest().action(ActionCode.DISABLE_SWALLOW_INPUT, null);
            }
        }
    }

    private static void linger(Request request) throws IOException {
        Discarded body = new Discarded();
        long start = System.nanoTime();
        long heard = start;
        long read = 0;
        long now = start;
        while (!whole(request)
                && read < MOST_BYTES
                && now - start < LONGEST.toNanos()
                && now - heard < SILENCE.toNanos()) {
            if (there(request)) {
                read += Math.max(0, request.getCoyoteRequest().doRead(body));
                heard = System.nanoTime();
            } else {
                LockSupport.parkNanos(PAUSE.toNanos());
            }
            now = System.nanoTime();
        }
    }

    /** Whether a read would not wait. */
    private static boolean there(Request request) {
        request.getCoyoteRequest().action(ActionCode.AVAILABLE, true);
        return request.getCoyoteRequest().getAvailable() > 0;
    }

    private static boolean whole(Request request) {
        AtomicBoolean whole = new AtomicBoolean();
        request.getCoyoteRequest().action(ActionCode.REQUEST_BODY_FULLY_READ, whole);
        return whole.get();
    }

    /** Where the server puts what it reads. */
    private static final class Discarded implements ApplicationBufferHandler {

        private ByteBuffer buffer = ByteBuffer.allocate(0);

        @Override
        public void setByteBuffer(ByteBuffer read) {
            buffer = read;
        }

        @Override
        public ByteBuffer getByteBuffer() {
            return buffer;
        }

        @Override
        public void expand(int size) {
            // It brings buffers of its own.
        }
    }
}
