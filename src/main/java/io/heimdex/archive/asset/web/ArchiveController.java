package io.heimdex.archive.asset.web;

import io.heimdex.archive.access.RequiresScope;
import io.heimdex.archive.asset.ArchiveSummary;
import io.heimdex.archive.asset.AssetTallies;
import io.heimdex.archive.tenancy.Caller;
import io.heimdex.archive.tenancy.Scope;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** An org's archive as a whole. */
@RestController
class ArchiveController {

    private final AssetTallies tallies;

    ArchiveController(AssetTallies tallies) {
        this.tallies = tallies;
    }

    /**
     * How many assets the org has, how large they are together, and how many there are of each
     * kind; exact at any time. No asset has the id {@code summary}.
     */
    @GetMapping("/v1/assets/summary")
    @RequiresScope(Scope.MEDIA_READ)
    ArchiveSummary summary(Caller caller) {
        return tallies.summary(caller.org());
    }
}
