package io.heimdex.archive.job;

import org.springframework.batch.core.step.Step;
import org.springframework.batch.core.step.StepExecution;

/** A step whose parts any worker may run; a bean for each such step. */
public interface PartitionedStep {

    /** The name of the step, and the first part of its partitions' names. */
    String name();

    /** The step that works through one partition. */
    Step forPartition(StepExecution partition);
}
