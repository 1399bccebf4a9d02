-- name: insert_evidence
-- What speaks against these knocks. A knock is held against the phone's knock before it and the one after it, by the
-- phone's own count, whichever of them arrived first. Within one boot the phone's monotonic clock says how long it was
-- between them, else the phone's time.
with limits as (
  select coalesce(max(l.distance_m), 100) as distance_m, coalesce(max(l.accuracy_m), 200) as accuracy_m,
    coalesce(max(l.speed_m_per_s), 8) as speed_m_per_s, coalesce(max(l.clock_ahead_s), 120) as clock_ahead_s,
    coalesce(max(l.clock_behind_s), 86400) as clock_behind_s, coalesce(max(l.clock_backwards_s), 120) as clock_backwards_s
  from evidence_limits l where l.campaign_id = $1),
fresh as materialized (
  select k.knock_id, k.phone_id, k.running_number, k.boot_id, k.monotonic_ms, k.phone_time, k.receive_time, k.position,
    coalesce(k.accuracy_m, 0) as accuracy_m, a.position as door_position, w.create_time as list_time
  from unnest($2::uuid[]) as f(knock_id)
  join knock k on k.campaign_id = $1 and k.knock_id = f.knock_id and k.result <> 0
  join door d on d.campaign_id = $1 and d.door_id = k.door_id
  join address_point a on a.campaign_id = $1 and a.address_point_id = d.address_point_id
  join walk_list w on w.campaign_id = $1 and w.walk_list_id = k.walk_list_id),
pairs as materialized (
  select f.knock_id,
    greatest(0, st_distancesphere(f.position, n.position) - f.accuracy_m - coalesce(n.accuracy_m, 0)) as meters,
    case when n.boot_id = f.boot_id then abs(f.monotonic_ms - n.monotonic_ms) / 1000.0
      else abs(extract(epoch from f.phone_time - n.phone_time)) end as seconds,
    case when n.boot_id = f.boot_id
      then extract(epoch from n.phone_time - f.phone_time) * sign(f.running_number - n.running_number) end as backwards_s
  from fresh f
  cross join lateral (
    (select p.* from knock p
     where p.campaign_id = $1 and p.phone_id = f.phone_id and p.running_number > 0 and p.running_number < f.running_number
     order by p.running_number desc limit 1)
    union all
    (select p.* from knock p
     where p.campaign_id = $1 and p.phone_id = f.phone_id and p.running_number > 0 and p.running_number > f.running_number
     order by p.running_number limit 1)) n
  where f.phone_id is not null and f.running_number > 0),
found as (
  select f.knock_id, 'FAR_FROM_DOOR' as flag,
    st_distancesphere(f.position, f.door_position) - f.accuracy_m as measured, l.distance_m as bound
  from fresh f, limits l
  union all
  select f.knock_id, 'POSITION_VAGUE', f.accuracy_m, l.accuracy_m from fresh f, limits l where f.position is not null
  union all
  select p.knock_id, 'TOO_FAST', max(p.meters / greatest(1, p.seconds)), l.speed_m_per_s
  from pairs p, limits l group by p.knock_id, l.speed_m_per_s
  union all
  select p.knock_id, 'CLOCK_BACKWARDS', max(p.backwards_s), l.clock_backwards_s
  from pairs p, limits l group by p.knock_id, l.clock_backwards_s
  union all
  select f.knock_id, 'CLOCK_AHEAD', extract(epoch from f.phone_time - f.receive_time), l.clock_ahead_s from fresh f, limits l
  union all
  select f.knock_id, 'CLOCK_BEHIND', extract(epoch from f.list_time - f.phone_time), l.clock_behind_s
  from fresh f, limits l
  union all
  select d.knock_id, 'PAPER_DIFFERS', 1, 0 from fresh f join paper_differs d on d.campaign_id = $1 and d.knock_id = f.knock_id
  union all
  select d.knock_id, 'PAPER_DIFFERS', 1, 0
  from fresh f
  join paper_differs d on d.campaign_id = $1 and d.phone_knock_id = f.knock_id
  join standing_knock s on s.campaign_id = $1 and s.knock_id = d.knock_id)
insert into knock_evidence (campaign_id, knock_id, flag, measured, bound)
select $1, f.knock_id, f.flag, f.measured, f.bound from found f where f.measured > f.bound
on conflict (campaign_id, knock_id, flag) do nothing;

-- name: list_flagged_knocks
-- Knocks with evidence after evidence $4, in the order in which it came: of member $2 and everyone below (of all where it is
-- 0); where $3 is set only those that nobody has judged.
with recursive branch as (
  select m.member_id from member m where m.campaign_id = $1 and m.member_id = $2
  union all
  select m.member_id from branch b join member m on m.campaign_id = $1 and m.leader_id = b.member_id)
select e.evidence_id, k.knock_id, k.member_id, coalesce(k.phone_id, 0), k.door_id, w.list_number, k.result, k.phone_time,
  k.receive_time, said.flags, said.measured, said.bounds, coalesce(j.verdict, ''), coalesce(j.reason, ''),
  coalesce(j.member_id, 0), j.judge_time, other.knock_id, coalesce(other.result, 0), other.knock_time
from knock_evidence e
join knock k on k.campaign_id = $1 and k.knock_id = e.knock_id
join walk_list w on w.campaign_id = $1 and w.walk_list_id = k.walk_list_id
left join knock_judgement j on j.campaign_id = $1 and j.knock_id = e.knock_id
cross join lateral (
  select array_agg(o.flag order by o.flag) as flags, array_agg(o.measured order by o.flag) as measured,
    array_agg(o.bound order by o.flag) as bounds
  from knock_evidence o where o.campaign_id = $1 and o.knock_id = e.knock_id) said
left join lateral (
  select p.knock_id, p.result, p.knock_time
  from paper_differs d
  join knock p on p.campaign_id = $1 and p.knock_id = d.phone_knock_id
  where d.campaign_id = $1 and d.knock_id = e.knock_id
  order by p.knock_time desc, p.knock_id
  limit 1) other on true
where e.campaign_id = $1 and e.evidence_id > $4
  and ($2 = 0 or k.member_id in (select b.member_id from branch b))
  and (not $3::boolean or j.knock_id is null)
  and not exists (
    select from knock_evidence o where o.campaign_id = $1 and o.knock_id = e.knock_id and o.evidence_id < e.evidence_id)
order by e.evidence_id
limit $5;

-- name: find_knock_to_judge
select k.member_id, coalesce(j.verdict, ''), k.door_id
from knock k
left join knock_judgement j on j.campaign_id = $1 and j.knock_id = k.knock_id
where k.campaign_id = $1 and k.knock_id = $2;

-- name: insert_judgement
-- Of two at once, one is first.
insert into knock_judgement (campaign_id, knock_id, verdict, reason, member_id, judge_time)
values ($1, $2, $3, $4, $5, $6)
on conflict (campaign_id, knock_id) do nothing
returning verdict;

-- name: drop_follow_ups_of_voided
update follow_up
set state = 'dropped', complete_time = $3, completed_by = $4, drop_reason = $5, lease_member_id = null, lease_expire_time = null
where campaign_id = $1 and knock_id = $2 and state = 'open'
returning follow_up_id;

-- name: find_evidence_limits
select distance_m, accuracy_m, speed_m_per_s, clock_ahead_s, clock_behind_s, clock_backwards_s
from evidence_limits where campaign_id = $1;

-- name: set_evidence_limits
insert into evidence_limits (campaign_id, distance_m, accuracy_m, speed_m_per_s, clock_ahead_s, clock_behind_s,
                             clock_backwards_s)
values ($1, $2, $3, $4, $5, $6, $7)
on conflict (campaign_id) do update set distance_m = excluded.distance_m, accuracy_m = excluded.accuracy_m,
  speed_m_per_s = excluded.speed_m_per_s, clock_ahead_s = excluded.clock_ahead_s,
  clock_behind_s = excluded.clock_behind_s, clock_backwards_s = excluded.clock_backwards_s;
