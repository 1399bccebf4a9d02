-- name: insert_meeting
insert into meeting (campaign_id, kind, title, host_id, place, start_time, end_time, time_zone, capacity, module, update_time,
                     request_id)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, nullif($10, ''), $11, $12)
returning meeting_id;

-- name: find_meeting_by_request
select meeting_id from meeting where campaign_id = $1 and request_id = $2;

-- name: update_meeting
-- Those who have a place keep it: a capacity below the highest place is refused (meeting_guest_place_ck).
update meeting
set title = $3, host_id = $4, place = $5, start_time = $6, end_time = $7, time_zone = $8, capacity = $9,
    state = case when $10 then 'cancelled' else state end, sequence = sequence + 1, update_time = $11
where campaign_id = $1 and meeting_id = $2;

-- name: find_meeting
select m.meeting_id, m.kind, m.title, m.host_id, m.place, m.start_time, m.end_time, m.time_zone, m.capacity,
  coalesce(m.module, ''), m.state, m.sequence, m.update_time,
  (select count(*) from meeting_guest g where g.campaign_id = $1 and g.meeting_id = $2 and g.place is not null),
  (select count(*) from meeting_guest g
   where g.campaign_id = $1 and g.meeting_id = $2 and g.answer = 'yes' and g.place is null)
from meeting m
where m.campaign_id = $1 and m.meeting_id = $2;

-- name: lock_meeting
-- Answers to one meeting are one at a time.
select meeting_id from meeting where campaign_id = $1 and meeting_id = $2 for no key update;

-- name: list_meetings
-- Hosted by $2 or someone of their team, or with $2 among the guests; not over at $3 and after ($4, $5), soonest first.
select m.meeting_id, m.kind, m.title, m.host_id, m.place, m.start_time, m.end_time, m.time_zone, m.capacity,
  coalesce(m.module, ''), m.state, m.sequence, m.update_time,
  (select count(*) from meeting_guest g where g.campaign_id = $1 and g.meeting_id = m.meeting_id and g.place is not null),
  (select count(*) from meeting_guest g
   where g.campaign_id = $1 and g.meeting_id = m.meeting_id and g.answer = 'yes' and g.place is null)
from (
  select h.meeting_id from member o join meeting h on h.campaign_id = $1 and h.host_id = o.member_id
  where o.campaign_id = $1 and (o.member_id = $2 or o.leader_id = $2)
  union
  select g.meeting_id from meeting_guest g where g.campaign_id = $1 and g.member_id = $2) mine
join meeting m on m.campaign_id = $1 and m.meeting_id = mine.meeting_id
where m.end_time > $3 and m.state <> 'cancelled' and (m.start_time, m.meeting_id) > ($4, $5)
order by m.start_time, m.meeting_id
limit $6;

-- name: list_guests
-- Above id $3.
select g.guest_id, g.member_id, g.person_id, coalesce(m.display_name, ''), g.answer, coalesce(g.place, 0), g.attended
from meeting_guest g
left join member m on m.campaign_id = $1 and m.member_id = g.member_id
where g.campaign_id = $1 and g.meeting_id = $2 and g.guest_id > $3
order by g.guest_id
limit $4;

-- name: is_guest
select exists (select from meeting_guest where campaign_id = $1 and meeting_id = $2 and member_id = $3);

-- name: invite_members
insert into meeting_guest (campaign_id, meeting_id, capacity, member_id)
select $1, m.meeting_id, m.capacity, g.member_id
from meeting m cross join unnest($3::bigint[]) as g (member_id)
where m.campaign_id = $1 and m.meeting_id = $2
on conflict do nothing;

-- name: invite_people
-- Who is not to be contacted is not invited.
insert into meeting_guest (campaign_id, meeting_id, capacity, person_id)
select $1, m.meeting_id, m.capacity, p.person_id
from meeting m cross join person p
where m.campaign_id = $1 and m.meeting_id = $2 and p.campaign_id = $1 and p.person_id = any ($3::bigint[])
  and not p.do_not_contact
on conflict do nothing;

-- name: people_to_invite
-- Which of $2 may be contacted.
select person_id from person where campaign_id = $1 and person_id = any ($2::bigint[]) and not do_not_contact;

-- name: answer_invitation
-- The answer of guest $3 or person $4 at time $6. A yes keeps the place that it has.
update meeting_guest g
set answer = $5, answer_time = case when g.answer = $5 then g.answer_time else $6 end,
    place = case when $5 = 'yes' then g.place end, follow_up_id = coalesce($7, g.follow_up_id), knock_id = null
where g.campaign_id = $1 and g.meeting_id = $2 and (g.member_id = $3 or g.person_id = $4)
returning g.guest_id;

-- name: give_places
-- The free places to those who said yes and wait, in the order of their answers. Within lock_meeting.
with free as (
  select s.place, row_number() over (order by s.place) as n
  from meeting m cross join generate_series(1, m.capacity) as s (place)
  where m.campaign_id = $1 and m.meeting_id = $2
    and not exists (
      select from meeting_guest g where g.campaign_id = $1 and g.meeting_id = $2 and g.place = s.place)),
waiting as (
  select g.guest_id, row_number() over (order by g.answer_time, g.guest_id) as n
  from meeting_guest g
  where g.campaign_id = $1 and g.meeting_id = $2 and g.answer = 'yes' and g.place is null)
update meeting_guest g set place = f.place
from waiting w join free f on f.n = w.n
where g.campaign_id = $1 and g.guest_id = w.guest_id;

-- name: take_attendance
-- Guests $3 came, the others did not.
update meeting_guest set attended = guest_id = any ($3::bigint[])
where campaign_id = $1 and meeting_id = $2 and (attended is null or attended <> (guest_id = any ($3::bigint[])));

-- name: hold_meeting
update meeting set state = 'held' where campaign_id = $1 and meeting_id = $2 and state = 'planned';

-- name: members_who_came
select member_id from meeting_guest
where campaign_id = $1 and meeting_id = $2 and attended and member_id is not null
order by member_id;

-- name: next_meeting
-- The next that member $2 hosts or is invited to and has not declined, not over at $3.
select m.meeting_id, left(m.title, 40), m.start_time, m.time_zone, m.capacity,
  (select count(*) from meeting_guest g where g.campaign_id = $1 and g.meeting_id = m.meeting_id and g.place is not null),
  (select count(*) from meeting_guest g
   where g.campaign_id = $1 and g.meeting_id = m.meeting_id and g.answer = 'yes' and g.place is null)
from (
  select h.meeting_id from meeting h where h.campaign_id = $1 and h.host_id = $2 and h.end_time > $3
  union
  select g.meeting_id from meeting_guest g where g.campaign_id = $1 and g.member_id = $2 and g.answer <> 'no') mine
join meeting m on m.campaign_id = $1 and m.meeting_id = mine.meeting_id
where m.end_time > $3 and m.state = 'planned'
order by m.start_time, m.meeting_id
limit 1;

-- name: find_meetings
select meeting_id from meeting where campaign_id = $1 and meeting_id = any ($2::bigint[]);

-- name: lock_meetings_of_knocks
-- Those that the asks of these knocks name, in one order for all.
select m.meeting_id from meeting m
where m.campaign_id = $1 and m.meeting_id in (
  select a.meeting_id from knock_ask a
  where a.campaign_id = $1 and a.knock_id = any ($2::uuid[]) and a.meeting_id is not null)
order by m.meeting_id
for no key update;

-- name: answer_at_doors
-- What the people whom these knocks asked have last said at a door, in the knocks that stand, becomes their answer, unless
-- they have said otherwise elsewhere since. Who has said nothing that stands is invited as before. Within
-- lock_meetings_of_knocks.
with asked as materialized (
  select distinct a.meeting_id, a.person_id from knock_ask a
  where a.campaign_id = $1 and a.knock_id = any ($2::uuid[]) and a.meeting_id is not null),
said as materialized (
  select asked.meeting_id, asked.person_id, last.knock_id, last.knock_time, last.answer
  from asked
  left join lateral (
    select k.knock_id, k.knock_time, a.answer
    from knock_ask a
    join standing_knock k on k.campaign_id = $1 and k.knock_id = a.knock_id
    where a.campaign_id = $1 and a.meeting_id = asked.meeting_id and a.person_id = asked.person_id
    order by k.knock_time desc, k.knock_id desc
    limit 1) last on true),
taken_back as (
  update meeting_guest g set answer = 'invited', answer_time = null, place = null, knock_id = null
  from said
  where said.knock_id is null and g.campaign_id = $1 and g.meeting_id = said.meeting_id and g.person_id = said.person_id
    and g.knock_id is not null and g.attended is null)
insert into meeting_guest as g (campaign_id, meeting_id, capacity, person_id, answer, answer_time, knock_id)
select $1, m.meeting_id, m.capacity, said.person_id,
  case said.answer when 1 then 'yes' when 2 then 'maybe' else 'no' end, said.knock_time, said.knock_id
from said
join meeting m on m.campaign_id = $1 and m.meeting_id = said.meeting_id and m.state = 'planned'
join person p on p.campaign_id = $1 and p.person_id = said.person_id and not p.do_not_contact
where said.knock_id is not null
on conflict (campaign_id, meeting_id, person_id) where person_id is not null do update
set answer = excluded.answer, answer_time = excluded.answer_time, knock_id = excluded.knock_id,
    place = case when excluded.answer = 'yes' then g.place end
where g.attended is null and g.knock_id is distinct from excluded.knock_id
  and (g.knock_id is not null or g.answer_time is null or g.answer_time < excluded.answer_time);

-- name: people_not_to_contact_at
-- Behind the doors of these knocks.
select p.person_id from knock k join person p on p.campaign_id = $1 and p.door_id = k.door_id and p.do_not_contact
where k.campaign_id = $1 and k.knock_id = any ($2::uuid[])
order by p.person_id;

-- name: lock_meetings_to_come_of_people
select m.meeting_id from meeting m
where m.campaign_id = $1 and m.state = 'planned' and m.meeting_id in (
  select g.meeting_id from meeting_guest g where g.campaign_id = $1 and g.person_id = any ($2::bigint[]))
order by m.meeting_id
for no key update;

-- name: lock_meetings_to_come_of_member
select m.meeting_id from meeting m
where m.campaign_id = $1 and m.state = 'planned' and m.meeting_id in (
  select g.meeting_id from meeting_guest g where g.campaign_id = $1 and g.member_id = $2)
order by m.meeting_id
for no key update;

-- name: uninvite_people
delete from meeting_guest
where campaign_id = $1 and meeting_id = any ($2::bigint[]) and person_id = any ($3::bigint[]);

-- name: uninvite_member
delete from meeting_guest where campaign_id = $1 and meeting_id = any ($2::bigint[]) and member_id = $3;

-- name: hand_over_meetings
-- What $2 was to host, $3 hosts.
update meeting set host_id = $3, sequence = sequence + 1, update_time = $4
where campaign_id = $1 and host_id = $2 and state = 'planned';

-- name: meetings_to_offer
-- To come after $3, hosted by the leader of the walk list $2 or someone of their team, soonest first.
select m.meeting_id, m.title, m.place, m.start_time, m.time_zone,
  m.capacity - (select count(*) from meeting_guest g
                where g.campaign_id = $1 and g.meeting_id = m.meeting_id and g.place is not null)
from walk_list w
join member h on h.campaign_id = $1 and (h.member_id = w.leader_id or h.leader_id = w.leader_id)
join meeting m on m.campaign_id = $1 and m.host_id = h.member_id and m.start_time > $3
where w.campaign_id = $1 and w.walk_list_id = $2 and m.state = 'planned'
order by m.start_time, m.meeting_id
limit $4;
