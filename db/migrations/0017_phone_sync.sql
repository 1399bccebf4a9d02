-- What phones learn of each other: knocks that are withdrawn, lists that change hands or content, changes that are no
-- longer kept.

-- 0: the knock that corrects_knock_id names did not happen.
alter table knock drop constraint knock_result_ck;
alter table knock add constraint knock_result_ck
  check (result between 1 and 14 or (result = 0 and corrects_knock_id is not null));

-- The knocks that say what a door is: not withdrawals, and not corrected or withdrawn by another one at the same door.
create view standing_knock with (security_invoker = true) as
select k.* from knock k
where k.result <> 0 and not exists (
  select from knock c
  where c.campaign_id = k.campaign_id and c.door_id = k.door_id and c.corrects_knock_id = k.knock_id);
grant select on standing_knock to snowfield_app;

-- What a filter may name of a door, by the knocks that stand.
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
  ) as last_knock_time
from door d
join address_point a on a.campaign_id = d.campaign_id and a.address_point_id = d.address_point_id
left join person p on p.campaign_id = d.campaign_id and p.door_id = d.door_id and not p.do_not_contact;

alter table checkout
  -- Whom the list went to when it was handed over.
  add column handed_to_member_id bigint;
alter table checkout add constraint checkout_handed_to_fk
  foreign key (campaign_id, handed_to_member_id) references member (campaign_id, member_id);
alter table checkout add constraint checkout_handed_ck check (handed_to_member_id is null or return_time is not null);

alter table change
  -- The phone that it is for; null: all that have the list out.
  add column phone_id bigint;
alter table change add constraint change_phone_fk
  foreign key (campaign_id, phone_id) references phone (campaign_id, phone_id);
alter table change drop constraint change_kind_ck;
alter table change add constraint change_kind_ck
  check (kind in ('knock', 'do_not_contact', 'list_revoked', 'list_handed_over', 'list_changed'));
create index change_by_phone on change (campaign_id, phone_id, change_number) where phone_id is not null;

-- Old changes are taken away: a phone that has not read them downloads its lists again.
grant delete on change to snowfield_app;
alter table change_counter
  -- Changes up to this number may be gone.
  add column pruned_through bigint not null default 0;

-- Work in the background that one server at a time does for a campaign. The claim runs out with a server that died.
create table upkeep_claim (
  campaign_id bigint not null,
  task text not null,
  claim_until timestamptz not null
);
alter table upkeep_claim add constraint upkeep_claim_pk primary key (campaign_id, task);
alter table upkeep_claim add constraint upkeep_claim_campaign_fk foreign key (campaign_id) references campaign (campaign_id);
alter table upkeep_claim add constraint upkeep_claim_task_ck check (length(task) between 1 and 50);
alter table upkeep_claim enable row level security;
alter table upkeep_claim force row level security;
create policy campaign_scope on upkeep_claim using (campaign_id = current_campaign())
  with check (campaign_id = current_campaign());
grant select, insert, update on upkeep_claim to snowfield_app;
