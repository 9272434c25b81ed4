/** Faults of every kind under a running archive, and a count from outside of what came of them. */
@NullMarked
package io.heimdex.archive.chaos;

import org.jspecify.annotations.NullMarked;
