-- name: lock_due_of_owner
-- At most $5 of owner $2 in queue $3 that nobody holds at time $4, the most due first; none in quiet hours. With until when an
-- item is to be held back, and why.
with due as materialized (
  select f.follow_up_id, f.door_id, f.person_id, f.knock_id, f.due_time, f.priority from follow_up f
  where f.campaign_id = $1 and f.owner_id = $2 and f.state = 'open' and ($3::text = '' or f.queue = $3)
    and (f.lease_expire_time is null or f.lease_expire_time <= $4) and (f.not_before is null or f.not_before <= $4)
    and (select quiet_until($1, $4)) is null
  order by f.due_time, f.priority desc, f.follow_up_id
  limit $5
  for no key update skip locked)
select d.follow_up_id, h.until_time, h.reason
from due d
left join lateral held_back($1, d.door_id, d.person_id, d.knock_id, $4) h on true
order by d.due_time, d.priority desc, d.follow_up_id;

-- name: lock_due_of_branch
-- As lock_due_of_owner, of member $2 and of all below them; of everyone where $2 is 0.
with recursive branch as (
  select m.member_id from member m where m.campaign_id = $1 and m.member_id = $2
  union all
  select m.member_id from branch b join member m on m.campaign_id = $1 and m.leader_id = b.member_id),
due as materialized (
  select f.follow_up_id, f.door_id, f.person_id, f.knock_id, f.due_time, f.priority from follow_up f
  where f.campaign_id = $1 and ($2 = 0 or f.owner_id in (select b.member_id from branch b)) and f.state = 'open'
    and ($3::text = '' or f.queue = $3)
    and (f.lease_expire_time is null or f.lease_expire_time <= $4) and (f.not_before is null or f.not_before <= $4)
    and (select quiet_until($1, $4)) is null
  order by f.due_time, f.priority desc, f.follow_up_id
  limit $5
  for no key update skip locked)
select d.follow_up_id, h.until_time, h.reason
from due d
left join lateral held_back($1, d.door_id, d.person_id, d.knock_id, $4) h on true
order by d.due_time, d.priority desc, d.follow_up_id;

-- name: hold_back_follow_ups
-- Locked ones, at $3: not handed out before their time.
with held as (
  update follow_up f set not_before = h.until_time, lease_member_id = null, lease_expire_time = null
  from unnest($2::bigint[], $4::timestamptz[]) as h (follow_up_id, until_time)
  where f.campaign_id = $1 and f.follow_up_id = h.follow_up_id
  returning f.follow_up_id)
insert into follow_up_event (campaign_id, follow_up_id, event_time, kind, detail)
select $1, held.follow_up_id, $3, 'held_back', h.reason
from held
join unnest($2::bigint[], $5::text[]) as h (follow_up_id, reason) on h.follow_up_id = held.follow_up_id;

-- name: lease_follow_ups
-- Locked ones that nobody holds, to member $3 at $4 until $5. Who had one before has lost it.
with leased as (
  update follow_up set lease_member_id = $3, lease_expire_time = $5, fence = fence + 1, tries = tries + 1, not_before = null
  where campaign_id = $1 and follow_up_id = any ($2::bigint[]))
insert into follow_up_event (campaign_id, follow_up_id, event_time, kind, member_id)
select f.campaign_id, f.follow_up_id, $4::timestamptz, 'lease_lost', f.lease_member_id
from follow_up f
where f.campaign_id = $1 and f.follow_up_id = any ($2::bigint[]) and f.lease_member_id is not null
union all
select $1, id, $4::timestamptz, 'claimed', $3 from unnest($2::bigint[]) as id;

-- name: find_follow_ups
-- In due order.
select f.follow_up_id, f.queue, r.name, f.state, f.owner_id, f.due_time, f.knock_id, f.door_id, f.person_id,
  trim(concat_ws(' ', nullif(p.first_name, ''), nullif(p.last_name, ''))), coalesce(p.phone, ''),
  concat_ws(', ', concat_ws(' ', a.house_number, a.street), nullif(d.unit, ''), nullif(a.city, '')), f.outcome, f.drop_reason,
  f.level, f.not_before, f.lease_member_id, f.lease_expire_time, f.fence, f.create_time, f.complete_time, f.completed_by
from follow_up f
join follow_up_rule r on r.campaign_id = $1 and r.rule_id = f.rule_id
join door d on d.campaign_id = $1 and d.door_id = f.door_id
join address_point a on a.campaign_id = $1 and a.address_point_id = d.address_point_id
left join person p on p.campaign_id = $1 and p.person_id = f.person_id
where f.campaign_id = $1 and f.follow_up_id = any ($2::bigint[])
order by f.due_time, f.priority desc, f.follow_up_id;

-- name: lock_follow_ups
-- In the order of their ids, so that two who name the same never wait for each other.
select f.follow_up_id, f.state, f.owner_id, f.outcome, f.person_id, f.lease_member_id, f.lease_expire_time, f.fence
from follow_up f
where f.campaign_id = $1 and f.follow_up_id = any ($2::bigint[])
order by f.follow_up_id
for no key update;

-- name: complete_follow_ups
-- Locked ones that are open, with an outcome each, by $4 at $5.
with done as (
  update follow_up f
  set state = 'done', outcome = said.outcome, complete_time = $5, completed_by = $4, lease_member_id = null,
      lease_expire_time = null
  from unnest($2::bigint[], $3::text[]) as said (follow_up_id, outcome)
  where f.campaign_id = $1 and f.follow_up_id = said.follow_up_id and f.state = 'open'
  returning f.follow_up_id, f.outcome)
insert into follow_up_event (campaign_id, follow_up_id, event_time, kind, member_id, detail)
select $1, done.follow_up_id, $5, 'completed', $4, done.outcome from done;

-- name: renew_leases
-- Of these locked ones, until $3.
update follow_up set lease_expire_time = $3 where campaign_id = $1 and follow_up_id = any ($2::bigint[]);

-- name: release_leases
-- Given back by $3 at $4 without having been tried.
with given as (
  update follow_up set lease_member_id = null, lease_expire_time = null, tries = greatest(tries - 1, 0)
  where campaign_id = $1 and follow_up_id = any ($2::bigint[])
  returning follow_up_id)
insert into follow_up_event (campaign_id, follow_up_id, event_time, kind, member_id)
select $1, follow_up_id, $4, 'released', $3 from given;

-- name: snooze_follow_up
-- Not handed out, and not climbing, before $5; it stays due when it was.
with put_off as (
  update follow_up set not_before = $5, lease_member_id = null, lease_expire_time = null
  where campaign_id = $1 and follow_up_id = $2
  returning follow_up_id)
insert into follow_up_event (campaign_id, follow_up_id, event_time, kind, member_id, detail)
select $1, follow_up_id, $4, 'snoozed', $3, $6 from put_off;

-- name: reassign_follow_up
-- To $5, who begins at the lowest level.
with before as (select owner_id from follow_up where campaign_id = $1 and follow_up_id = $2),
moved as (
  update follow_up
  set owner_id = $5, lease_member_id = null, lease_expire_time = null, level = 0,
      climb_time = greatest(due_time, $4) + (
        select r.climb_after from follow_up_rule r where r.campaign_id = $1 and r.rule_id = follow_up.rule_id)
  where campaign_id = $1 and follow_up_id = $2
  returning follow_up_id)
insert into follow_up_event (campaign_id, follow_up_id, event_time, kind, member_id, from_member_id, to_member_id, detail)
select $1, moved.follow_up_id, $4, 'reassigned', $3, before.owner_id, $5, $6 from moved, before;

-- name: give_up_follow_up
with dead as (
  update follow_up
  set state = 'dead', complete_time = $4, completed_by = $3, drop_reason = $5, lease_member_id = null, lease_expire_time = null
  where campaign_id = $1 and follow_up_id = $2 and state = 'open'
  returning follow_up_id)
insert into follow_up_event (campaign_id, follow_up_id, event_time, kind, member_id, detail)
select $1, follow_up_id, $4, 'given_up', $3, $5 from dead;

-- name: reopen_follow_up
-- One that was given up, whose knock stands and whom one may contact.
with open_again as (
  update follow_up f
  set state = 'open', complete_time = null, completed_by = null, drop_reason = '', tries = 0
  where f.campaign_id = $1 and f.follow_up_id = $2 and f.state = 'dead'
    and exists (select from standing_knock k where k.campaign_id = $1 and k.knock_id = f.knock_id)
    and not exists (select from door d where d.campaign_id = $1 and d.door_id = f.door_id and d.do_not_contact)
    and not exists (select from person p where p.campaign_id = $1 and p.person_id = f.person_id and p.do_not_contact)
  returning f.follow_up_id)
insert into follow_up_event (campaign_id, follow_up_id, event_time, kind, member_id, detail)
select $1, follow_up_id, $4, 'reopened', $3, $5 from open_again;

-- name: give_up_exhausted
-- At most $4 whose last lease ran out at the $3rd try without a result, at time $2.
with worn as materialized (
  select f.follow_up_id, f.lease_member_id from follow_up f
  where f.campaign_id = $1 and f.state = 'open' and f.tries >= $3 and f.lease_expire_time <= $2
  order by f.follow_up_id
  limit $4
  for no key update skip locked),
dead as (
  update follow_up f
  set state = 'dead', complete_time = $2, completed_by = w.lease_member_id, drop_reason = 'TRIES_EXHAUSTED',
      lease_member_id = null, lease_expire_time = null
  from worn w
  where f.campaign_id = $1 and f.follow_up_id = w.follow_up_id
  returning f.follow_up_id)
insert into follow_up_event (campaign_id, follow_up_id, event_time, kind, detail)
select $1, follow_up_id, $2, 'given_up', 'TRIES_EXHAUSTED' from dead;

-- name: climb_follow_ups
-- At most $3 that are late at time $2 and that nobody holds go to their owner's leader.
with late as materialized (
  select f.follow_up_id, f.owner_id, m.leader_id, r.climb_after
  from follow_up f
  join follow_up_rule r on r.campaign_id = $1 and r.rule_id = f.rule_id
  join member m on m.campaign_id = $1 and m.member_id = f.owner_id
  where f.campaign_id = $1 and f.state = 'open' and f.due_time < $2 and m.leader_id is not null
    and coalesce(f.climb_time, f.due_time + r.climb_after) <= $2
    and (f.lease_expire_time is null or f.lease_expire_time <= $2) and (f.not_before is null or f.not_before <= $2)
  order by f.due_time, f.follow_up_id
  limit $3
  for no key update of f skip locked),
climbed as (
  update follow_up f
  set owner_id = late.leader_id, level = f.level + 1, climb_time = $2 + late.climb_after, lease_member_id = null,
      lease_expire_time = null
  from late
  where f.campaign_id = $1 and f.follow_up_id = late.follow_up_id
  returning f.follow_up_id)
insert into follow_up_event (campaign_id, follow_up_id, event_time, kind, from_member_id, to_member_id)
select $1, late.follow_up_id, $2, 'climbed', late.owner_id, late.leader_id
from climbed join late on late.follow_up_id = climbed.follow_up_id;

-- name: list_follow_up_events
-- Of item $2, above event $3.
select event_id, event_time, kind, member_id, from_member_id, to_member_id, detail
from follow_up_event
where campaign_id = $1 and follow_up_id = $2 and event_id > $3
order by event_id
limit $4;
