/** Media in folders of this machine. */
@NullMarked
package io.heimdex.archive.storage.local;

import org.jspecify.annotations.NullMarked;
