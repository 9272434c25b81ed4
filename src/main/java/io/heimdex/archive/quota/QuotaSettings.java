package io.heimdex.archive.quota;

import jakarta.validation.Valid;
import jakarta.validation.constraints.PositiveOrZero;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * What every org may have and do. Of everything 0 is no limit.
 *
 * @param requestsPerMinute how many requests with a token an org may send in a minute; as many may
 *     come at once
 * @param uploadedPerDay how much an org may upload in a day of UTC
 * @param assets how many assets an org may have
 * @param queuedJobs how many jobs of an org may wait, in each of the two queues
 * @param openUploads how many uploads of an org may be announced and neither committed nor expired
 * @param uploadsAtOnce how many uploads of an org each node receives at once
 * @param orgs for single organisations what differs, by the same names
 */
@Validated
@ConfigurationProperties("heimdex.quota")
record QuotaSettings(
        @PositiveOrZero @DefaultValue("60000") int requestsPerMinute,
        @DefaultValue("10TB") DataSize uploadedPerDay,
        @PositiveOrZero @DefaultValue("100000000") long assets,
        @PositiveOrZero @DefaultValue("100000") int queuedJobs,
        @PositiveOrZero @DefaultValue("10000") int openUploads,
        @PositiveOrZero @DefaultValue("64") int uploadsAtOnce,
        @DefaultValue Map<String, @Valid OrgQuota> orgs) {

    /** What is absent is as for everybody. */
    record OrgQuota(
            @PositiveOrZero @Nullable Integer requestsPerMinute,
            @Nullable DataSize uploadedPerDay,
            @PositiveOrZero @Nullable Long assets,
            @PositiveOrZero @Nullable Integer queuedJobs,
            @PositiveOrZero @Nullable Integer openUploads,
            @PositiveOrZero @Nullable Integer uploadsAtOnce) {

        private Quota over(Quota base) {
            return new Quota(
                    Objects.requireNonNullElse(requestsPerMinute, base.requestsPerMinute()),
                    uploadedPerDay == null ? base.uploadedPerDay() : uploadedPerDay.toBytes(),
                    Objects.requireNonNullElse(assets, base.assets()),
                    Objects.requireNonNullElse(queuedJobs, base.queuedJobs()),
                    Objects.requireNonNullElse(openUploads, base.openUploads()),
                    Objects.requireNonNullElse(uploadsAtOnce, base.uploadsAtOnce()));
        }
    }

    Quota of(String org) {
        Quota base =
                new Quota(
                        requestsPerMinute,
                        uploadedPerDay.toBytes(),
                        assets,
                        queuedJobs,
                        openUploads,
                        uploadsAtOnce);
        OrgQuota own = orgs.get(org);
        return own == null ? base : own.over(base);
    }
}
