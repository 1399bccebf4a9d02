-- People are not worn out: how often they and their household are met, called and invited within so many days, and at which
-- hours nobody is called. Checked when turf is cut, when follow-ups are handed out and when people are invited.

create table contact_limits (
  campaign_id bigint not null,
  person_max smallint not null,
  person_days smallint not null,
  household_max smallint not null,
  household_days smallint not null,
  -- Minutes of the day in the campaign's time zone between which no follow-up is handed out; over midnight where the first is
  -- the larger. Null: none.
  quiet_from smallint,
  quiet_until smallint
);
alter table contact_limits add constraint contact_limits_pk primary key (campaign_id);
alter table contact_limits add constraint contact_limits_campaign_fk
  foreign key (campaign_id) references campaign (campaign_id);
alter table contact_limits add constraint contact_limits_ck check (
  person_max between 1 and 100 and household_max between 1 and 100
  and person_days between 1 and 365 and household_days between 1 and 365);
alter table contact_limits add constraint contact_limits_quiet_ck check (
  (quiet_from is null) = (quiet_until is null) and quiet_from between 0 and 1439 and quiet_until between 0 and 1439
  and quiet_from <> quiet_until);

alter table meeting_guest add column invite_time timestamptz not null default now();
create index knock_ask_by_person on knock_ask (campaign_id, person_id) where person_id is not null;
create index follow_up_done_by_door on follow_up (campaign_id, door_id, complete_time) where state = 'done';
create index follow_up_done_by_person on follow_up (campaign_id, person_id, complete_time)
  where state = 'done' and person_id is not null;

-- Somebody of the household was met at the door, called, or invited. A leaflet and a door that nobody opened wear nobody out. An
-- invitation that was given at a door or by a call is that contact.
create view household_contact with (security_invoker = true) as
select k.campaign_id, k.door_id, k.knock_time as contact_time, k.knock_id
from standing_knock k
where k.result in (1, 3, 4, 10, 11, 13, 14)
union all
select f.campaign_id, f.door_id, f.complete_time, f.knock_id
from follow_up f
where f.state = 'done' and f.outcome in ('reached', 'left_message', 'said_yes', 'said_no')
union all
select g.campaign_id, p.door_id, g.invite_time, null
from meeting_guest g
join person p on p.campaign_id = g.campaign_id and p.person_id = g.person_id
where g.knock_id is null and g.follow_up_id is null;

-- The same of one person: knocks that name them.
create view person_contact with (security_invoker = true) as
select k.campaign_id, named.person_id, k.knock_time as contact_time, k.knock_id
from (
  select r.campaign_id, r.person_id, r.knock_id from knock_response r where r.person_id is not null
  union
  select a.campaign_id, a.person_id, a.knock_id from knock_ask a where a.person_id is not null) named
join standing_knock k on k.campaign_id = named.campaign_id and k.knock_id = named.knock_id
union all
select f.campaign_id, f.person_id, f.complete_time, f.knock_id
from follow_up f
where f.state = 'done' and f.outcome in ('reached', 'left_message', 'said_yes', 'said_no') and f.person_id is not null
union all
select g.campaign_id, g.person_id, g.invite_time, null
from meeting_guest g
where g.person_id is not null and g.knock_id is null and g.follow_up_id is null;

-- The campaign's limits; those of one that has set none.
create function limits_of(campaign bigint) returns contact_limits
  language plpgsql stable parallel safe
  as $$
  declare
    l contact_limits;
  begin
    select * into l from contact_limits c where c.campaign_id = campaign;
    if l.campaign_id is null then
      l := row(campaign, 3, 14, 4, 14, null, null);
    end if;
    return l;
  end
  $$;

-- Until when nobody is to turn to a household, or to a person of it, and why; no row where somebody may. The conversation
-- that `own_knock` was does not count: what was promised there is kept. In plpgsql, whose plans last as long as the session.
create function held_back(campaign bigint, door bigint, person bigint, own_knock uuid, at_time timestamptz)
  returns table (until_time timestamptz, reason text)
  language plpgsql stable parallel safe rows 1
  as $$
  declare
    l contact_limits := limits_of(campaign);
    household_time timestamptz;
    person_time timestamptz;
  begin
    select c.contact_time + make_interval(days => l.household_days) into household_time
    from household_contact c
    where c.campaign_id = campaign and c.door_id = door and (own_knock is null or c.knock_id is distinct from own_knock)
      and c.contact_time > at_time - make_interval(days => l.household_days)
    order by c.contact_time desc
    offset l.household_max - 1 limit 1;
    if person is not null then
      select c.contact_time + make_interval(days => l.person_days) into person_time
      from person_contact c
      where c.campaign_id = campaign and c.person_id = person and (own_knock is null or c.knock_id is distinct from own_knock)
        and c.contact_time > at_time - make_interval(days => l.person_days)
      order by c.contact_time desc
      offset l.person_max - 1 limit 1;
    end if;
    if household_time is not null and (person_time is null or household_time >= person_time) then
      return query select household_time, 'HOUSEHOLD_LIMIT';
    elsif person_time is not null then
      return query select person_time, 'PERSON_LIMIT';
    end if;
  end
  $$;

-- Until when nobody is called; null where it is no quiet hour.
create function quiet_until(campaign bigint, at_time timestamptz) returns timestamptz
  language plpgsql stable parallel safe
  as $$
  declare
    l contact_limits;
    zone text;
    local_time timestamp;
    minute integer;
    day date;
  begin
    select * into l from contact_limits c where c.campaign_id = campaign and c.quiet_from is not null;
    if l.campaign_id is null then
      return null;
    end if;
    select c.time_zone into zone from campaign c where c.campaign_id = campaign;
    local_time := at_time at time zone zone;
    minute := extract(hour from local_time) * 60 + extract(minute from local_time);
    day := local_time::date;
    if l.quiet_from < l.quiet_until then
      if minute < l.quiet_from or minute >= l.quiet_until then
        return null;
      end if;
    elsif minute >= l.quiet_from then
      day := day + 1;
    elsif minute >= l.quiet_until then
      return null;
    end if;
    return (day + make_interval(mins => l.quiet_until)) at time zone zone;
  end
  $$;

alter table follow_up_event drop constraint follow_up_event_kind_ck;
alter table follow_up_event add constraint follow_up_event_kind_ck check (
  kind in ('claimed', 'lease_lost', 'released', 'snoozed', 'reassigned', 'climbed', 'completed', 'given_up', 'reopened',
           'held_back'));

-- Doors that a cut left out, because enough was asked of the household.
create table cut_held_door (
  campaign_id bigint not null,
  cut_id bigint not null,
  door_id bigint not null,
  contacts integer not null,
  until_time timestamptz not null
);
alter table cut_held_door add constraint cut_held_door_pk primary key (campaign_id, cut_id, door_id);
alter table cut_held_door add constraint cut_held_door_cut_fk
  foreign key (campaign_id, cut_id) references cut (campaign_id, cut_id) on delete cascade;
alter table cut_held_door add constraint cut_held_door_door_fk
  foreign key (campaign_id, door_id) references door (campaign_id, door_id);

do $$
declare
  t text;
begin
  foreach t in array array['contact_limits', 'cut_held_door'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format('create policy campaign_scope on %I using (campaign_id = current_campaign()) '
                   'with check (campaign_id = current_campaign())', t);
  end loop;
end
$$;
grant select, insert, update on contact_limits to snowfield_app;
grant select, insert on cut_held_door to snowfield_app;
grant select on household_contact, person_contact to snowfield_app;
