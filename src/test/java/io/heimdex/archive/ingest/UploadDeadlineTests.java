package io.heimdex.archive.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.heimdex.archive.ServiceTest;
import io.heimdex.archive.TestApi;
import io.heimdex.archive.problem.ErrorCode;
import io.heimdex.archive.problem.HeimdexException;
import io.heimdex.archive.quota.Quotas;
import io.heimdex.archive.quota.UploadBudget;
import io.heimdex.archive.storage.MediaStore;
import io.heimdex.archive.tenancy.OrgId;
import io.heimdex.archive.tenancy.Reach;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.util.unit.DataSize;
import org.springframework.web.util.UriComponentsBuilder;

/** A body that comes fast enough, and for ever. */
@ServiceTest
class UploadDeadlineTests {

    @Autowired UploadDesk desk;
    @Autowired Uploads uploads;
    @Autowired MediaStore store;
    @Autowired Quotas quotas;
    @Autowired UploadBudget budget;
    @Autowired MeterRegistry meters;

    private final OrgId org = new OrgId(TestApi.newOrg());

    @Test
    void isCutOffInTheEndAndGoesOnWhereItStopped() {
        UploadDesk.Ticket ticket =
                Reach.ofService(() ->
                        desk.announce(
                                org,
                                new UploadDesk.Announcement("long", 10, null, null),
                                URI.create("http://localhost")));
        assertThat(receive(desk, ticket, new ByteRange(0, 3, 10), 4)).isEqualTo(4);
        InputStream endless =
                new InputStream() {
                    @Override
                    public int read() {
                        return 'x';
                    }
                };

        assertThatExceptionOfType(HeimdexException.class)
                .isThrownBy(() ->
                        deskOf(Duration.ZERO)
                                .receive(
                                        ticket.uploadId().toString(),
                                        null,
                                        signature(ticket),
                                        new ByteRange(4, 9, 10),
                                        6,
                                        endless))
                .extracting(HeimdexException::code)
                .isEqualTo(ErrorCode.REQUEST_TIMEOUT);

        assertThat(receive(deskOf(Duration.ofHours(1)), ticket, new ByteRange(4, 9, 10), 6))
                .isEqualTo(10);
    }

    private static long receive(
            UploadDesk desk, UploadDesk.Ticket ticket, @Nullable ByteRange range, int bytes) {
        return desk.receive(
                ticket.uploadId().toString(),
                null,
                signature(ticket),
                range,
                bytes,
                new ByteArrayInputStream(new byte[bytes]));
    }

    private static String signature(UploadDesk.Ticket ticket) {
        return Objects.requireNonNull(
                UriComponentsBuilder.fromUri(ticket.request().url())
                        .build()
                        .getQueryParams()
                        .getFirst("signature"));
    }

    private UploadDesk deskOf(Duration deadline) {
        return new UploadDesk(
                uploads,
                store,
                new IngestSettings(
                        DataSize.ofGigabytes(1),
                        Duration.ofHours(1),
                        deadline,
                        1,
                        0,
                        Duration.ofSeconds(1),
                        null),
                quotas,
                budget,
                Clock.systemUTC(),
                meters);
    }
}
