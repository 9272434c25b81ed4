/** What bench/ runs inside of a node: nothing here is a test. */
@NullMarked
package io.heimdex.archive.bench;

import org.jspecify.annotations.NullMarked;
