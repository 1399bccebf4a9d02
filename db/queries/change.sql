-- name: append_changes
-- Numbers the changes in commit order: the counter's row is locked until the transaction ends, so nobody commits a lower
-- number later. Run it last.
with counter as (
  update change_counter set last_change = last_change + cardinality($2::text[])
  where campaign_id = $1
  returning last_change - cardinality($2::text[]) as before)
insert into change (campaign_id, change_number, kind, walk_list_id, door_id, knock_id)
select $1, counter.before + c.ordinal, c.kind, c.walk_list_id, c.door_id, c.knock_id
from counter, unnest($2::text[], $3::bigint[], $4::bigint[], $5::uuid[])
  with ordinality as c(kind, walk_list_id, door_id, knock_id, ordinal);

-- name: change_bounds
-- The last number given out, and the one below the oldest change that is kept.
select n.last_change, coalesce((select min(c.change_number) - 1 from change c where c.campaign_id = $1), n.last_change)
from change_counter n where n.campaign_id = $1;

-- name: list_changes
-- What happened after change $4 on the lists that phone $2 has out (all of them, or only list $3). A change at a door says
-- what the door is now, as list_doors_to_walk does: knocks arrive in any order, and the last to come is not always the last
-- that was made. Whom a do-not-contact names stands in its knock.
select c.change_number, c.kind, w.list_number, c.door_id, last.result, last.knock_time,
  coalesce((
    select array_agg(distinct named.person_id)
    from (
      select r.person_id from knock_response r where r.campaign_id = $1 and r.knock_id = c.knock_id
      union all
      select a.person_id from knock_ask a where a.campaign_id = $1 and a.knock_id = c.knock_id) named
    where c.kind = 'do_not_contact' and named.person_id is not null), '{}')
from change c
join walk_list w on w.campaign_id = $1 and w.walk_list_id = c.walk_list_id
join turf t on t.campaign_id = $1 and t.turf_id = w.turf_id
left join lateral (
  select k.result, k.knock_time
  from knock k
  join walk_list kw on kw.campaign_id = $1 and kw.walk_list_id = k.walk_list_id
  join turf kt on kt.campaign_id = $1 and kt.turf_id = kw.turf_id and kt.pass_id = t.pass_id
  where k.campaign_id = $1 and k.door_id = c.door_id and not exists (
    select from knock other where other.campaign_id = $1 and other.door_id = k.door_id
      and other.corrects_knock_id = k.knock_id)
  order by k.knock_time desc, k.receive_time desc, k.knock_id
  limit 1) last on true
where c.campaign_id = $1 and c.change_number > $4
  and c.walk_list_id in (
    select o.walk_list_id from checkout o
    where o.campaign_id = $1 and o.phone_id = $2 and o.return_time is null and ($3::bigint = 0 or o.walk_list_id = $3))
order by c.change_number
limit $5;
