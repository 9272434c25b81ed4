package io.heimdex.archive.thumbnail;

import java.nio.ByteBuffer;

/**
 * A picture that was taken.
 *
 * @param second of the file at which it is shown
 */
public record Picture(double second, ByteBuffer jpeg) {}
