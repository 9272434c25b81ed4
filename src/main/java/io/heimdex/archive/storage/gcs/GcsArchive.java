package io.heimdex.archive.storage.gcs;

import io.heimdex.archive.problem.CannotStartException;
import io.heimdex.archive.problem.HeimdexException;
import io.heimdex.archive.storage.SourceUri;
import io.heimdex.archive.tenancy.OrgId;

/**
 * A bucket, or what is below a prefix in it.
 *
 * @param prefix empty for the whole bucket, else with a slash at its end
 */
record GcsArchive(String bucket, String prefix) {

    /** From the settings. */
    static GcsArchive of(OrgId org, String place) {
        try {
            SourceUri uri = SourceUri.parse(place);
            if (!uri.scheme().equals(SourceUri.GCS)) {
                throw wrong(org, place);
            }
            return of(uri);
        } catch (HeimdexException e) {
            throw wrong(org, place);
        }
    }

    /** The place as a folder. */
    static GcsArchive of(SourceUri folder) {
        String name = folder.segments().size() < 2 ? "" : folder.segments().getLast();
        return new GcsArchive(
                folder.segments().getFirst(),
                name.isEmpty() || name.endsWith("/") ? name : name + "/");
    }

    boolean holds(String otherBucket, String name) {
        return otherBucket.equals(bucket) && name.startsWith(prefix);
    }

    SourceUri uri() {
        String name = prefix.isEmpty() ? "" : "/" + prefix.substring(0, prefix.length() - 1);
        return SourceUri.parse(SourceUri.GCS + "://" + bucket + name);
    }

    private static CannotStartException wrong(OrgId org, String place) {
        return new CannotStartException(
                "heimdex.archives." + org + " is " + place + "; write gs://bucket/prefix.");
    }
}
