package io.heimdex.archive.quota;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.heimdex.archive.problem.ErrorCode;
import io.heimdex.archive.problem.HeimdexException;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;

/** Bodies that come slowly, on a clock of the test's own. */
class PacedBodyTests {

    private static final BodySettings SETTINGS =
            new BodySettings(DataSize.ofBytes(100), Duration.ofSeconds(10));

    private long now;

    @Test
    void aDrippingBodyIsCutOff() {
        PacedBody body = body(1, Duration.ofMillis(500));

        assertTooSlow(body);
        // Not a moment later than the window tells.
        assertThat(Duration.ofNanos(now)).isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void aBodyThatIsJustFastEnoughIsRead() throws IOException {
        PacedBody body = body(100, Duration.ofSeconds(1));

        byte[] buffer = new byte[1000];
        for (int i = 0; i < 1000; i++) {
            assertThat(body.read(buffer, 0, buffer.length)).isEqualTo(100);
        }
        assertTooSlow(body(99, Duration.ofSeconds(1)));
    }

    @Test
    void aFastBeginningBuysNoTime() throws IOException {
        Drip drip = new Drip(1_000_000, Duration.ofSeconds(1));
        PacedBody body = new PacedBody(drip, SETTINGS, () -> now);
        body.readNBytes(20_000_000);

        drip.bytes = 1;

        assertTooSlow(body);
    }

    @Test
    void whatIsDoneWithTheBytesMayTakeItsTime() throws IOException {
        PacedBody body = body(10, Duration.ofMillis(1));

        for (int i = 0; i < 1000; i++) {
            body.readNBytes(10);
            now += Duration.ofMinutes(1).toNanos();
        }
    }

    @Test
    void aBodyThatStopsAltogetherIsTooSlowToo() {
        ServletInputStream stopped =
                new Drip(1, Duration.ZERO) {
                    @Override
                    public int read(byte[] buffer, int offset, int length) throws IOException {
                        throw new IOException(new SocketTimeoutException());
                    }
                };

        assertTooSlow(new PacedBody(stopped, SETTINGS, () -> now));
    }

    @Test
    void aClientThatIsGoneIsNotTooSlow() {
        ServletInputStream gone =
                new Drip(1, Duration.ZERO) {
                    @Override
                    public int read(byte[] buffer, int offset, int length) throws IOException {
                        throw new IOException("reset by peer");
                    }
                };

        assertThatIOException()
                .isThrownBy(() -> new PacedBody(gone, SETTINGS, () -> now).read())
                .withMessage("reset by peer");
    }

    private PacedBody body(int bytes, Duration each) {
        return new PacedBody(new Drip(bytes, each), SETTINGS, () -> now);
    }

    private static void assertTooSlow(InputStream body) {
        assertThatExceptionOfType(HeimdexException.class)
                .isThrownBy(() -> body.readNBytes(1_000_000))
                .extracting(HeimdexException::code)
                .isEqualTo(ErrorCode.REQUEST_TIMEOUT);
    }

    /** So many bytes at a time, for ever. */
    private class Drip extends ServletInputStream {

        private int bytes;
        private final Duration each;

        Drip(int bytes, Duration each) {
            this.bytes = bytes;
            this.each = each;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            now += each.toNanos();
            return Math.min(bytes, length);
        }

        @Override
        public int read() {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean isFinished() {
            return false;
        }

        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public void setReadListener(ReadListener listener) {
            throw new UnsupportedOperationException();
        }
    }
}
