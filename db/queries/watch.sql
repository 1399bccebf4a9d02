-- name: watch_campaign
-- How a campaign's work stands at time $2, for those who watch the server: counts and ages, nothing of whom or where.
-- A phone that has a list out is heard of when it sends knocks.
select
  (select count(*) from follow_up f where f.campaign_id = $1 and f.state = 'open'),
  (select count(*) from follow_up f where f.campaign_id = $1 and f.state = 'open' and f.due_time < $2),
  (select min(f.due_time) from follow_up f where f.campaign_id = $1 and f.state = 'open' and f.due_time < $2),
  (select count(*) from checkout c where c.campaign_id = $1 and c.return_time is null and c.expire_time > $2),
  (select min(greatest(c.create_time, heard.receive_time))
   from checkout c
   left join lateral (
     select k.receive_time from knock k
     where k.campaign_id = $1 and k.phone_id = c.phone_id and k.running_number > 0
     order by k.running_number desc
     limit 1) heard on true
   where c.campaign_id = $1 and c.return_time is null and c.expire_time > $2),
  (select count(*) from cut t where t.campaign_id = $1 and t.state = 'running'),
  (select min(t.heartbeat_time) from cut t where t.campaign_id = $1 and t.state = 'running'),
  (select min(t.fraction) from cut t where t.campaign_id = $1 and t.state = 'running');
