package io.heimdex.archive.ingest.web;

import io.heimdex.archive.asset.Asset;

/** The asset that a file is. */
record CommitAnswer(String assetId, String sourceUri, Asset.Status status) {}
