-- name: list_doors_to_walk
-- The doors of turf $2 in walking order, with what came of the last knock there in this pass that stands.
select d.door_id, d.sequence, a.house_number, a.street, o.unit, st_x(a.position), st_y(a.position), o.do_not_contact,
  last.result, exists (select from voted_door v where v.campaign_id = $1 and v.door_id = d.door_id)
from turf_door d
join door o on o.campaign_id = $1 and o.door_id = d.door_id
join address_point a on a.campaign_id = $1 and a.address_point_id = o.address_point_id
left join lateral (
  select k.result
  from standing_knock k
  join walk_list w on w.campaign_id = $1 and w.walk_list_id = k.walk_list_id
  join turf t on t.campaign_id = $1 and t.turf_id = w.turf_id and t.pass_id = d.pass_id
  where k.campaign_id = $1 and k.door_id = d.door_id
  order by k.knock_time desc, k.receive_time desc, k.knock_id
  limit 1) last on true
where d.campaign_id = $1 and d.turf_id = $2
order by d.sequence;

-- name: list_people_to_meet
-- The people behind the doors of turf $2 that may be contacted and have not voted, by door and name.
select p.door_id, p.person_id, p.first_name, p.last_name, p.birth_year, p.party
from turf_door d
join door o on o.campaign_id = $1 and o.door_id = d.door_id and not o.do_not_contact
join person p on p.campaign_id = $1 and p.door_id = d.door_id and not p.do_not_contact
  and p.voted_day is null
where d.campaign_id = $1 and d.turf_id = $2
order by p.door_id, p.last_name, p.first_name, p.person_id;

-- name: walk_of_turf
select st_asewkb(walk) from turf where campaign_id = $1 and turf_id = $2;

-- name: find_replaced_list
-- The list in whose place list $2 came, the doors that came with it and the doors that left. An edit has kept the old
-- doors as a version of the turf; a new cut has left them with the old turf.
select o.list_number,
  array(select d.door_id from turf_door d
        where d.campaign_id = $1 and d.turf_id = w.turf_id and not d.door_id = any (old.door_ids)
        order by d.sequence),
  array(select gone.door_id from unnest(old.door_ids) as gone (door_id)
        where not exists (select from turf_door d
                          where d.campaign_id = $1 and d.cut_id = t.cut_id and d.door_id = gone.door_id
                            and d.turf_id = w.turf_id))
from walk_list w
join turf t on t.campaign_id = $1 and t.turf_id = w.turf_id
join walk_list o on o.campaign_id = $1 and o.walk_list_id = w.replaces_walk_list_id
cross join lateral (
  select coalesce(
    (select v.door_ids from turf_version v
     where v.campaign_id = $1 and v.turf_id = o.turf_id and v.version = o.turf_version),
    array(select d.door_id from turf_door d
          where d.campaign_id = $1 and d.turf_id = o.turf_id order by d.sequence)) as door_ids) old
where w.campaign_id = $1 and w.walk_list_id = $2;

-- name: cut_to_count_exists
select exists (select from cut where campaign_id = $1 and cut_id = $2);

-- name: count_results
-- Knocks that stand by result, of cut $2 or of all where it is 0.
select k.result, count(*)
from standing_knock k
join walk_list w on w.campaign_id = $1 and w.walk_list_id = k.walk_list_id
join turf t on t.campaign_id = $1 and t.turf_id = w.turf_id
where k.campaign_id = $1 and ($2::bigint = 0 or t.cut_id = $2)
group by k.result
order by k.result;

-- name: count_canvass
-- Doors with a knock that stands, conflicts, open and done follow-ups, of cut $2 or of all where it is 0.
with knocked as (
  select k.knock_id, k.door_id
  from knock k
  join walk_list w on w.campaign_id = $1 and w.walk_list_id = k.walk_list_id
  join turf t on t.campaign_id = $1 and t.turf_id = w.turf_id
  where k.campaign_id = $1 and ($2::bigint = 0 or t.cut_id = $2))
select
  (select count(distinct k.door_id) from knocked k join standing_knock s on s.campaign_id = $1 and s.knock_id = k.knock_id),
  (select count(*) from knock_conflict c join knocked k on k.knock_id = c.knock_id where c.campaign_id = $1),
  (select count(*) from follow_up f join knocked k on k.knock_id = f.knock_id
   where f.campaign_id = $1 and f.state = 'open'),
  (select count(*) from follow_up f join knocked k on k.knock_id = f.knock_id
   where f.campaign_id = $1 and f.state = 'done');
