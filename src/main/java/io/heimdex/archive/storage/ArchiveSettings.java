package io.heimdex.archive.storage;

import io.heimdex.archive.tenancy.OrgId;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The media archives of the organisations.
 *
 * @param archives for each organisation the folder, or {@code gs://bucket/prefix}, whose files it
 *     may read
 */
@ConfigurationProperties("heimdex")
public record ArchiveSettings(@DefaultValue Map<String, String> archives) {

    /** The org's archive as it is written in the settings. */
    public @Nullable String of(OrgId org) {
        return archives.get(org.value());
    }

    /** The organisations that have one. */
    public Set<OrgId> orgs() {
        return archives.keySet().stream()
                .map(OrgId::parse)
                .flatMap(Optional::stream)
                .collect(Collectors.toUnmodifiableSet());
    }
}
