package io.heimdex.archive.contract;

import io.heimdex.archive.problem.ErrorCode;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The codes that a controller method refuses requests with, but for those that follow from what it
 * takes: tokens, scopes, bodies, parameters, cursors and idempotency keys have theirs everywhere.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface Fails {

    ErrorCode[] value();
}
