/** ffmpeg in its cage. */
@NullMarked
package io.heimdex.archive.thumbnail.ffmpeg;

import org.jspecify.annotations.NullMarked;
