package io.heimdex.archive.contract;

import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * What a controller method answers if all goes well, where its signature does not tell. It stands
 * for all of it: with one of these, the signature's own answer counts only if it is repeated.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@Repeatable(Answers.All.class)
public @interface Answers {

    /** The status. */
    int value() default 200;

    /** What the body is, one of these; as the signature has it if nothing is said. */
    Class<?>[] body() default {};

    /** The content type of the body. */
    String type() default "application/json";

    /** The headers that every such answer has. */
    String[] headers() default {};

    /** Several of them. */
    @Target(ElementType.METHOD)
    @Retention(RetentionPolicy.RUNTIME)
    @interface All {

        Answers[] value();
    }
}
