package io.heimdex.archive.tenancy;

import java.util.function.Supplier;

/**
 * Whose rows a thread reaches in the database, whatever its statements ask for: the second wall
 * behind the org in every query. A request reaches nothing until its caller is known and then the
 * caller's org; a job reaches its own org; everything else that the service does by itself reaches
 * every org.
 */
public final class Reach {

    private static final ScopedValue<String> REACH = ScopedValue.newInstance();

    /** No org has such a name. */
    private static final String EVERY_ORG = "*";

    private static final String NO_ORG = "";

    private Reach() {}

    /** As the database's policies compare it: an org's name, {@code *} for all, or nothing. */
    public static String current() {
        return REACH.orElse(EVERY_ORG);
    }

    /** What is done, and how it fails. */
    @FunctionalInterface
    public interface Action<X extends Exception> {
        void run() throws X;
    }

    /** Does what reaches one org alone. */
    public static <X extends Exception> void ofOrg(OrgId org, Action<X> action) throws X {
        with(org.value(), action);
    }

    /** Asks, in the middle of a request, what concerns one org alone. */
    public static <T> T ofOrg(OrgId org, Supplier<T> question) {
        return ScopedValue.where(REACH, org.value()).call(question::get);
    }

    /** Does what reaches no org. */
    public static <X extends Exception> void ofNobody(Action<X> action) throws X {
        with(NO_ORG, action);
    }

    /** Asks, in the middle of a request, what concerns all orgs. */
    public static <T> T ofService(Supplier<T> question) {
        return ScopedValue.where(REACH, EVERY_ORG).call(question::get);
    }

    private static <X extends Exception> void with(String reach, Action<X> action) throws X {
        ScopedValue.where(REACH, reach)
                .<Boolean, X>call(() -> {
                    action.run();
                    return true;
                });
    }

    /** What another thread is to run with the reach of this one. */
    public static Runnable inherited(Runnable task) {
        String reach = current();
        return () -> ScopedValue.where(REACH, reach).run(task);
    }
}
