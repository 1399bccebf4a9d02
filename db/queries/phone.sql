-- name: use_enrolment_code
-- Takes an unused code and makes its phone, in one statement: of many at once the row's lock lets one through, and the
-- others then see the code used and get no row.
with code as (
  select member_id from enrolment_code
  where campaign_id = $1 and code_hash = $2 and use_time is null and expire_time > $4
  for update),
made as (
  insert into phone (campaign_id, member_id, label) select $1, member_id, $3 from code
  returning phone_id, member_id)
update enrolment_code e set use_time = $4, phone_id = made.phone_id
from made
where e.campaign_id = $1 and e.code_hash = $2
returning made.phone_id, made.member_id;

-- name: list_walk_lists_of
-- Current lists of member $2 or of their leader, with the doors that have a result, the phones that have them out at time
-- $6, and whether phone $5 is one of these.
select w.walk_list_id, w.list_number, t.door_count, t.walk_length_m,
  (select count(distinct k.door_id) from standing_knock k where k.campaign_id = $1 and k.walk_list_id = w.walk_list_id),
  (select count(*) from checkout c
   where c.campaign_id = $1 and c.walk_list_id = w.walk_list_id and c.return_time is null and c.expire_time > $6),
  exists (select from checkout c
          where c.campaign_id = $1 and c.walk_list_id = w.walk_list_id and c.phone_id = $5 and c.return_time is null
            and c.expire_time > $6)
from walk_list w
join turf t on t.campaign_id = $1 and t.turf_id = w.turf_id
where w.campaign_id = $1 and w.revoke_time is null and w.walk_list_id > $3
  and w.leader_id in (
    select unnest(array[m.member_id, m.leader_id]) from member m where m.campaign_id = $1 and m.member_id = $2)
order by w.walk_list_id
limit $4;

-- name: find_walk_list_for_phone
-- The list with number $2, as member $3 and phone $4 stand to it at time $5.
select w.walk_list_id, t.turf_id, t.number, t.door_count, w.revoke_time is not null,
  w.leader_id in (
    select unnest(array[m.member_id, m.leader_id]) from member m where m.campaign_id = $1 and m.member_id = $3),
  (select c.expire_time from checkout c
   where c.campaign_id = $1 and c.walk_list_id = w.walk_list_id and c.phone_id = $4 and c.return_time is null
     and c.expire_time > $5),
  exists (select from checkout c where c.campaign_id = $1 and c.walk_list_id = w.walk_list_id and c.phone_id = $4)
from walk_list w
join turf t on t.campaign_id = $1 and t.turf_id = w.turf_id
where w.campaign_id = $1 and w.list_number = $2;

-- name: check_out_walk_list
-- Takes the list for the phone, or renews the time it has.
insert into checkout (campaign_id, walk_list_id, phone_id, create_time, expire_time) values ($1, $2, $3, $4, $5)
on conflict (campaign_id, walk_list_id, phone_id) where return_time is null
do update set expire_time = excluded.expire_time;

-- name: return_walk_list
update checkout set return_time = $4
where campaign_id = $1 and walk_list_id = $2 and phone_id = $3 and return_time is null;

-- name: take_over_walk_list
-- Ends what other phones than $3 have out of list $2 at time $4; it is member $5 who has it now. Which phones these were.
update checkout set return_time = $4, handed_to_member_id = $5
where campaign_id = $1 and walk_list_id = $2 and phone_id <> $3 and return_time is null and expire_time > $4
returning phone_id;
