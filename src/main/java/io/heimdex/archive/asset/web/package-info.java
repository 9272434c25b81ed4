/** HTTP for assets. */
@NullMarked
package io.heimdex.archive.asset.web;

import org.jspecify.annotations.NullMarked;
