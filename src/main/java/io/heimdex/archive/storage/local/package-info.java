/** Media in folders of this machine. */
@NamedInterface("local")
@NullMarked
package io.heimdex.archive.storage.local;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
