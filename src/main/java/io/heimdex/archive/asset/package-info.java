/** Assets: one per org and content, and the requests that concern one of them. */
@ApplicationModule(
        allowedDependencies = {
            "problem",
            "contract",
            "paging",
            "tenancy",
            "access",
            "storage",
            "thumbnail",
            "sidecar",
            "job"
        })
@NullMarked
package io.heimdex.archive.asset;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
