/** HTTP for ingest. */
@NullMarked
package io.heimdex.archive.ingest.web;

import org.jspecify.annotations.NullMarked;
