package io.heimdex.archive.access;

import io.heimdex.archive.telemetry.LogContext;
import io.heimdex.archive.tenancy.OrgId;
import io.heimdex.archive.tenancy.Reach;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Supplier;

/** The rest of a request reaches the rows of one org, or of none. */
record ReachFilter(Supplier<Optional<OrgId>> org) implements Filter {

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        Reach.Action<Exception> rest = () -> chain.doFilter(request, response);
        Optional<OrgId> reached = org.get();
        try {
            if (reached.isPresent()) {
                try (LogContext _ = LogContext.org(reached.get())) {
                    Reach.ofOrg(reached.get(), rest);
                }
            } else {
                Reach.ofNobody(rest);
            }
        } catch (ServletException | IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new ServletException(e);
        }
    }
}
