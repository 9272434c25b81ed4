package io.heimdex.archive.pipeline;

import io.heimdex.archive.problem.HeimdexException;
import io.heimdex.archive.storage.MediaStore;
import java.util.Collection;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Derived files that nobody refers to any longer: replaced, or of assets deleted meanwhile. */
@Component
class Leftovers {

    private static final Logger log = LoggerFactory.getLogger(Leftovers.class);

    private final MediaStore store;

    Leftovers(MediaStore store) {
        this.store = store;
    }

    /** Deletes them after the caller's transaction: whoever sees its end finds them gone or not. */
    void deleteOnceCommitted(Collection<String> keys) {
        if (keys.isEmpty()) {
            return;
        }
        List<String> unwanted = List.copyOf(keys);
        TransactionSynchronizationManager.registerSynchronization(
                new TransactionSynchronization() {
                    @Override
                    public void afterCommit() {
                        try {
                            store.deleteDerived(unwanted);
                        } catch (HeimdexException e) {
                            log.warn("files that nobody needs are left: {}", unwanted, e);
                        }
                    }
                });
    }
}
