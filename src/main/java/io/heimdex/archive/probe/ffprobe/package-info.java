/** ffprobe in its cage. */
@NullMarked
package io.heimdex.archive.probe.ffprobe;

import org.jspecify.annotations.NullMarked;
