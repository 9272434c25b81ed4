/**
 * Requests of every kind, made of the published document of the API, and what is wrong with their
 * answers.
 */
@NullMarked
package io.heimdex.archive.fuzz;

import org.jspecify.annotations.NullMarked;
