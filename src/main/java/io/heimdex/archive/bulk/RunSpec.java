package io.heimdex.archive.bulk;

/** What a run was asked to do, as it is kept with its job. */
public record RunSpec(Selection select, RunOptions options) {}
