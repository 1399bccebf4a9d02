-- Who has voted, by the files of the election office: they are met no more.
alter table person add column voted_day date;
create index person_voted on person (campaign_id, door_id) where voted_day is not null;
create index person_by_external_id on person (campaign_id, external_id) where external_id <> '';

-- Doors behind which everybody whom we know has voted, once for each of them: to ask whether a door is one, by the index.
create view voted_door with (security_invoker = true) as
select v.campaign_id, v.door_id
from person v
where v.voted_day is not null and v.door_id is not null and not exists (
  select from person o where o.campaign_id = v.campaign_id and o.door_id = v.door_id and o.voted_day is null);
grant select on voted_door to snowfield_app;

-- As it was, with whether the person has voted.
create or replace view visit_fact with (security_invoker = true) as
select d.campaign_id, d.door_id, p.person_id,
  extract(year from now())::integer - p.birth_year as age,
  p.sex, p.party, a.city, a.postal_code, a.street,
  (select count(*) from person other where other.campaign_id = d.campaign_id and other.door_id = d.door_id) as people,
  (select r.answer::integer
   from knock_response r
   join standing_knock k on k.campaign_id = r.campaign_id and k.knock_id = r.knock_id
   where r.campaign_id = d.campaign_id and r.person_id = p.person_id and r.question = 'support' and r.answer ~ '^[1-5]$'
   order by k.knock_time desc, k.receive_time desc, k.knock_id
   limit 1) as support,
  (select min(r.answer::integer)
   from standing_knock k
   join knock_response r on r.campaign_id = k.campaign_id and r.knock_id = k.knock_id
   where k.campaign_id = d.campaign_id and k.door_id = d.door_id and r.question = 'support' and r.answer ~ '^[1-5]$'
  ) as household_support,
  (select count(*) from standing_knock k
   where k.campaign_id = d.campaign_id and k.door_id = d.door_id
  ) as knocks,
  (select k.result from standing_knock k
   where k.campaign_id = d.campaign_id and k.door_id = d.door_id
   order by k.knock_time desc, k.receive_time desc, k.knock_id
   limit 1) as last_result,
  (select max(k.knock_time) from standing_knock k
   where k.campaign_id = d.campaign_id and k.door_id = d.door_id
  ) as last_knock_time,
  p.voted_day is not null as voted
from door d
join address_point a on a.campaign_id = d.campaign_id and a.address_point_id = d.address_point_id
left join person p on p.campaign_id = d.campaign_id and p.door_id = d.door_id and not p.do_not_contact;
