-- name: report_rows
-- By $2 (turf, branch, canvasser, day, pass), of the lists of cut $3, or of all where it is 0, that leaders below member $4 have,
-- or all where it is 0; knocks from $5 on and before $6; support is what question $7 says. Rows with a key above $8, at most $9.
-- A day's key counts from the first of the year 2000 on.
with recursive branch as (
  -- Everyone in the branch, with whom of its first level they are below.
  select m.member_id, m.member_id as top, 0 as depth
  from member m
  where m.campaign_id = $1 and case when $4 = 0 then m.leader_id is null else m.member_id = $4 end
  union all
  select m.member_id, case when b.depth = 0 then m.member_id else b.top end, b.depth + 1
  from branch b
  join member m on m.campaign_id = $1 and m.leader_id = b.member_id),
list as (
  select w.walk_list_id, w.leader_id, w.revoke_time is null as is_current, w.turf_id, t.pass_id, coalesce(b.top, w.leader_id) as top
  from walk_list w
  join turf t on t.campaign_id = $1 and t.turf_id = w.turf_id
  left join branch b on b.member_id = w.leader_id
  where w.campaign_id = $1 and ($3 = 0 or t.cut_id = $3) and ($4 = 0 or b.member_id is not null)),
-- Live turfs; those that no leader has are nobody's branch.
ground as (
  select case $2 when 'turf' then t.turf_id when 'branch' then l.top when 'pass' then t.pass_id end as key,
    sum(t.door_count)::bigint as doors
  from turf t
  left join list l on l.turf_id = t.turf_id and l.is_current
  where t.campaign_id = $1 and t.live and ($3 = 0 or t.cut_id = $3) and ($4 = 0 or l.turf_id is not null)
  group by 1),
knocks as materialized (
  select k.knock_id, k.door_id, k.member_id, k.phone_id, k.result, k.knock_time,
    case $2 when 'turf' then l.turf_id when 'branch' then l.top when 'canvasser' then k.member_id when 'pass' then l.pass_id
      else (k.knock_time at time zone c.time_zone)::date - date '2000-01-01' end as key
  from standing_knock k
  join list l on l.walk_list_id = k.walk_list_id
  join campaign c on c.campaign_id = $1
  where k.campaign_id = $1 and k.knock_time >= $5 and k.knock_time < $6),
total as (
  select key, count(*) as attempts, count(distinct door_id) as doors_knocked, count(*) filter (where is_contact(result)) as contacts
  from knocks
  group by key),
page as (
  select key from (select key from total union select key from ground) k
  where key > $8
  order by key
  limit $9),
-- From one knock of a phone to the canvasser's next, where that is soon.
walked as (
  select key, count(*) as timed, extract(epoch from sum(gap))::float8 / 3600 as hours
  from (
    select key, knock_time - lag(knock_time) over (partition by member_id order by knock_time) as gap
    from knocks where phone_id is not null) g
  where gap <= interval '30 minutes'
  group by key),
answer as (
  select key, array_agg(answer order by answer) as answers, array_agg(people order by answer) as people
  from (
    select k.key, r.answer, count(*) as people
    from knocks k
    join knock_response r on r.campaign_id = $1 and r.knock_id = k.knock_id
    where r.question = $7
    group by k.key, r.answer) a
  group by key),
ask as (
  select key, array_agg(ask order by ask) as asks, array_agg(yes order by ask) as yes, array_agg(maybe order by ask) as maybe,
    array_agg(no order by ask) as no
  from (
    select k.key, a.ask::integer as ask, count(*) filter (where a.answer = 1) as yes, count(*) filter (where a.answer = 2) as maybe,
      count(*) filter (where a.answer = 3) as no
    from knocks k
    join knock_ask a on a.campaign_id = $1 and a.knock_id = k.knock_id
    group by k.key, a.ask) s
  group by key),
work as (
  select k.key, count(*) as made, count(*) filter (where f.state = 'done') as done,
    count(*) filter (where f.state = 'open' and f.due_time < $10) as late
  from knocks k
  join follow_up f on f.campaign_id = $1 and f.knock_id = k.knock_id
  group by k.key)
select p.key, coalesce(g.doors, 0), coalesce(t.doors_knocked, 0), coalesce(t.attempts, 0), coalesce(t.contacts, 0),
  coalesce(w.timed, 0), coalesce(w.hours, 0), coalesce(n.answers, '{}'), coalesce(n.people, '{}'),
  coalesce(a.asks, '{}'), coalesce(a.yes, '{}'), coalesce(a.maybe, '{}'), coalesce(a.no, '{}'),
  coalesce(f.made, 0), coalesce(f.done, 0), coalesce(f.late, 0),
  u.number, m.member_id, coalesce(m.display_name, ''), coalesce(s.name, ''),
  case when $2 = 'day' then to_char(date '2000-01-01' + p.key::integer, 'YYYY-MM-DD') else '' end
from page p
left join ground g on g.key = p.key
left join total t on t.key = p.key
left join walked w on w.key = p.key
left join answer n on n.key = p.key
left join ask a on a.key = p.key
left join work f on f.key = p.key
left join turf u on $2 = 'turf' and u.campaign_id = $1 and u.turf_id = p.key
left join list c on $2 = 'turf' and c.turf_id = p.key and c.is_current
left join member m on m.campaign_id = $1
  and m.member_id = case $2 when 'turf' then c.leader_id when 'branch' then p.key when 'canvasser' then p.key end
left join pass s on $2 = 'pass' and s.campaign_id = $1 and s.pass_id = p.key
order by p.key;
