-- name: enrolment_locked_until
-- Until when guesses from source $2, or in the whole campaign, are refused at time $3; null: they are not.
select max(locked_until) from enrolment_guard
where campaign_id = $1 and source in ($2, ''::bytea) and locked_until > $3;

-- name: count_enrolment_failure
-- Counts a failed guess from source $2 at time $3, within $4 seconds of the window's first; the $5th locks for $6 seconds.
-- The row's lock puts all guesses from there in one order, whatever server they come by. Answers with how many there were,
-- and whether this one locked. No row: there is no such campaign.
insert into enrolment_guard as g (campaign_id, source, window_start, failures)
select c.campaign_id, $2, $3, 1 from campaign c where c.campaign_id = $1
on conflict (campaign_id, source) do update set
  failures = case when g.window_start + make_interval(secs => $4) <= $3 then 1 else g.failures + 1 end,
  window_start = case when g.window_start + make_interval(secs => $4) <= $3 then $3 else g.window_start end,
  locked_until = case
    when g.window_start + make_interval(secs => $4) > $3 and g.failures + 1 >= $5 then $3 + make_interval(secs => $6)
    else g.locked_until end
returning failures, coalesce(locked_until > $3, false);

-- name: forgive_enrolment_failure
-- Takes back what this transaction has counted for source $2: it was no failure.
update enrolment_guard set failures = greatest(failures - 1, 0), locked_until = null
where campaign_id = $1 and source = $2;

-- name: forget_enrolment_failures
-- Sources that were last heard of a day before $2: at most 20, passing over those that someone else is at.
delete from enrolment_guard g
using (
  select source from enrolment_guard
  where campaign_id = $1 and source <> ''::bytea and window_start < $2::timestamptz - interval '1 day'
    and (locked_until is null or locked_until < $2)
  limit 20
  for update skip locked) old
where g.campaign_id = $1 and g.source = old.source;
