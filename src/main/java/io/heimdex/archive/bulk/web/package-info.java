/** The HTTP side of runs. */
@NullMarked
package io.heimdex.archive.bulk.web;

import org.jspecify.annotations.NullMarked;
