-- name: try_lock_imports
-- One import at a time stores into a campaign; held until the transaction ends.
select pg_try_advisory_xact_lock(hashtextextended('snowfield.import', $1));

-- name: plan_for_import
-- The merges sort and hash many rows, in few statements, for which compiling does not pay. Tables that were just filled have
-- no statistics: the planner takes them for tiny and would loop over them row by row.
select set_config('work_mem', '64MB', true), set_config('jit', 'off', true), set_config('enable_nestloop', 'off', true);

-- name: insert_import
insert into import (campaign_id, kind, dataset, received, inserted, updated, unchanged, rejected, absent)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
returning import_id;

-- name: list_imports
-- The newest first: with ids below $2 where it is not 0, at most $3.
select import_id, kind, dataset, received, inserted, updated, unchanged, rejected, absent, create_time
from import
where campaign_id = $1 and ($2 = 0 or import_id < $2)
order by import_id desc
limit $3;
