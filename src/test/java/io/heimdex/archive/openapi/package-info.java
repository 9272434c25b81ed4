/**
 * The document of the API: how it is made of the running service, and how answers are held against
 * it.
 */
@NullMarked
package io.heimdex.archive.openapi;

import org.jspecify.annotations.NullMarked;
