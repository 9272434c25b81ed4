/** HTTP for jobs. */
@NullMarked
package io.heimdex.archive.job.web;

import org.jspecify.annotations.NullMarked;
