/** Heimdex Archive: a service that knows what is inside a media archive. */
@NullMarked
package io.heimdex.archive;

import org.jspecify.annotations.NullMarked;
