-- Erasure of a person: what is known of them goes, what they were counted as stays, and they do not come back by the next
-- import.

alter table person add column erase_time timestamptz;
alter table person add constraint person_erased_ck check (
  erase_time is null
  or (external_id = '' and first_name = '' and middle_name = '' and last_name = '' and suffix = '' and address_line = ''
      and street_key = '' and number_key = '' and unit_key = '' and city = '' and postal_code = '' and birth_year is null
      and sex = '' and party = '' and phone = '' and email = '' and door_id is null));

-- Phones learn of it as of a do-not-contact that names the person.
alter table change add column person_id bigint;
alter table change add constraint change_person_fk
  foreign key (campaign_id, person_id) references person (campaign_id, person_id);

-- Whom an import is not to bring back: hashes only, of the voter file's id, and of name, year of birth and address.
create table suppressed_person (
  campaign_id bigint not null,
  key_hash bytea not null,
  create_time timestamptz not null default now()
);
alter table suppressed_person add constraint suppressed_person_pk primary key (campaign_id, key_hash);
alter table suppressed_person add constraint suppressed_person_campaign_fk
  foreign key (campaign_id) references campaign (campaign_id);
alter table suppressed_person add constraint suppressed_person_hash_ck check (length(key_hash) = 32);
alter table suppressed_person enable row level security;
alter table suppressed_person force row level security;
create policy campaign_scope on suppressed_person using (campaign_id = current_campaign())
  with check (campaign_id = current_campaign());
grant select, insert, delete on suppressed_person to snowfield_app;

create function suppression_key(external_id text) returns bytea
  language sql stable parallel safe
  as $$ select sha256(convert_to('id' || chr(31) || external_id, 'UTF8')) $$;
-- Null where too little is known to tell one person from another.
create function suppression_key(first_name text, last_name text, birth_year integer, street_key text, number_key text)
  returns bytea
  language sql stable parallel safe
  as $$ select case when first_name <> '' and last_name <> '' and birth_year is not null and street_key <> ''
                 then sha256(convert_to('who' || chr(31) || lower(first_name) || chr(31) || lower(last_name) || chr(31)
                                        || birth_year || chr(31) || street_key || chr(31) || number_key, 'UTF8')) end $$;

-- The application may not change knocks. This is the one way by which words about a person go from them: notes of knocks
-- that name the person, or nobody, at their door; answers in their own words; contents of knocks that were in conflict.
-- Results, asks and answers that the script offers stay, for they are counted.
create function erase_words(erased_person bigint, erased_door bigint) returns void
  language sql security definer set search_path = public, pg_temp
  as $$
    with named as (
      select r.knock_id from knock_response r
      where r.campaign_id = current_campaign() and r.person_id = erased_person
      union
      select a.knock_id from knock_ask a where a.campaign_id = current_campaign() and a.person_id = erased_person),
    household as (
      select k.knock_id from knock k
      where k.campaign_id = current_campaign() and k.door_id = erased_door
        and not exists (select from knock_response r
                        where r.campaign_id = current_campaign() and r.knock_id = k.knock_id and r.person_id is not null)
        and not exists (select from knock_ask a
                        where a.campaign_id = current_campaign() and a.knock_id = k.knock_id and a.person_id is not null)),
    about as (select knock_id from named union select knock_id from household),
    notes as (
      update knock k set note = '' from about
      where k.campaign_id = current_campaign() and k.knock_id = about.knock_id and k.note <> ''),
    conflicts as (
      update knock_conflict c set content = '' from about
      where c.campaign_id = current_campaign() and c.knock_id = about.knock_id)
    update knock_response r set answer = ''
    where r.campaign_id = current_campaign() and r.person_id = erased_person
      and not exists (
        select from script s, jsonb_array_elements(s.body -> 'questions') q
        where s.campaign_id = current_campaign() and q ->> 'code' = r.question and q -> 'answers' ? r.answer)
  $$;
revoke execute on function erase_words(bigint, bigint) from public;
grant execute on function erase_words(bigint, bigint) to snowfield_app;
