-- Rules as data: a rule may also say in the filter language whom it is about and what came before at the door.

alter table follow_up_rule add column filter text not null default '';
-- It looks at what is received from then on, and not at what was before it.
alter table follow_up_rule add column begin_time timestamptz not null default '-infinity';
alter table follow_up_rule drop constraint follow_up_rule_states_ck;
alter table follow_up_rule add constraint follow_up_rule_states_ck check (
  when_result <> 0 or when_ask <> 0 or when_question <> '' or filter <> '');
alter table follow_up_rule add constraint follow_up_rule_text_ck check (
  length(filter) <= 2000 and length(name) between 1 and 100 and length(queue) between 1 and 100);

-- What a rule's filter may name of a knock that stands: the door, each person whom it names (one row without a person where
-- it names none), and what was before it, by the time of the knocks and not of their arrival.
create view knock_fact with (security_invoker = true) as
select k.campaign_id, k.knock_id, k.door_id, who.person_id,
  extract(year from k.knock_time)::integer - p.birth_year as age, p.sex, p.party, a.city, a.postal_code, a.street, k.result,
  k.language,
  (select count(*) from standing_knock e
   where e.campaign_id = k.campaign_id and e.door_id = k.door_id
     and (e.knock_time, e.knock_id) < (k.knock_time, k.knock_id)) as earlier_knocks,
  (select count(*) from standing_knock e
   where e.campaign_id = k.campaign_id and e.door_id = k.door_id and e.result = 1
     and (e.knock_time, e.knock_id) < (k.knock_time, k.knock_id)) as earlier_contacts
from standing_knock k
join door d on d.campaign_id = k.campaign_id and d.door_id = k.door_id
join address_point a on a.campaign_id = d.campaign_id and a.address_point_id = d.address_point_id
left join lateral (
  select r.person_id from knock_response r
  where r.campaign_id = k.campaign_id and r.knock_id = k.knock_id and r.person_id is not null
  union
  select s.person_id from knock_ask s
  where s.campaign_id = k.campaign_id and s.knock_id = k.knock_id and s.person_id is not null) who on true
left join person p on p.campaign_id = k.campaign_id and p.person_id = who.person_id;
grant select on knock_fact to snowfield_app;
