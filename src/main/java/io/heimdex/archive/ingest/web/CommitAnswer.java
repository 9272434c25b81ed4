package io.heimdex.archive.ingest.web;

/** The asset that a file is. */
record CommitAnswer(String assetId, String sourceUri, String status) {}
