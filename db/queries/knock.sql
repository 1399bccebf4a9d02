-- name: find_knocks
-- Which of these ids are taken, by what, and at which door.
select k.knock_id, k.content_hash, k.door_id
from unnest($2::uuid[]) as asked(knock_id)
join knock k on k.campaign_id = $1 and k.knock_id = asked.knock_id;

-- name: find_lists_in_hand
-- Which of these list numbers the phone beside each may send results for, by the place of the pair: the member's own lists
-- and their leader's, and any that one of the member's phones ever had out; on paper, any. Late: revoked, or not (any more) out
-- on this phone at time $5. `offset 0` keeps both look-ups in checkout one by one: as a hash they would read all that was ever out.
select asked.ordinal, w.walk_list_id, w.turf_id, w.create_time,
  w.revoke_time is not null or not asked.on_paper and not exists (
    select from checkout c
    where c.campaign_id = $1 and c.walk_list_id = w.walk_list_id and c.phone_id = asked.phone_id and c.return_time is null
      and c.expire_time > $5
    offset 0)
from unnest($2::text[], $3::bigint[], $4::bigint[], $6::boolean[]) with ordinality
  as asked(list_number, member_id, phone_id, on_paper, ordinal)
join walk_list w on w.campaign_id = $1 and w.list_number = asked.list_number
where asked.on_paper or w.leader_id in (
    select unnest(array[m.member_id, m.leader_id]) from member m
    where m.campaign_id = $1 and m.member_id = asked.member_id)
  or exists (
    select from checkout c join phone p on p.campaign_id = $1 and p.phone_id = c.phone_id
    where c.campaign_id = $1 and c.walk_list_id = w.walk_list_id and p.member_id = asked.member_id
    offset 0);

-- name: find_doors_of_lists
-- Which of these pairs of walk list and door hold: the door is in the list's turf, or was in the version of the turf that
-- the list was made of.
select asked.walk_list_id, asked.door_id
from unnest($2::bigint[], $3::bigint[]) as asked(walk_list_id, door_id)
join walk_list w on w.campaign_id = $1 and w.walk_list_id = asked.walk_list_id
join turf t on t.campaign_id = $1 and t.turf_id = w.turf_id
where exists (
    select from turf_door d
    where d.campaign_id = $1 and d.cut_id = t.cut_id and d.door_id = asked.door_id and d.turf_id = t.turf_id)
  or exists (
    select from turf_version v
    where v.campaign_id = $1 and v.turf_id = w.turf_id and v.version = w.turf_version
      and asked.door_id = any (v.door_ids));

-- name: find_people_at_doors
-- Which of these pairs of door and person hold.
select asked.door_id, asked.person_id
from unnest($2::bigint[], $3::bigint[]) as asked(door_id, person_id)
join person p on p.campaign_id = $1 and p.person_id = asked.person_id and p.door_id = asked.door_id;

-- name: lock_doors_shared
-- Holds off a do-not-contact of these doors until the transaction ends.
select door_id from door where campaign_id = $1 and door_id = any($2::bigint[]) order by door_id for share;

-- name: lock_doors
-- Waits for every batch that is at work at these doors, and holds others off.
select door_id from door where campaign_id = $1 and door_id = any($2::bigint[]) order by door_id for no key update;

-- name: insert_knocks
-- In the order of their ids, so that two batches with the same knocks wait for each other and never deadlock. A knock
-- that is there already is passed over and not returned.
insert into knock (campaign_id, knock_id, content_hash, door_id, walk_list_id, member_id, phone_id, result, language,
                   note, corrects_knock_id, phone_time, boot_id, monotonic_ms, running_number, position, accuracy_m,
                   receive_time, knock_time, flags, script_id)
select $1, k.knock_id, k.content_hash, k.door_id, k.walk_list_id, k.member_id, k.phone_id, k.result, k.language, k.note,
  k.corrects_knock_id, k.phone_time, k.boot_id, k.monotonic_ms, k.running_number,
  st_setsrid(st_makepoint(k.longitude, k.latitude), 4326), k.accuracy_m, $2, k.knock_time,
  case when k.flags = '' then '{}' else string_to_array(k.flags, ',') end, k.script_id
from unnest($3::bigint[], $4::bigint[], $5::uuid[], $6::bytea[], $7::bigint[], $8::bigint[], $9::integer[], $10::text[],
            $11::text[], $12::uuid[], $13::timestamptz[], $14::text[], $15::bigint[], $16::bigint[],
            $17::double precision[], $18::double precision[], $19::double precision[], $20::timestamptz[], $21::text[],
            $22::bigint[])
  as k(member_id, phone_id, knock_id, content_hash, door_id, walk_list_id, result, language, note, corrects_knock_id,
       phone_time, boot_id, monotonic_ms, running_number, longitude, latitude, accuracy_m, knock_time, flags, script_id)
order by k.knock_id
on conflict (campaign_id, knock_id) do nothing
returning knock_id;

-- name: insert_responses
insert into knock_response (campaign_id, knock_id, ordinal, person_id, question, answer, off_script)
select $1, r.knock_id, r.ordinal, r.person_id, r.question, r.answer, r.off_script
from unnest($2::uuid[], $3::integer[], $4::bigint[], $5::text[], $6::text[], $7::boolean[])
  as r(knock_id, ordinal, person_id, question, answer, off_script);

-- name: insert_asks
insert into knock_ask (campaign_id, knock_id, ordinal, person_id, ask, answer, meeting_id)
select $1, a.knock_id, a.ordinal, a.person_id, a.ask, a.answer, a.meeting_id
from unnest($2::uuid[], $3::integer[], $4::bigint[], $5::integer[], $6::integer[], $7::bigint[])
  as a(knock_id, ordinal, person_id, ask, answer, meeting_id);

-- name: insert_conflicts
insert into knock_conflict (campaign_id, knock_id, content_hash, content, member_id, phone_id, receive_time)
select $1, c.knock_id, c.content_hash, c.content, c.member_id, c.phone_id, $2
from unnest($3::bigint[], $4::bigint[], $5::uuid[], $6::bytea[], $7::bytea[])
  as c(member_id, phone_id, knock_id, content_hash, content)
order by c.knock_id, c.content_hash
on conflict (campaign_id, knock_id, content_hash) do nothing;

-- name: mark_people_do_not_contact
-- The people that these do-not-contact knocks name, or all at the door where a knock names nobody.
with said as (
  select k.knock_id, k.door_id from knock k where k.campaign_id = $1 and k.knock_id = any($2::uuid[])),
named as (
  select r.knock_id, r.person_id from knock_response r
  where r.campaign_id = $1 and r.knock_id = any($2::uuid[]) and r.person_id is not null
  union
  select a.knock_id, a.person_id from knock_ask a
  where a.campaign_id = $1 and a.knock_id = any($2::uuid[]) and a.person_id is not null)
update person p set do_not_contact = true
where p.campaign_id = $1 and not p.do_not_contact
  and p.person_id in (
    select n.person_id from named n
    union
    select q.person_id from said s join person q on q.campaign_id = $1 and q.door_id = s.door_id
    where not exists (select from named n where n.knock_id = s.knock_id));

-- name: mark_doors_do_not_contact
-- The doors of those of these do-not-contact knocks that name nobody: the household.
update door d set do_not_contact = true
from knock k
where d.campaign_id = $1 and k.campaign_id = $1 and k.knock_id = any($2::uuid[]) and d.door_id = k.door_id
  and not d.do_not_contact
  and not exists (
    select from knock_response r
    where r.campaign_id = $1 and r.knock_id = k.knock_id and r.person_id is not null)
  and not exists (
    select from knock_ask a where a.campaign_id = $1 and a.knock_id = k.knock_id and a.person_id is not null);

-- name: list_change_targets
-- The changes that these knocks are to phones: of each the list it was sent for, and the current list of the same pass
-- that has the door; after a do-not-contact (result 14) every current list with the door.
with said as (
  select a.ordinal, k.knock_id, k.door_id, k.walk_list_id, k.result, t.pass_id
  from unnest($2::uuid[]) with ordinality as a(knock_id, ordinal)
  join knock k on k.campaign_id = $1 and k.knock_id = a.knock_id
  join walk_list w on w.campaign_id = $1 and w.walk_list_id = k.walk_list_id
  join turf t on t.campaign_id = $1 and t.turf_id = w.turf_id),
current as (
  select s.ordinal, s.knock_id, s.door_id, s.result, w.walk_list_id, d.pass_id = s.pass_id as same_pass
  from said s
  join pass p on p.campaign_id = $1
  join turf_door d on d.campaign_id = $1 and d.pass_id = p.pass_id and d.door_id = s.door_id and d.live
  join walk_list w on w.campaign_id = $1 and w.turf_id = d.turf_id and w.revoke_time is null)
select 1 as kind, s.ordinal, s.walk_list_id, s.door_id, s.knock_id from said s
union
select 1, c.ordinal, c.walk_list_id, c.door_id, c.knock_id from current c where c.same_pass
union
select 2, s.ordinal, s.walk_list_id, s.door_id, s.knock_id from said s where s.result = 14
union
select 2, c.ordinal, c.walk_list_id, c.door_id, c.knock_id from current c where c.result = 14
order by ordinal, kind, walk_list_id;
