package io.heimdex.archive.ingest;

import io.heimdex.archive.problem.ErrorCode;
import io.heimdex.archive.problem.HeimdexException;
import io.heimdex.archive.quota.UploadBudget;
import io.heimdex.archive.tenancy.OrgId;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

/**
 * The bytes of an upload as they come: each is counted before it is taken, and they come in time.
 * Counts them in blocks; what was counted and did not come is given back at the end.
 */
final class UploadBody extends FilterInputStream {

    private static final long BLOCK_BYTES = 32 << 20;

    private final OrgId org;
    private final UploadBudget budget;
    private final long end;
    private long expected;
    private long counted;

    /**
     * A body from now on.
     *
     * @param expected how many bytes it has at most
     */
    UploadBody(InputStream in, OrgId org, long expected, UploadBudget budget, Duration deadline) {
        super(in);
        this.org = org;
        this.expected = expected;
        this.budget = budget;
        this.end = System.nanoTime() + deadline.toNanos();
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        if (counted == 0 && expected > 0) {
            long block = Math.min(BLOCK_BYTES, expected);
            budget.take(org, block);
            counted = block;
        }
        // Beyond what is expected it is refused, whatever it is.
        int most = expected > 0 ? (int) Math.min(length, counted) : length;
        int n = super.read(buffer, offset, most);
        if (System.nanoTime() - end > 0) {
            throw new HeimdexException(
                    ErrorCode.REQUEST_TIMEOUT,
                    "One request may not take so long; go on where it stopped.");
        }
        if (n > 0) {
            counted = Math.max(0, counted - n);
            expected -= n;
        }
        return n;
    }

    @Override
    public void close() {
        budget.giveBack(org, counted);
    }
}
