-- name: last_campaign
-- The highest campaign id given out; 0 where there is none.
select coalesce(pg_sequence_last_value('campaign_campaign_id_seq'), 0);

-- name: fold_is_due
-- Whether there is something to count: changes, touched members, or overdue work not looked for since $2. No row: no such
-- campaign.
select c.fold_time is null or n.last_change > c.change_number or c.overdue_time < $2
  or exists (select from tree_touch t where t.campaign_id = $1)
from change_counter n
left join tally_cursor c on c.campaign_id = n.campaign_id
where n.campaign_id = $1;

-- name: has_tally
select exists (select from tally_cursor where campaign_id = $1);

-- name: start_tally
-- The campaign's first fold counts everybody. Within lock_moves: each touch holds its member's row.
with made as (
  insert into tally_cursor (campaign_id) values ($1) on conflict (campaign_id) do nothing returning campaign_id)
insert into tree_touch (campaign_id, member_id)
select m.campaign_id, m.member_id from made join member m on m.campaign_id = made.campaign_id;

-- name: lock_tally
-- No row: another server is at it.
select change_number, overdue_time from tally_cursor where campaign_id = $1 for update skip locked;

-- name: count_fresh_knocks
-- What the knocks of the changes above $2 (0: all knocks, whose changes may be gone) add to each member's days, and the
-- last number that they are counted to. A withdrawal (result 0), a knock that another corrects, and a voided one do not
-- count; one that was counted and is corrected or voided now is taken back once. All that this
-- statement sees has been counted before or is counted now, because a knock is seen with its change and with all changes
-- of lower numbers.
with counter as (
  select n.last_change, c.time_zone
  from change_counter n join campaign c on c.campaign_id = n.campaign_id
  where n.campaign_id = $1),
fresh as materialized (
  select distinct c.knock_id
  from change c
  where c.campaign_id = $1 and $2 > 0 and c.change_number > $2 and c.kind = 'knock'
  union all
  select k.knock_id from knock k where k.campaign_id = $1 and $2 = 0),
gone as materialized (
  select distinct c.knock_id
  from change c
  join knock k on k.campaign_id = $1 and k.knock_id = c.knock_id and k.result <> 0
  where c.campaign_id = $1 and c.change_number > $2 and c.kind = 'knock_voided'),
counted as (
  select k.knock_id, 1 as sign
  from fresh f
  join knock k on k.campaign_id = $1 and k.knock_id = f.knock_id
  where k.result <> 0 and not exists (
    select from knock c where c.campaign_id = $1 and c.door_id = k.door_id and c.corrects_knock_id = k.knock_id)
    and not exists (select from knock_judgement j
                    where j.campaign_id = $1 and j.knock_id = k.knock_id and j.verdict = 'voided')
  union all
  select g.knock_id, -1
  from gone g
  where not exists (select from fresh f where f.knock_id = g.knock_id)
    and not exists (select from knock o
                    where o.campaign_id = $1 and o.corrects_knock_id = g.knock_id
                      and not exists (select from fresh f where f.knock_id = o.knock_id))
  union all
  select distinct k.corrects_knock_id, -1
  from fresh f
  join knock k on k.campaign_id = $1 and k.knock_id = f.knock_id
  join knock b on b.campaign_id = $1 and b.knock_id = k.corrects_knock_id and b.result <> 0
  where not exists (select from fresh g where g.knock_id = k.corrects_knock_id)
    and not exists (select from knock_judgement j
                    where j.campaign_id = $1 and j.knock_id = k.corrects_knock_id and j.verdict = 'voided')
    and not exists (
      select from knock o
      where o.campaign_id = $1 and o.door_id = k.door_id and o.corrects_knock_id = k.corrects_knock_id
        and not exists (select from fresh g where g.knock_id = o.knock_id))),
said as (
  select c.sign, k.member_id, (k.knock_time at time zone z.time_zone)::date as day, k.knock_time,
    case when k.result = 1 then 1 else 0 end as contacts,
    (select count(*) from knock_response r
     where r.campaign_id = $1 and r.knock_id = c.knock_id and r.question = 'support' and r.answer in ('1', '2'))
      as supporters,
    (select count(*) from knock_ask a
     where a.campaign_id = $1 and a.knock_id = c.knock_id and a.ask = 1 and a.answer = 1) as volunteers
  from counted c
  join knock k on k.campaign_id = $1 and k.knock_id = c.knock_id
  cross join counter z),
delta as (
  select member_id, day, sum(sign) as doors, sum(sign * contacts) as contacts,
    sum(sign * supporters)::bigint as supporters, sum(sign * volunteers)::bigint as volunteers,
    min(knock_time) filter (where sign > 0) as first_time, max(knock_time) filter (where sign > 0) as last_time
  from said
  group by member_id, day)
select n.last_change, d.member_id, d.day::text, d.doors, d.contacts, d.supporters, d.volunteers, d.first_time, d.last_time
from counter n
left join delta d on true;

-- name: add_days
insert into member_day (campaign_id, member_id, day, doors, contacts, supporters, volunteers, first_time, last_time)
select $1, d.member_id, d.day::date, d.doors, d.contacts, d.supporters, d.volunteers, d.first_time, d.last_time
from unnest($2::bigint[], $3::text[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[], $8::timestamptz[],
            $9::timestamptz[])
  as d (member_id, day, doors, contacts, supporters, volunteers, first_time, last_time)
on conflict (campaign_id, member_id, day) do update
set doors = member_day.doors + excluded.doors,
    contacts = member_day.contacts + excluded.contacts,
    supporters = member_day.supporters + excluded.supporters,
    volunteers = member_day.volunteers + excluded.volunteers,
    first_time = least(member_day.first_time, excluded.first_time),
    last_time = greatest(member_day.last_time, excluded.last_time);

-- name: take_touches
-- The first $2.
with taken as (
  delete from tree_touch t
  where t.campaign_id = $1 and t.touch_id in (
    select f.touch_id from tree_touch f where f.campaign_id = $1 order by f.touch_id limit $2)
  returning t.member_id)
select distinct member_id from taken;

-- name: count_touched
-- By how much members and leaders of these members' own differ from what is counted; without those that don't.
select t.member_id, t.members - coalesce(c.members, 0), t.leaders - coalesce(c.leaders, 0)
from (
  select m.member_id, case when m.leave_time is null then 1 else 0 end as members,
    case when exists (select from member b where b.campaign_id = $1 and b.leader_id = m.member_id) then 1 else 0 end
      as leaders
  from unnest($2::bigint[]) as touched (member_id)
  join member m on m.campaign_id = $1 and m.member_id = touched.member_id) t
left join member_tally c on c.campaign_id = $1 and c.member_id = t.member_id
where t.members <> coalesce(c.members, 0) or t.leaders <> coalesce(c.leaders, 0);

-- name: count_overdue
-- By how much the overdue work of members at time $2 differs from what is counted.
with now as (
  select owner_id as member_id, count(*) as overdue from follow_up
  where campaign_id = $1 and state = 'open' and due_time < $2
  group by owner_id),
counted as (select member_id, overdue from member_tally where campaign_id = $1 and overdue > 0)
select coalesce(n.member_id, c.member_id), coalesce(n.overdue, 0) - coalesce(c.overdue, 0)
from now n
full join counted c on c.member_id = n.member_id
where coalesce(n.overdue, 0) <> coalesce(c.overdue, 0);

-- name: add_tallies
-- A batch: what is added to each member's own figures, and with them to every branch that they are in.
with recursive delta as materialized (
  select d.member_id, sum(d.members)::bigint as members, sum(d.leaders)::bigint as leaders, sum(d.doors)::bigint as doors,
    sum(d.contacts)::bigint as contacts, sum(d.supporters)::bigint as supporters,
    sum(d.volunteers)::bigint as volunteers, sum(d.overdue)::bigint as overdue
  from unnest($2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[],
              $9::bigint[])
    as d (member_id, members, leaders, doors, contacts, supporters, volunteers, overdue)
  group by d.member_id),
up (origin, member_id, leader_id) as (
  select d.member_id, m.member_id, coalesce(m.leader_id, m.left_leader_id)
  from delta d join member m on m.campaign_id = $1 and m.member_id = d.member_id
  union all
  select u.origin, m.member_id, coalesce(m.leader_id, m.left_leader_id)
  from up u join member m on m.campaign_id = $1 and m.member_id = u.leader_id)
insert into member_tally as t (
  campaign_id, member_id, members, leaders, doors, contacts, supporters, volunteers, overdue,
  branch_members, branch_leaders, branch_doors, branch_contacts, branch_supporters, branch_volunteers, branch_overdue)
select $1, u.member_id,
  coalesce(sum(d.members) filter (where u.origin = u.member_id), 0),
  coalesce(sum(d.leaders) filter (where u.origin = u.member_id), 0),
  coalesce(sum(d.doors) filter (where u.origin = u.member_id), 0),
  coalesce(sum(d.contacts) filter (where u.origin = u.member_id), 0),
  coalesce(sum(d.supporters) filter (where u.origin = u.member_id), 0),
  coalesce(sum(d.volunteers) filter (where u.origin = u.member_id), 0),
  coalesce(sum(d.overdue) filter (where u.origin = u.member_id), 0),
  sum(d.members), sum(d.leaders), sum(d.doors), sum(d.contacts), sum(d.supporters), sum(d.volunteers), sum(d.overdue)
from up u
join delta d on d.member_id = u.origin
group by u.member_id
order by u.member_id
on conflict (campaign_id, member_id) do update
set members = t.members + excluded.members, leaders = t.leaders + excluded.leaders,
    doors = t.doors + excluded.doors, contacts = t.contacts + excluded.contacts,
    supporters = t.supporters + excluded.supporters, volunteers = t.volunteers + excluded.volunteers,
    overdue = t.overdue + excluded.overdue,
    branch_members = t.branch_members + excluded.branch_members,
    branch_leaders = t.branch_leaders + excluded.branch_leaders,
    branch_doors = t.branch_doors + excluded.branch_doors,
    branch_contacts = t.branch_contacts + excluded.branch_contacts,
    branch_supporters = t.branch_supporters + excluded.branch_supporters,
    branch_volunteers = t.branch_volunteers + excluded.branch_volunteers,
    branch_overdue = t.branch_overdue + excluded.branch_overdue;

-- name: move_cursor
update tally_cursor set change_number = $2, fold_time = $3, overdue_time = $4 where campaign_id = $1;

-- name: touch_members
insert into tree_touch (campaign_id, member_id) select $1, t.member_id from unnest($2::bigint[]) as t (member_id);

-- name: shift_branch_tally
-- Adds $3 (1 or -1) times the branch of member $2 to everybody above them.
with recursive above as (
  select coalesce(m.leader_id, m.left_leader_id) as member_id from member m where m.campaign_id = $1 and m.member_id = $2
  union all
  select coalesce(m.leader_id, m.left_leader_id)
  from above a join member m on m.campaign_id = $1 and m.member_id = a.member_id)
insert into member_tally as t (
  campaign_id, member_id, branch_members, branch_leaders, branch_doors, branch_contacts, branch_supporters,
  branch_volunteers, branch_overdue)
select $1, a.member_id, $3 * s.branch_members, $3 * s.branch_leaders, $3 * s.branch_doors, $3 * s.branch_contacts,
  $3 * s.branch_supporters, $3 * s.branch_volunteers, $3 * s.branch_overdue
from above a
join member_tally s on s.campaign_id = $1 and s.member_id = $2
where a.member_id is not null
on conflict (campaign_id, member_id) do update
set branch_members = t.branch_members + excluded.branch_members,
    branch_leaders = t.branch_leaders + excluded.branch_leaders,
    branch_doors = t.branch_doors + excluded.branch_doors,
    branch_contacts = t.branch_contacts + excluded.branch_contacts,
    branch_supporters = t.branch_supporters + excluded.branch_supporters,
    branch_volunteers = t.branch_volunteers + excluded.branch_volunteers,
    branch_overdue = t.branch_overdue + excluded.branch_overdue;

-- name: order_by_depth
select member_id from member where campaign_id = $1 and member_id = any ($2::bigint[]) order by depth, member_id;

-- name: read_tallies
-- Of member $2 and of each on their team, the member first, then by place: own figures, then those of the branch.
select m.member_id, m.display_name, coalesce(t.members, 0), coalesce(t.leaders, 0), coalesce(t.doors, 0),
  coalesce(t.contacts, 0), coalesce(t.supporters, 0), coalesce(t.volunteers, 0), coalesce(t.overdue, 0),
  coalesce(t.branch_members, 0), coalesce(t.branch_leaders, 0), coalesce(t.branch_doors, 0),
  coalesce(t.branch_contacts, 0), coalesce(t.branch_supporters, 0), coalesce(t.branch_volunteers, 0),
  coalesce(t.branch_overdue, 0)
from member m
left join member_tally t on t.campaign_id = m.campaign_id and t.member_id = m.member_id
where m.campaign_id = $1 and (m.member_id = $2 or m.leader_id = $2)
order by m.member_id <> $2, m.slot;

-- name: read_tally
-- As read_tallies, of member $2 alone.
select m.member_id, m.display_name, coalesce(t.members, 0), coalesce(t.leaders, 0), coalesce(t.doors, 0),
  coalesce(t.contacts, 0), coalesce(t.supporters, 0), coalesce(t.volunteers, 0), coalesce(t.overdue, 0),
  coalesce(t.branch_members, 0), coalesce(t.branch_leaders, 0), coalesce(t.branch_doors, 0),
  coalesce(t.branch_contacts, 0), coalesce(t.branch_supporters, 0), coalesce(t.branch_volunteers, 0),
  coalesce(t.branch_overdue, 0)
from member m
left join member_tally t on t.campaign_id = m.campaign_id and t.member_id = m.member_id
where m.campaign_id = $1 and m.member_id = $2;

-- name: tally_time
-- When the figures were last brought up to date; no row before the first time.
select fold_time from tally_cursor where campaign_id = $1 and fold_time > '-infinity';
