package io.heimdex.archive.asset;

import java.util.List;

/**
 * What an org's archive is made of. Only what there is has an entry. What is in the files is
 * counted over the assets that have a sidecar, and codec and HDR class over those with a video; a
 * key is what GET /v1/assets takes to show its assets.
 *
 * @param totalBytes the size of all files
 * @param byStatus the most frequent first, as of containers, codecs and HDR classes; of more than
 *     twenty keys the rest is {@code other}, which is last
 * @param byResolution from none to the largest
 * @param byDuration unknown first, then from the shortest
 */
public record ArchiveSummary(
        long total,
        long totalBytes,
        List<Count> byStatus,
        List<Count> byContainer,
        List<Count> byVideoCodec,
        List<Count> byResolution,
        List<Count> byDuration,
        List<Count> byHdrClass) {

    /** How many assets have something in common. */
    public record Count(String key, long count) {}
}
