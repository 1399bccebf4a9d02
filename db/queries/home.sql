-- name: home_team
-- The team of $2 by place: names cut to $4 characters, the last day with knocks, and the sums of the days after $3.
select m.member_id, left(m.display_name, $4), m.role,
  (select count(*) from member b where b.campaign_id = $1 and b.leader_id = m.member_id),
  d.day::text, coalesce(d.doors, 0), coalesce(d.contacts, 0),
  coalesce(extract(epoch from d.last_time - d.first_time) / 60, 0)::bigint, r.doors, r.contacts
from member m
left join lateral (
  select y.day, y.doors, y.contacts, y.first_time, y.last_time from member_day y
  where y.campaign_id = $1 and y.member_id = m.member_id and y.doors > 0
  order by y.day desc
  limit 1) d on true
cross join lateral (
  select coalesce(sum(y.doors), 0)::bigint as doors, coalesce(sum(y.contacts), 0)::bigint as contacts from member_day y
  where y.campaign_id = $1 and y.member_id = m.member_id and y.day > $3::date) r
where m.campaign_id = $1 and m.leader_id = $2
order by m.slot;

-- name: home_work
-- Member $2's open follow-ups at time $3: all, overdue, due before $4.
select count(*), count(*) filter (where due_time < $3), count(*) filter (where due_time >= $3 and due_time < $4)
from follow_up
where campaign_id = $1 and owner_id = $2 and state = 'open';

-- name: home_next_work
select follow_up_id, left(queue, 40), due_time from follow_up
where campaign_id = $1 and owner_id = $2 and state = 'open'
order by due_time, follow_up_id
limit $3;

-- name: home_lists
-- Member $2's current walk lists: how far each is, which phones have it out at time $3, and how many there are in all.
select w.list_number, t.number, t.door_count,
  (select count(distinct k.door_id) from standing_knock k where k.campaign_id = $1 and k.walk_list_id = w.walk_list_id),
  (select count(*) from checkout c
   where c.campaign_id = $1 and c.walk_list_id = w.walk_list_id and c.return_time is null and c.expire_time > $3),
  w.list_count
from (
  select l.walk_list_id, l.turf_id, l.list_number, count(*) over () as list_count from walk_list l
  where l.campaign_id = $1 and l.leader_id = $2 and l.revoke_time is null
  order by l.walk_list_id
  limit $4) w
join turf t on t.campaign_id = $1 and t.turf_id = w.turf_id
order by t.number, w.list_number;
