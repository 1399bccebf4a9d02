-- Universes chosen by a filter (db/filter) over doors, the people behind them, and what was said there.

alter table universe add column filter text not null default '';
alter table universe add constraint universe_filter_ck check (octet_length(filter) <= 2000);

-- What a person said when last asked, by person.
create index knock_response_by_person on knock_response (campaign_id, person_id) where person_id is not null;

-- A door and a person behind it, or nobody: what a filter may name of them. A column that no filter names is not computed.
create view visit_fact with (security_invoker = true) as
select d.campaign_id, d.door_id, p.person_id,
  extract(year from now())::integer - p.birth_year as age,
  p.sex, p.party, a.city, a.postal_code, a.street,
  (select count(*) from person other where other.campaign_id = d.campaign_id and other.door_id = d.door_id) as people,
  (select r.answer::integer
   from knock_response r
   join knock k on k.campaign_id = r.campaign_id and k.knock_id = r.knock_id
   where r.campaign_id = d.campaign_id and r.person_id = p.person_id and r.question = 'support' and r.answer ~ '^[1-5]$'
     and not exists (
       select from knock c where c.campaign_id = k.campaign_id and c.door_id = k.door_id and c.corrects_knock_id = k.knock_id)
   order by k.knock_time desc, k.receive_time desc, k.knock_id
   limit 1) as support,
  (select min(r.answer::integer)
   from knock k
   join knock_response r on r.campaign_id = k.campaign_id and r.knock_id = k.knock_id
   where k.campaign_id = d.campaign_id and k.door_id = d.door_id and r.question = 'support' and r.answer ~ '^[1-5]$'
     and not exists (
       select from knock c where c.campaign_id = k.campaign_id and c.door_id = k.door_id and c.corrects_knock_id = k.knock_id)
  ) as household_support,
  (select count(*) from knock k
   where k.campaign_id = d.campaign_id and k.door_id = d.door_id and not exists (
     select from knock c where c.campaign_id = k.campaign_id and c.door_id = k.door_id and c.corrects_knock_id = k.knock_id)
  ) as knocks,
  (select k.result from knock k
   where k.campaign_id = d.campaign_id and k.door_id = d.door_id and not exists (
     select from knock c where c.campaign_id = k.campaign_id and c.door_id = k.door_id and c.corrects_knock_id = k.knock_id)
   order by k.knock_time desc, k.receive_time desc, k.knock_id
   limit 1) as last_result,
  (select max(k.knock_time) from knock k
   where k.campaign_id = d.campaign_id and k.door_id = d.door_id and not exists (
     select from knock c where c.campaign_id = k.campaign_id and c.door_id = k.door_id and c.corrects_knock_id = k.knock_id)
  ) as last_knock_time
from door d
join address_point a on a.campaign_id = d.campaign_id and a.address_point_id = d.address_point_id
left join person p on p.campaign_id = d.campaign_id and p.door_id = d.door_id and not p.do_not_contact;

grant select on visit_fact to snowfield_app;
