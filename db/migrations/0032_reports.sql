-- What reports count as a contact: somebody was spoken with, whatever came of it.
create function is_contact(result smallint) returns boolean
  language sql immutable parallel safe
  -- Canvassed, refused, come back, language barrier, hostile, already voted, do not contact.
  return result in (1, 3, 4, 10, 11, 13, 14);
grant execute on function is_contact(smallint) to snowfield_app;

-- As it was, by the same word.
create or replace view household_contact with (security_invoker = true) as
select k.campaign_id, k.door_id, k.knock_time as contact_time, k.knock_id
from standing_knock k
where is_contact(k.result)
union all
select f.campaign_id, f.door_id, f.complete_time, f.knock_id
from follow_up f
where f.state = 'done' and f.outcome in ('reached', 'left_message', 'said_yes', 'said_no')
union all
select g.campaign_id, p.door_id, g.invite_time, null
from meeting_guest g
join person p on p.campaign_id = g.campaign_id and p.person_id = g.person_id
where g.knock_id is null and g.follow_up_id is null;
