-- name: append_changes
-- Numbers the changes in commit order: the counter's row is locked until the transaction ends, so nobody commits a lower
-- number later. Run it last.
with counter as (
  update change_counter set last_change = last_change + cardinality($2::text[])
  where campaign_id = $1
  returning last_change - cardinality($2::text[]) as before)
insert into change (campaign_id, change_number, kind, walk_list_id, door_id, knock_id, phone_id)
select $1, counter.before + c.ordinal, c.kind, c.walk_list_id, c.door_id, c.knock_id, c.phone_id
from counter, unnest($2::text[], $3::bigint[], $4::bigint[], $5::uuid[], $6::bigint[])
  with ordinality as c(kind, walk_list_id, door_id, knock_id, phone_id, ordinal);

-- name: change_bounds
-- The last number given out, and the last one that may be gone.
select n.last_change, n.pruned_through from change_counter n where n.campaign_id = $1;

-- name: list_changes
-- What happened after change $4 on the lists that phone $2 has out (all of them, or only list $3), and what is for this
-- phone alone. A change at a door says what the door is now, as list_doors_to_walk does: knocks arrive in any order, and the
-- last to come is not always the last that was made. Whom a do-not-contact names stands in its knock.
select c.change_number, c.kind, w.list_number, c.door_id, last.result, last.knock_time,
  case when c.person_id is not null then array[c.person_id] else coalesce((
    select array_agg(distinct named.person_id)
    from (
      select r.person_id from knock_response r where r.campaign_id = $1 and r.knock_id = c.knock_id
      union all
      select a.person_id from knock_ask a where a.campaign_id = $1 and a.knock_id = c.knock_id) named
    where c.kind = 'do_not_contact' and named.person_id is not null), '{}') end,
  coalesce((
    select n.list_number from walk_list n
    where c.kind = 'list_revoked' and n.campaign_id = $1 and n.replaces_walk_list_id = c.walk_list_id), '')
from (
  (select h.* from change h
   where h.campaign_id = $1 and h.change_number > $4 and h.phone_id is null
     and h.walk_list_id in (
       select o.walk_list_id from checkout o
       where o.campaign_id = $1 and o.phone_id = $2 and o.return_time is null
         and ($3::bigint = 0 or o.walk_list_id = $3))
   order by h.change_number
   limit $5)
  union all
  (select h.* from change h
   where h.campaign_id = $1 and h.change_number > $4 and h.phone_id = $2 and ($3::bigint = 0 or h.walk_list_id = $3)
     -- Not that a list went to another phone, to one that has it out again.
     and not (h.kind = 'list_handed_over' and exists (
       select from checkout o
       where o.campaign_id = $1 and o.phone_id = $2 and o.walk_list_id = h.walk_list_id and o.return_time is null))
   order by h.change_number
   limit $5)
  order by change_number
  limit $5) c
join walk_list w on w.campaign_id = $1 and w.walk_list_id = c.walk_list_id
join turf t on t.campaign_id = $1 and t.turf_id = w.turf_id
left join lateral (
  select k.result, k.knock_time
  from standing_knock k
  join walk_list kw on kw.campaign_id = $1 and kw.walk_list_id = k.walk_list_id
  join turf kt on kt.campaign_id = $1 and kt.turf_id = kw.turf_id and kt.pass_id = t.pass_id
  where k.campaign_id = $1 and k.door_id = c.door_id
  order by k.knock_time desc, k.receive_time desc, k.knock_id
  limit 1) last on true
order by c.change_number;

-- name: list_lists_out
-- The lists that any phone has out at time $2.
select distinct o.walk_list_id from checkout o
join walk_list w on w.campaign_id = $1 and w.walk_list_id = o.walk_list_id and w.revoke_time is null
where o.campaign_id = $1 and o.return_time is null and o.expire_time > $2
order by o.walk_list_id;

-- name: list_lists_out_of_doors
-- The lists that any phone has out at time $3 and that have one of the doors $2.
select distinct o.walk_list_id from checkout o
join walk_list w on w.campaign_id = $1 and w.walk_list_id = o.walk_list_id and w.revoke_time is null
join turf_door d on d.campaign_id = $1 and d.turf_id = w.turf_id and d.door_id = any ($2::bigint[])
where o.campaign_id = $1 and o.return_time is null and o.expire_time > $3
order by o.walk_list_id;

-- name: claim_upkeep
-- One server gets the task until $4; the others get no row before that time is over.
insert into upkeep_claim (campaign_id, task, claim_until) values ($1, $2, $4)
on conflict (campaign_id, task) do update set claim_until = excluded.claim_until where upkeep_claim.claim_until <= $3
returning task;

-- name: prune_changes
-- Takes away the oldest changes from before $2, at most $3, and says to which number. A prefix of the numbers goes: a
-- change that got its number before one that is older goes with it.
with oldest as materialized (
  select c.change_number, c.change_time
  from change_counter n
  join change c on c.campaign_id = $1 and c.change_number > n.pruned_through
  -- What is not counted yet stays (db/queries/tally.sql).
  left join tally_cursor t on t.campaign_id = $1
  where n.campaign_id = $1 and c.change_number <= coalesce(t.change_number, c.change_number)
  order by c.change_number
  limit $3),
bound as (
  update change_counter n set pruned_through = o.last
  from (select max(change_number) as last from oldest where change_time < $2) o
  where n.campaign_id = $1 and o.last is not null
  returning n.pruned_through)
delete from change c using bound
where c.campaign_id = $1 and c.change_number <= bound.pruned_through and c.change_number in (select change_number from oldest);
