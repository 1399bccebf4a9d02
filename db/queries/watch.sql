-- name: watch_campaign
-- How a campaign's work stands at time $2, for those who watch the server: counts and ages, nothing of whom or where.
-- A phone that has a list out is heard of when it sends knocks.
select work.open, work.overdue, work.oldest_due, lists.out, lists.quietest, cuts.running, cuts.oldest_heartbeat,
  cuts.least_fraction
from (
  select count(*) as open, count(*) filter (where f.due_time < $2) as overdue,
    min(f.due_time) filter (where f.due_time < $2) as oldest_due
  from follow_up f where f.campaign_id = $1 and f.state = 'open') work,
  (select count(*) as out, min(greatest(c.create_time, heard.receive_time)) as quietest
   from checkout c
   left join lateral (
     select k.receive_time from knock k
     where k.campaign_id = $1 and k.phone_id = c.phone_id and k.running_number > 0
     order by k.running_number desc
     limit 1) heard on true
   where c.campaign_id = $1 and c.return_time is null and c.expire_time > $2) lists,
  (select count(*) as running, min(t.heartbeat_time) as oldest_heartbeat, min(t.fraction) as least_fraction
   from cut t where t.campaign_id = $1 and t.state = 'running') cuts;
