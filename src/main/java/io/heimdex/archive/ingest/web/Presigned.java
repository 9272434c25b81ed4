package io.heimdex.archive.ingest.web;

import java.time.Instant;
import java.util.Map;

/**
 * A signed request that the client may make.
 *
 * @param assetUri the source URI of the file once its bytes are there
 */
record Presigned(
        String assetUri,
        String uploadUrl,
        String method,
        Map<String, String> headers,
        Instant expiresAt) {}
