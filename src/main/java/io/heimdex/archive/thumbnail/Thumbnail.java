package io.heimdex.archive.thumbnail;

/**
 * A picture of an asset, as it is kept.
 *
 * @param idx 0 for the poster, then the samples
 * @param storageKey where it is, below the derived root
 * @param width in pixels
 * @param height in pixels
 * @param tsMs milliseconds of the file at which it is shown
 */
public record Thumbnail(int idx, String storageKey, int width, int height, long tsMs) {}
