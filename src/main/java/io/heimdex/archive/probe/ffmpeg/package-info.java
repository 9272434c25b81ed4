/** ffmpeg in its cage, as a measuring instrument. */
@NullMarked
package io.heimdex.archive.probe.ffmpeg;

import org.jspecify.annotations.NullMarked;
