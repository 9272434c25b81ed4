package io.heimdex.archive.ingest.web;

/** Where to put the bytes, and what to commit afterwards. */
record InitAnswer(String uploadId, Presigned presigned) {}
