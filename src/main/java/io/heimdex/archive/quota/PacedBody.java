package io.heimdex.archive.quota;

import io.heimdex.archive.problem.ErrorCode;
import io.heimdex.archive.problem.HeimdexException;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.function.LongSupplier;

/**
 * A body that has to come at a pace. Only the time counts that was spent waiting for it; what is
 * done with the bytes may take as long as it does.
 */
final class PacedBody extends ServletInputStream {

    private final ServletInputStream in;
    private final BodySettings settings;
    private final LongSupplier nanos;
    private long waited;
    private long came;

    PacedBody(ServletInputStream in, BodySettings settings, LongSupplier nanos) {
        this.in = in;
        this.settings = settings;
        this.nanos = nanos;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        long start = nanos.getAsLong();
        int n;
        try {
            n = in.read(buffer, offset, length);
        } catch (IOException e) {
            if (stalled(e)) {
                throw tooSlow();
            }
            throw e;
        }
        if (n > 0) {
            waited += nanos.getAsLong() - start;
            came += n;
            if (waited >= settings.window().toNanos()) {
                if (came < settings.minRate().toBytes() * (waited / 1e9)) {
                    throw tooSlow();
                }
                waited = 0;
                came = 0;
            }
        }
        return n;
    }

    /** Nothing at all came for as long as the server waits for a byte. */
    private static boolean stalled(IOException e) {
        return e instanceof SocketTimeoutException
                || e.getCause() instanceof SocketTimeoutException;
    }

    private HeimdexException tooSlow() {
        return new HeimdexException(
                ErrorCode.REQUEST_TIMEOUT,
                "The body came more slowly than "
                        + settings.minRate().toBytes()
                        + " bytes a second.");
    }

    @Override
    public boolean isFinished() {
        return in.isFinished();
    }

    @Override
    public boolean isReady() {
        return in.isReady();
    }

    @Override
    public void setReadListener(ReadListener listener) {
        in.setReadListener(listener);
    }

    @Override
    public int available() throws IOException {
        return in.available();
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
