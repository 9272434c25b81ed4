/** Media in Google Cloud Storage. */
@NullMarked
package io.heimdex.archive.storage.gcs;

import org.jspecify.annotations.NullMarked;
