--liquibase formatted sql

--changeset heimdex:0041-job-outcomes splitStatements:false
--comment: How fast a job's assets came to their ends, by the time, and its failures by their code.
-- What is filled in here is of all orgs.
select set_config('heimdex.org', '*', true);

-- Counted with every chunk, under the lock on the job's row. A job about one asset has none: its item tells.
create table job_throughput (
    org_id text not null,
    job_id uuid not null,
    -- The beginning of ten seconds.
    at timestamptz not null,
    done bigint not null,
    failed bigint not null,
    primary key (org_id, job_id, at),
    foreign key (org_id, job_id) references job on delete cascade
) with (fillfactor = 50);
alter table job_throughput enable row level security;
alter table job_throughput force row level security;
create policy reach on job_throughput using (
    org_id = nullif(current_setting('heimdex.org', true), '')
    or current_setting('heimdex.org', true) = '*');

insert into job_throughput (org_id, job_id, at, done, failed)
select i.org_id, i.job_id, to_timestamp(floor(extract(epoch from i.ended_at) / 10) * 10), count(*),
       count(*) filter (where i.outcome = 'failed')
from job_item i
join job j on j.org_id = i.org_id and j.job_id = i.job_id and j.asset_id is null
where i.outcome is not null and i.ended_at is not null
group by 1, 2, 3;

create index job_item_failed_by_code on job_item (org_id, job_id, code, seq) where outcome = 'failed';

-- Failures that a restart left as they were. They do not count against what the run may have from then on.
alter table job add column failed_before bigint not null default 0;

--rollback alter table job drop column failed_before;
--rollback drop index job_item_failed_by_code;
--rollback drop table job_throughput;
