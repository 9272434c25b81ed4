package io.heimdex.archive.job;

/**
 * A job whose worker died and that nobody goes on with for now; what the worker had in hand is
 * nobody's. Told in the transaction in which the job's execution ends.
 */
public record LeftBehind(JobScope job) {}
