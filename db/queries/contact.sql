-- name: find_contact_limits
-- As they hold, and until when it is quiet at $2.
select l.person_max, l.person_days, l.household_max, l.household_days, l.quiet_from, l.quiet_until, quiet_until($1, $2)
from limits_of($1) l;

-- name: set_contact_limits
insert into contact_limits (campaign_id, person_max, person_days, household_max, household_days, quiet_from, quiet_until)
values ($1, $2, $3, $4, $5, $6, $7)
on conflict (campaign_id) do update set person_max = excluded.person_max, person_days = excluded.person_days,
  household_max = excluded.household_max, household_days = excluded.household_days, quiet_from = excluded.quiet_from,
  quiet_until = excluded.quiet_until;

-- name: find_held_people
-- Those of $2 to whom nobody is to turn at $3, and until when; not those who are guests of meeting $4 already.
select p.person_id, h.until_time
from person p
cross join lateral held_back($1, p.door_id, p.person_id, null, $3) h
where p.campaign_id = $1 and p.person_id = any ($2::bigint[])
  and not exists (
    select from meeting_guest g where g.campaign_id = $1 and g.meeting_id = $4 and g.person_id = p.person_id)
order by p.person_id;

-- name: list_held_households
-- Doors to which nobody is to go at $2: how often somebody was met, called or invited, and until when.
select h.door_id, count(*),
  max(h.contact_time) filter (where h.n = h.household_max) + make_interval(days => h.household_days)
from (
  select c.door_id, c.contact_time, l.household_max, l.household_days,
    row_number() over (partition by c.door_id order by c.contact_time desc) as n
  from limits_of($1) l
  join household_contact c on c.campaign_id = $1 and c.door_id is not null
    and c.contact_time > $2::timestamptz - make_interval(days => l.household_days)) h
group by h.door_id, h.household_max, h.household_days
having count(*) >= h.household_max;

-- name: insert_cut_held_doors
insert into cut_held_door (campaign_id, cut_id, door_id, contacts, until_time)
select $1, $2, h.door_id, h.contacts, h.until_time
from unnest($3::bigint[], $4::integer[], $5::timestamptz[]) as h (door_id, contacts, until_time);

-- name: list_cut_held_doors
-- Of the cut, above door $3.
select h.door_id, a.house_number, a.street, d.unit, h.contacts, h.until_time
from cut_held_door h
join door d on d.campaign_id = $1 and d.door_id = h.door_id
join address_point a on a.campaign_id = $1 and a.address_point_id = d.address_point_id
where h.campaign_id = $1 and h.cut_id = $2 and h.door_id > $3
order by h.door_id
limit $4;

-- name: list_held_follow_ups
-- Open work of member $2 and of all below them (of everyone where $2 is 0) that is held back at $3, above id $4.
with recursive branch as (
  select m.member_id from member m where m.campaign_id = $1 and m.member_id = $2
  union all
  select m.member_id from branch b join member m on m.campaign_id = $1 and m.leader_id = b.member_id)
select f.follow_up_id, f.queue, f.owner_id, f.door_id, f.person_id, f.due_time, f.not_before, e.detail
from follow_up f
cross join lateral (
  select l.kind, l.detail from follow_up_event l
  where l.campaign_id = $1 and l.follow_up_id = f.follow_up_id
  order by l.event_id desc limit 1) e
where f.campaign_id = $1 and ($2 = 0 or f.owner_id in (select b.member_id from branch b)) and f.state = 'open'
  and f.not_before > $3 and e.kind = 'held_back' and f.follow_up_id > $4
order by f.follow_up_id
limit $5;

-- name: sum_asks_and_bonds
-- Of member $2 by themselves and of the branch of each of their direct members, since $3. Asks: what was asked of people at
-- doors. Bonds: conversations with a household that had been spoken with before, calls that reached somebody, people and
-- members who came to a meeting of the branch, trainings that were done.
with recursive branch as (
  select m.member_id, m.member_id as top from member m where m.campaign_id = $1 and m.member_id = $2
  union all
  select m.member_id, case when b.member_id = $2 then m.member_id else b.top end
  from branch b join member m on m.campaign_id = $1 and m.leader_id = b.member_id),
asked as (
  select b.top, count(*) as n
  from branch b
  join knock k on k.campaign_id = $1 and k.member_id = b.member_id and k.knock_time > $3
  join knock_ask a on a.campaign_id = $1 and a.knock_id = k.knock_id
  group by b.top),
talked as (
  select b.top, count(*) as n
  from branch b
  join standing_knock k on k.campaign_id = $1 and k.member_id = b.member_id and k.knock_time > $3 and k.result = 1
  where exists (
    select from standing_knock e
    where e.campaign_id = $1 and e.door_id = k.door_id and e.result = 1 and e.knock_time < k.knock_time)
  group by b.top),
called as (
  select b.top, count(*) as n
  from branch b
  join follow_up f on f.campaign_id = $1 and f.completed_by = b.member_id and f.complete_time > $3 and f.state = 'done'
    and f.outcome in ('reached', 'said_yes', 'said_no')
  group by b.top),
met as (
  select b.top, count(*) as n
  from branch b
  join meeting m on m.campaign_id = $1 and m.host_id = b.member_id and m.start_time > $3
  join meeting_guest g on g.campaign_id = $1 and g.meeting_id = m.meeting_id and g.attended
  group by b.top),
trained as (
  select b.top, count(*) as n
  from branch b
  join member_training t on t.campaign_id = $1 and t.member_id = b.member_id and t.complete_time > $3
  group by b.top)
select tops.top, m.display_name, coalesce(asked.n, 0), coalesce(talked.n, 0), coalesce(called.n, 0), coalesce(met.n, 0),
  coalesce(trained.n, 0)
from (select distinct top from branch) tops
join member m on m.campaign_id = $1 and m.member_id = tops.top
left join asked on asked.top = tops.top
left join talked on talked.top = tops.top
left join called on called.top = tops.top
left join met on met.top = tops.top
left join trained on trained.top = tops.top
order by tops.top <> $2, m.slot, tops.top;
