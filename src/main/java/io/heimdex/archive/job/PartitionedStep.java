package io.heimdex.archive.job;

import java.util.Set;
import org.springframework.batch.core.step.Step;
import org.springframework.batch.core.step.StepExecution;

/** Steps whose parts any worker may run. */
public interface PartitionedStep {

    /** The names of the steps, which are the first parts of their partitions' names. */
    Set<String> names();

    /** The step that works through one partition. */
    Step forPartition(StepExecution partition);

    /** The name of the step that a partition belongs to; another step's own name. */
    static String stepOf(String name) {
        int colon = name.indexOf(':');
        return colon < 0 ? name : name.substring(0, colon);
    }
}
