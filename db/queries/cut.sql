-- name: ensure_pass
-- The pass of this name, made where there is none. The update that changes nothing makes the row come back.
insert into pass (campaign_id, name) values ($1, $2)
on conflict (campaign_id, name) do update set name = excluded.name
returning pass_id;

-- name: has_boundary_kind
select exists (select from boundary where campaign_id = $1 and kind = $2);

-- name: insert_cut
insert into cut (campaign_id, pass_id, universe_id, state, worker, door_count, request_id, previous_cut_id,
                 target_doors, min_doors, max_doors, target_minutes, min_minutes, max_minutes, finish,
                 walk_speed_m_per_s, seconds_per_door, turfs_per_region, keep_boundary_kind, keep_live, seed)
values ($1, $2, $3, 'running', $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)
returning cut_id;

-- name: find_cut_by_request
select cut_id from cut where campaign_id = $1 and request_id = $2;

-- name: find_cut
select c.cut_id, c.pass_id, p.name, c.universe_id, c.state, c.failure, c.report, c.create_time, c.worker, c.stage,
       c.fraction, c.previous_cut_id, c.target_doors, c.min_doors, c.max_doors, c.target_minutes, c.min_minutes,
       c.max_minutes, c.finish, c.walk_speed_m_per_s, c.seconds_per_door, c.turfs_per_region, c.keep_boundary_kind,
       c.keep_live, c.seed
from cut c join pass p on p.campaign_id = c.campaign_id and p.pass_id = c.pass_id
where c.campaign_id = $1 and c.cut_id = $2;

-- name: list_cuts
-- The newest first, below the id $2 where it is not 0.
select c.cut_id, c.pass_id, p.name, c.universe_id, c.state, c.failure, c.report, c.create_time, c.worker, c.stage,
       c.fraction, c.previous_cut_id, c.target_doors, c.min_doors, c.max_doors, c.target_minutes, c.min_minutes,
       c.max_minutes, c.finish, c.walk_speed_m_per_s, c.seconds_per_door, c.turfs_per_region, c.keep_boundary_kind,
       c.keep_live, c.seed
from cut c join pass p on p.campaign_id = c.campaign_id and p.pass_id = c.pass_id
where c.campaign_id = $1 and ($2 = 0 or c.cut_id < $2)
order by c.cut_id desc
limit $3;

-- name: beat_cut
-- The cut is still worked on, and this far. No row: it is no longer this worker's to work on.
update cut set heartbeat_time = now(), stage = $4, fraction = $5
where campaign_id = $1 and cut_id = $2 and state = 'running' and worker = $3;

-- name: finish_cut
update cut set state = 'done', door_count = $3, turf_count = $4, report = $5::text::jsonb
where campaign_id = $1 and cut_id = $2 and state = 'running' and worker = $6;

-- name: end_cut
-- A running cut that comes to no turfs: $3 is failed or cancelled.
update cut set state = $3, failure = $4 where campaign_id = $1 and cut_id = $2 and state = 'running';

-- name: fail_dead_cuts
-- Cuts whose server has not said for $2 seconds that it works on them.
update cut set state = 'failed', failure = $3
where campaign_id = $1 and state = 'running' and heartbeat_time < now() - make_interval(secs => $2)
returning cut_id;

-- name: lock_pass
-- Publishing is one at a time in a pass.
select pass_id from pass where campaign_id = $1 and pass_id = $2 for no key update;

-- name: find_published_cut
select cut_id from cut where campaign_id = $1 and pass_id = $2 and state = 'published';

-- name: set_cut_state
-- From one state to another; no row where the cut is not in the first.
update cut set state = $4 where campaign_id = $1 and cut_id = $2 and state = $3;

-- name: set_cut_report
update cut set report = $3::text::jsonb where campaign_id = $1 and cut_id = $2;

-- name: set_turfs_live
-- The doors follow by the foreign key.
update turf set live = $3 where campaign_id = $1 and cut_id = $2 and live <> $3 and not ended;

-- name: read_turf_doors
-- The doors of a cut in walking order, turf by turf.
select d.turf_id, t.number, d.door_id
from turf_door d
join turf t on t.campaign_id = d.campaign_id and t.turf_id = d.turf_id
where d.campaign_id = $1 and d.cut_id = $2
order by d.turf_id, d.sequence;

-- name: find_publication
-- What the audit log says of the publishing of cut $2.
select coalesce((detail->>'superseded_cut_id')::bigint, 0), coalesce((detail->>'revoked_walk_lists')::integer, 0),
       coalesce((detail->>'renewed_walk_lists')::integer, 0), coalesce((detail->>'kept_walk_lists')::integer, 0)
from audit_log
where campaign_id = $1 and action = 'cut.publish' and subject_kind = 'cut' and subject_id = $2
order by audit_id desc
limit 1;
