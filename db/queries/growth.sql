-- name: ensure_growth_plan
-- The defaults of a campaign that has settled nothing yet.
with made as (
  insert into growth_rule (campaign_id) values ($1) on conflict (campaign_id) do nothing returning campaign_id)
insert into ladder_step (campaign_id, code, name, kind, rank)
select m.campaign_id, s.code, s.name, s.code, s.rank
from made m
cross join (values
  ('joined', 'Joined', 1), ('attended', 'Came to an event', 2), ('shift', 'Knocked a shift', 3),
  ('trained', 'Trained', 4), ('hosted', 'Hosted a meeting', 5), ('leads', 'Leads a team', 6)) as s (code, name, rank)
on conflict (campaign_id, code) do nothing;

-- name: read_growth_rule
select r.shift_doors_min, r.ready_steps_min, r.quiet_days, r.propose_again_days, coalesce(r.required_module, ''),
  c.time_zone
from growth_rule r join campaign c on c.campaign_id = r.campaign_id
where r.campaign_id = $1;

-- name: write_growth_rule
update growth_rule
set shift_doors_min = $2, ready_steps_min = $3, quiet_days = $4, propose_again_days = $5, required_module = nullif($6, '')
where campaign_id = $1;

-- name: is_time_zone
select exists (select from pg_timezone_names where name = $1);

-- name: write_time_zone
update campaign set time_zone = $2 where campaign_id = $1 and time_zone <> $2;

-- name: list_ladder
select code, name, kind from ladder_step where campaign_id = $1 and not retired order by rank, code;

-- name: write_ladder
-- A batch, from the first step to the last. Steps that are not named are retired.
with named as (
  select s.code, s.name, s.kind, s.rank
  from unnest($2::text[], $3::text[], $4::text[]) with ordinality as s (code, name, kind, rank)),
retired as (
  update ladder_step l set retired = true
  where l.campaign_id = $1 and not l.retired and not exists (select from named n where n.code = l.code))
insert into ladder_step (campaign_id, code, name, kind, rank)
select $1, n.code, n.name, n.kind, n.rank from named n
on conflict (campaign_id, code) do update
set name = excluded.name, kind = excluded.kind, rank = excluded.rank, retired = false;

-- name: list_modules
select code, name, coalesce(valid_days, 0) from training_module where campaign_id = $1 and not retired order by code;

-- name: write_modules
-- A batch. Modules that are not named are retired; $4 of 0: for good.
with named as (
  select m.code, m.name, m.valid_days from unnest($2::text[], $3::text[], $4::integer[]) as m (code, name, valid_days)),
retired as (
  update training_module t set retired = true
  where t.campaign_id = $1 and not t.retired and not exists (select from named n where n.code = t.code))
insert into training_module (campaign_id, code, name, valid_days)
select $1, n.code, n.name, nullif(n.valid_days, 0) from named n
on conflict (campaign_id, code) do update
set name = excluded.name, valid_days = excluded.valid_days, retired = false;

-- name: record_shift_steps
-- For these members and days, where the day is a shift.
insert into member_step (campaign_id, member_id, code, reach_time, evidence)
select distinct on (d.member_id, s.code) $1, d.member_id, s.code, coalesce(y.last_time, now()),
  jsonb_build_object('day', d.day, 'doors', y.doors)
from unnest($2::bigint[], $3::text[]) as d (member_id, day)
join member_day y on y.campaign_id = $1 and y.member_id = d.member_id and y.day = d.day::date
join growth_rule r on r.campaign_id = $1 and y.doors >= r.shift_doors_min
join ladder_step s on s.campaign_id = $1 and s.kind = 'shift' and not s.retired
order by d.member_id, s.code, d.day
on conflict (campaign_id, member_id, code) do nothing;

-- name: record_place_steps
-- For these members: that they joined, and that they lead a team where they do.
insert into member_step (campaign_id, member_id, code, reach_time)
select $1, m.member_id, s.code, case when s.kind = 'joined' then m.create_time else now() end
from unnest($2::bigint[]) as touched (member_id)
join member m on m.campaign_id = $1 and m.member_id = touched.member_id and m.leave_time is null
join ladder_step s on s.campaign_id = $1 and not s.retired
  and (s.kind = 'joined'
    or (s.kind = 'leads' and exists (select from member b where b.campaign_id = $1 and b.leader_id = m.member_id)))
on conflict (campaign_id, member_id, code) do nothing;

-- name: record_steps
-- A batch of members who reached the steps of kind $3, with evidence $4; by member $5.
insert into member_step (campaign_id, member_id, code, reach_time, evidence, recorded_by)
select $1, m.member_id, s.code, $6, $4::jsonb, $5
from unnest($2::bigint[]) as m (member_id)
join ladder_step s on s.campaign_id = $1 and s.kind = $3 and not s.retired
on conflict (campaign_id, member_id, code) do nothing;

-- name: record_step_by_hand
-- No row: reached before.
insert into member_step (campaign_id, member_id, code, reach_time, note, recorded_by)
select $1, $2, s.code, $4, $5, $6 from ladder_step s where s.campaign_id = $1 and s.code = $3 and not s.retired
on conflict (campaign_id, member_id, code) do nothing;

-- name: list_member_steps
-- The ladder, and which of its steps member $2 has reached.
select l.code, l.name, s.reach_time, coalesce(s.evidence::text, ''), coalesce(s.note, ''), s.recorded_by
from ladder_step l
left join member_step s on s.campaign_id = $1 and s.member_id = $2 and s.code = l.code
where l.campaign_id = $1 and (not l.retired or s.code is not null)
order by l.rank, l.code;

-- name: record_training
-- A batch of members. An earlier completion than the one that is known changes nothing.
insert into member_training as t (campaign_id, member_id, code, complete_time, expire_time, recorded_by)
select $1, m.member_id, g.code, $4::timestamptz, $4::timestamptz + g.valid_days * interval '1 day', $5
from unnest($2::bigint[]) as m (member_id)
join training_module g on g.campaign_id = $1 and g.code = $3 and not g.retired
on conflict (campaign_id, member_id, code) do update
set complete_time = excluded.complete_time, expire_time = excluded.expire_time, recorded_by = excluded.recorded_by
where t.complete_time < excluded.complete_time;

-- name: module_exists
select exists (select from training_module where campaign_id = $1 and code = $2 and not retired);

-- name: list_member_trainings
select t.code, g.name, t.complete_time, t.expire_time
from member_training t join training_module g on g.campaign_id = $1 and g.code = t.code
where t.campaign_id = $1 and t.member_id = $2
order by t.code;

-- name: find_untrained
-- Of $2, who lacks the required module at time $3; nobody where none is required.
select m.member_id, r.required_module
from growth_rule r
cross join unnest($2::bigint[]) as m (member_id)
where r.campaign_id = $1 and r.required_module is not null
  and not exists (
    select from member_training t
    where t.campaign_id = $1 and t.member_id = m.member_id and t.code = r.required_module
      and (t.expire_time is null or t.expire_time > $3))
order by m.member_id;

-- name: list_expiring_trainings
-- Of member $2 and their team: what runs out before $4, or ran out since $3, soonest first.
select t.member_id, t.code, t.expire_time
from member m
join member_training t on t.campaign_id = $1 and t.member_id = m.member_id
where m.campaign_id = $1 and (m.member_id = $2 or m.leader_id = $2) and t.expire_time >= $3 and t.expire_time < $4
order by t.expire_time, t.member_id, t.code
limit $5;

-- name: members_of
-- Which of $2 are here.
select member_id from member where campaign_id = $1 and member_id = any ($2::bigint[]) and leave_time is null
order by member_id;
