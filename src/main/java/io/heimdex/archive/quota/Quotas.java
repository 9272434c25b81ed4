package io.heimdex.archive.quota;

import io.heimdex.archive.tenancy.OrgId;
import org.springframework.stereotype.Component;

/** What each org may have and do. */
@Component
public class Quotas {

    private final QuotaSettings settings;

    Quotas(QuotaSettings settings) {
        this.settings = settings;
    }

    public Quota of(OrgId org) {
        return settings.of(org.value());
    }
}
