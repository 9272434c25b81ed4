package io.heimdex.archive.access;

import io.heimdex.archive.problem.ErrorCode;
import io.heimdex.archive.problem.Problems;
import io.heimdex.archive.quota.RequestBudget;
import io.heimdex.archive.quota.RequestBudget.Standing;
import io.heimdex.archive.tenancy.OrgId;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.http.HttpHeaders;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Counts the requests of each org, and tells it how many it has left, in the fields of
 * draft-ietf-httpapi-ratelimit-headers-10. An asynchronous request counts once.
 */
final class RateFilter extends OncePerRequestFilter {

    private static final String POLICY = "RateLimit-Policy";
    private static final String LIMIT = "RateLimit";

    private final RequestBudget budget;
    private final Problems problems;

    RateFilter(RequestBudget budget, Problems problems) {
        this.budget = budget;
        this.problems = problems;
    }

    @Override
    protected void doFilterInternal(
            HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        OrgId org = Callers.org().orElse(null);
        if (org == null) {
            chain.doFilter(request, response);
            return;
        }
        Standing standing = budget.take(org);
        if (standing.quota() > 0) {
            response.setHeader(POLICY, "\"requests\";q=" + standing.quota() + ";w=60");
            response.setHeader(
                    LIMIT, "\"requests\";r=" + standing.left() + ";t=" + standing.seconds());
        }
        if (standing.granted()) {
            chain.doFilter(request, response);
            return;
        }
        response.setHeader(HttpHeaders.RETRY_AFTER, Long.toString(standing.seconds()));
        problems.write(
                request,
                response,
                ErrorCode.RATE_LIMITED,
                "The organisation may send "
                        + standing.quota()
                        + " requests a minute; go on in "
                        + standing.seconds()
                        + " s.");
    }
}
