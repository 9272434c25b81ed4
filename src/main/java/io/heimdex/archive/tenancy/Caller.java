package io.heimdex.archive.tenancy;

import io.heimdex.archive.problem.ErrorCode;
import io.heimdex.archive.problem.HeimdexException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Who is calling, by the bearer token. */
public record Caller(OrgId org, String user, Set<Scope> scopes) {

    public Caller {
        scopes = Set.copyOf(scopes);
    }

    /**
     * Refuses a request body that names another organisation than the token.
     *
     * @throws HeimdexException {@code org_scope_mismatch}
     */
    public void requireOrg(@Nullable String orgInBody) {
        if (orgInBody != null && !orgInBody.equals(org.value())) {
            throw new HeimdexException(
                    ErrorCode.ORG_SCOPE_MISMATCH,
                    "org_id differs from the organisation of the token; leave it out.");
        }
    }
}
