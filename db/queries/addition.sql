-- name: find_additions
-- Which of these ids are taken, and by what.
select a.addition_id, a.content_hash
from unnest($2::uuid[]) as asked (addition_id)
join addition a on a.campaign_id = $1 and a.addition_id = asked.addition_id;

-- name: insert_additions
-- One item an addition in each array. In the order of their ids, so that two batches with the same ones wait for each other
-- and never deadlock. One that is there already is passed over and not returned.
insert into addition (campaign_id, addition_id, content_hash, walk_list_id, member_id, phone_id, door_id, house_number,
                      street, unit, position, note, phone_time, receive_time)
select $1, a.addition_id, a.content_hash, a.walk_list_id, $2, $3, a.door_id, a.house_number, a.street, a.unit,
  st_setsrid(st_makepoint(a.longitude, a.latitude), 4326), a.note, a.phone_time, $4
from unnest($5::uuid[], $6::bytea[], $7::bigint[], $8::bigint[], $9::text[], $10::text[], $11::text[],
            $12::double precision[], $13::double precision[], $14::text[], $15::timestamptz[])
  as a (addition_id, content_hash, walk_list_id, door_id, house_number, street, unit, longitude, latitude, note, phone_time)
order by a.addition_id
on conflict (campaign_id, addition_id) do nothing
returning addition_id;

-- name: insert_addition_people
-- One item a person in each array.
insert into addition_person (campaign_id, addition_id, ordinal, first_name, last_name, phone, email)
select $1, p.addition_id, p.ordinal, p.first_name, p.last_name, p.phone, p.email
from unnest($2::uuid[], $3::integer[], $4::text[], $5::text[], $6::text[], $7::text[])
  as p (addition_id, ordinal, first_name, last_name, phone, email);

-- name: list_additions
-- Additions after number $4, in the order in which they came: of member $2 and everyone below (of all where it is 0); where
-- $3 is set only those that nobody has judged.
with recursive branch as (
  select m.member_id from member m where m.campaign_id = $1 and m.member_id = $2
  union all
  select m.member_id from branch b join member m on m.campaign_id = $1 and m.leader_id = b.member_id)
select a.addition_number, a.addition_id, a.member_id, a.phone_id, w.list_number, a.door_id is null,
  coalesce(a.door_id, j.door_id, 0), coalesce(p.house_number, a.house_number), coalesce(p.street, a.street),
  coalesce(o.unit, a.unit), st_x(coalesce(a.position, p.position)), st_y(coalesce(a.position, p.position)),
  a.note, a.phone_time, a.receive_time,
  coalesce((
    select min(st_distancesphere(a.position, np.position))
    from turf_door n
    join door nd on nd.campaign_id = $1 and nd.door_id = n.door_id
    join address_point np on np.campaign_id = $1 and np.address_point_id = nd.address_point_id
    where n.campaign_id = $1 and n.turf_id = w.turf_id and a.position is not null), 0),
  coalesce(j.verdict, ''), coalesce(j.reason, ''), coalesce(j.member_id, 0), j.judge_time,
  found.first_names, found.last_names, found.phones, found.emails, found.known
from addition a
join walk_list w on w.campaign_id = $1 and w.walk_list_id = a.walk_list_id
left join addition_judgement j on j.campaign_id = $1 and j.addition_id = a.addition_id
left join door o on o.campaign_id = $1 and o.door_id = a.door_id
left join address_point p on p.campaign_id = $1 and p.address_point_id = o.address_point_id
cross join lateral (
  select coalesce(array_agg(f.first_name order by f.ordinal), '{}') as first_names,
    coalesce(array_agg(f.last_name order by f.ordinal), '{}') as last_names,
    coalesce(array_agg(f.phone order by f.ordinal), '{}') as phones,
    coalesce(array_agg(f.email order by f.ordinal), '{}') as emails,
    coalesce(array_agg(coalesce((
      select min(k.person_id) from person k
      where k.campaign_id = $1 and k.door_id = a.door_id and lower(k.first_name) = lower(f.first_name)
        and lower(k.last_name) = lower(f.last_name)
        and (k.addition_id, k.addition_ordinal) is distinct from (f.addition_id, f.ordinal)), 0) order by f.ordinal),
      '{}') as known
  from addition_person f
  where f.campaign_id = $1 and f.addition_id = a.addition_id) found
where a.campaign_id = $1 and a.addition_number > $4
  and ($2 = 0 or a.member_id in (select b.member_id from branch b))
  and (not $3::boolean or j.addition_id is null)
order by a.addition_number
limit $5;

-- name: find_addition_to_judge
select a.member_id, a.walk_list_id, coalesce(a.door_id, 0), a.house_number, a.street, a.unit, coalesce(j.verdict, ''),
  coalesce(j.door_id, 0), coalesce(j.turf_id, 0)
from addition a
left join addition_judgement j on j.campaign_id = $1 and j.addition_id = a.addition_id
where a.campaign_id = $1 and a.addition_id = $2;

-- name: lock_addition
-- Of two who judge at the same moment one waits.
select addition_id from addition where campaign_id = $1 and addition_id = $2 for no key update;

-- name: insert_addition_judgement
insert into addition_judgement (campaign_id, addition_id, verdict, reason, member_id, judge_time, door_id, turf_id)
values ($1, $2, $3, $4, $5, $6, $7, $8);

-- name: find_point_of_addition
-- The address point that a found door stands at: one of the same address within 200 m, the nearest.
select p.address_point_id
from addition a
join address_point p on p.campaign_id = $1 and p.street_key = $3 and p.number_key = $4
where a.campaign_id = $1 and a.addition_id = $2 and st_distancesphere(p.position, a.position) <= 200
order by st_distancesphere(p.position, a.position), p.address_point_id
limit 1;

-- name: insert_found_point
-- Town and postal code are those of the nearest door of the list's turf.
insert into address_point (campaign_id, dataset, row_key, house_number, street, street_key, number_key, city, postal_code,
                           position)
select $1, 'field', a.addition_id::text, a.house_number, a.street, $3, $4, coalesce(near.city, ''),
  coalesce(near.postal_code, ''), a.position
from addition a
join walk_list w on w.campaign_id = $1 and w.walk_list_id = a.walk_list_id
left join lateral (
  select p.city, p.postal_code
  from turf_door d
  join door o on o.campaign_id = $1 and o.door_id = d.door_id
  join address_point p on p.campaign_id = $1 and p.address_point_id = o.address_point_id
  where d.campaign_id = $1 and d.turf_id = w.turf_id
  order by st_distancesphere(p.position, a.position), p.address_point_id
  limit 1) near on true
where a.campaign_id = $1 and a.addition_id = $2
returning address_point_id;

-- name: insert_found_door
-- No row: the address has this unit already.
insert into door (campaign_id, address_point_id, unit, unit_key)
values ($1, $2, $3, $4)
on conflict (campaign_id, address_point_id, unit_key) do nothing
returning door_id;

-- name: find_turf_for_addition
-- The live turf that a found door belongs to: that of its list, or where that has gone the one with the nearest door of the
-- same pass.
select t.turf_id, t.cut_id, t.pass_id, t.number
from addition a
join walk_list w on w.campaign_id = $1 and w.walk_list_id = a.walk_list_id
join turf was on was.campaign_id = $1 and was.turf_id = w.turf_id
cross join lateral (
  (select 0 as rank, l.turf_id from turf l where l.campaign_id = $1 and l.turf_id = was.turf_id and l.live)
  union all
  (select 1, d.turf_id
   from turf_door d
   join door o on o.campaign_id = $1 and o.door_id = d.door_id
   join address_point p on p.campaign_id = $1 and p.address_point_id = o.address_point_id
   where d.campaign_id = $1 and d.pass_id = was.pass_id and d.live and not was.live
   order by st_distancesphere(p.position, a.position), d.turf_id
   limit 1)
  order by rank
  limit 1) chosen
join turf t on t.campaign_id = $1 and t.turf_id = chosen.turf_id
where a.campaign_id = $1 and a.addition_id = $2;

-- name: set_found_door_aside
-- The door is of the turf's cut and in none of its turfs yet. One more door of the cut, and the number of the edit that
-- says so: those who have the cut in memory look again.
with counted as (
  update cut set edit_count = edit_count + 1, door_count = door_count + 1
  where campaign_id = $1 and cut_id = $2
  returning edit_count, pass_id),
edit as (
  insert into turf_edit (campaign_id, cut_id, edit_number, kind, member_id, request_id)
  select $1, $2, counted.edit_count, 'add', $5, $6 from counted)
insert into turf_door (campaign_id, cut_id, pass_id, live, turf_id, door_id, sequence, aside_turf_id, aside_reason)
select $1, $2, counted.pass_id, false, null, $4, 1, $3, 'found in the field' from counted;

-- name: insert_found_people
-- The people of addition $2 come to live behind door $3; where nobody is to be met there, nor are they.
insert into person (campaign_id, dataset, row_key, external_id, first_name, last_name, address_line, street_key, number_key,
                    unit_key, city, postal_code, phone, email, do_not_contact, door_id, addition_id, addition_ordinal)
select $1, 'field', f.addition_id || '/' || f.ordinal, 'field:' || f.addition_id || '/' || f.ordinal, f.first_name,
  f.last_name, concat_ws(' ', p.house_number, p.street, nullif(o.unit, '')), p.street_key, p.number_key, o.unit_key, p.city,
  p.postal_code, f.phone, f.email, o.do_not_contact, o.door_id, f.addition_id, f.ordinal
from addition_person f
join door o on o.campaign_id = $1 and o.door_id = $3
join address_point p on p.campaign_id = $1 and p.address_point_id = o.address_point_id
where f.campaign_id = $1 and f.addition_id = $2
order by f.ordinal;

-- name: list_people_of_addition
select person_id from person where campaign_id = $1 and addition_id = $2 order by addition_ordinal;

-- name: find_turf_number
select cut_id, number from turf where campaign_id = $1 and turf_id = $2;

-- name: is_set_aside
select exists (
  select from turf_door where campaign_id = $1 and cut_id = $2 and door_id = $3 and turf_id is null);

-- name: list_lists_with_door
-- The lists that a phone has out, or may take out, and that have the door.
select w.walk_list_id
from walk_list w
where w.campaign_id = $1 and w.revoke_time is null
  and exists (select from turf_door d where d.campaign_id = $1 and d.turf_id = w.turf_id and d.door_id = $2)
union
select w.walk_list_id
from checkout c
join walk_list w on w.campaign_id = $1 and w.walk_list_id = c.walk_list_id
where c.campaign_id = $1 and c.return_time is null
  and (exists (select from turf_door d where d.campaign_id = $1 and d.turf_id = w.turf_id and d.door_id = $2)
    or exists (select from turf_version v
               where v.campaign_id = $1 and v.turf_id = w.turf_id and v.version = w.turf_version
                 and $2 = any (v.door_ids)))
order by walk_list_id;
