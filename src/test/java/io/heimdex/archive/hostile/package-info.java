/** Files made to harm who reads them. Needs nothing but the JDK, so that it runs as a script. */
@NullMarked
package io.heimdex.archive.hostile;

import org.jspecify.annotations.NullMarked;
