-- name: create_stage_person
create temporary table stage_person (
  seq bigint not null,
  line bigint not null,
  external_id text not null,
  content_key text collate "C" not null,
  first_name text not null,
  middle_name text not null,
  last_name text not null,
  suffix text not null,
  address_line text not null,
  street_key text not null,
  number_key text not null,
  unit_key text not null,
  city text not null,
  postal_code text not null,
  birth_year integer,
  sex text not null,
  party text not null,
  phone text not null,
  email text not null
) on commit drop;

-- name: create_seeker
-- People who look for their door: person_key is stage_person's seq, or a person_id.
create temporary table seeker (
  person_key bigint not null,
  street_key text not null,
  number_key text not null,
  unit_key text not null,
  city text not null,
  postal_code text not null
) on commit drop;

-- name: create_finding
-- What they found: a door, or the reason why not. remark: the door was taken although the unit is not on the map.
create temporary table finding (
  person_key bigint not null,
  door_id bigint,
  reason text not null,
  remark text not null
) on commit drop;

-- name: copy_stage_person
copy stage_person from stdin (format binary);

-- name: analyze_stage_person
analyze stage_person (seq, external_id, street_key, number_key);

-- name: reject_repeated_people
-- Takes out the rows whose external id an earlier row bears, and says whether they say the same.
with repeated as materialized (select external_id from stage_person group by external_id having count(*) > 1),
ranked as (
  select seq, row_number() over (partition by external_id order by seq) as n, content_key,
         first_value(content_key) over (partition by external_id order by seq) as first_content
  from stage_person join repeated using (external_id)
)
delete from stage_person s using ranked r
where r.seq = s.seq and r.n > 1
returning s.line, case when r.content_key = r.first_content then 'REPEATED_ROW' else 'EXTERNAL_ID_REPEATED' end;

-- name: bring_back_erased_people
-- Who stands in the file is no longer kept out.
delete from suppressed_person
where campaign_id = $1
  and key_hash in (
    select suppression_key(external_id) from stage_person
    union all
    select suppression_key(first_name, last_name, birth_year, street_key, number_key) from stage_person);

-- name: reject_erased_people
-- Takes out the rows of people who were erased: by their id, or by name, year of birth and address.
delete from stage_person
where suppression_key(external_id) in (select key_hash from suppressed_person where campaign_id = $1)
  or suppression_key(first_name, last_name, birth_year, street_key, number_key)
     in (select key_hash from suppressed_person where campaign_id = $1)
returning line, 'PERSON_ERASED';

-- name: has_erased_people
select exists (select from suppressed_person where campaign_id = $1);

-- name: seek_for_staged_people
-- New people, people whose address has changed, and people without a door.
insert into seeker
select s.seq, s.street_key, s.number_key, s.unit_key, s.city, s.postal_code
from stage_person s
left join person p on p.campaign_id = $1 and p.dataset = $2 and p.row_key = s.external_id
where s.street_key <> ''
  and (p.door_id is null
       or (p.street_key, p.number_key, p.unit_key, p.city, p.postal_code)
          is distinct from (s.street_key, s.number_key, s.unit_key, s.city, s.postal_code));

-- name: seek_for_unmatched_people
insert into seeker
select person_id, street_key, number_key, unit_key, city, postal_code
from person where campaign_id = $1 and door_id is null and street_key <> '';

-- name: analyze_seeker
analyze seeker;

-- name: find_doors
-- Points of the same street and number. Where there are several: those with the person's postal code, then the city. A
-- point that contradicts both is another town's. Among their doors: the one with the person's unit; or the only one, when the
-- person or the door has no unit.
insert into finding
with candidate as (
  select w.person_key, w.unit_key, a.address_point_id,
         w.postal_code <> '' and a.postal_code <> '' and left(w.postal_code, 5) = left(a.postal_code, 5) as same_postal,
         w.city <> '' and a.city <> '' and lower(w.city) = lower(a.city) as same_city,
         w.postal_code <> '' and a.postal_code <> '' and w.city <> '' and a.city <> '' as comparable
  from seeker w
  join address_point a on a.campaign_id = $1 and a.street_key = w.street_key and a.number_key = w.number_key
), ranked as (
  select person_key, unit_key, address_point_id,
         rank() over (partition by person_key order by same_postal desc, same_city desc) as place
  from candidate
  where same_postal or same_city or not comparable
), choice as (
  select r.person_key, r.unit_key, count(distinct r.address_point_id) as points, count(*) as doors,
         count(*) filter (where d.unit_key = r.unit_key) as exact_doors,
         min(d.door_id) filter (where d.unit_key = r.unit_key) as exact_door,
         min(d.door_id) as any_door, bool_and(d.unit_key = '') as without_units
  from ranked r
  join door d on d.campaign_id = $1 and d.address_point_id = r.address_point_id
  where r.place = 1
  group by r.person_key, r.unit_key
)
select w.person_key,
       case when c.exact_doors = 1 then c.exact_door
            when c.exact_doors = 0 and c.doors = 1 and (c.unit_key = '' or c.without_units) then c.any_door end,
       case when c.exact_doors = 1 then ''
            when c.exact_doors = 0 and c.doors = 1 and (c.unit_key = '' or c.without_units) then ''
            when c.exact_doors > 1 or (c.without_units and c.points > 1) then 'AMBIGUOUS'
            when c.doors is not null then 'UNIT_UNKNOWN'
            when exists (select from address_point a where a.campaign_id = $1 and a.street_key = w.street_key)
              then 'NUMBER_UNKNOWN'
            else 'STREET_UNKNOWN' end,
       case when c.exact_doors = 0 and c.doors = 1 and c.unit_key <> '' and c.without_units then 'UNIT_NOT_ON_MAP'
            else '' end
from seeker w
left join choice c using (person_key);

-- name: analyze_finding
analyze finding;

-- name: update_people
-- The door stays where the address does.
with target as (
  select s.*, p.person_id,
         case when f.person_key is null and s.street_key <> '' then p.door_id else f.door_id end as door_id,
         case when f.person_key is not null then f.reason when s.street_key = '' then 'ADDRESS_UNREADABLE' else '' end
           as match_reason,
         (p.external_id, p.first_name, p.middle_name, p.last_name, p.suffix, p.address_line, p.street_key, p.number_key,
          p.unit_key, p.city, p.postal_code, p.birth_year::integer, p.sex, p.party, p.phone, p.email)
         is distinct from
         (s.external_id, s.first_name, s.middle_name, s.last_name, s.suffix, s.address_line, s.street_key, s.number_key,
          s.unit_key, s.city, s.postal_code, s.birth_year, s.sex, s.party, s.phone, s.email) as changed,
         p.door_id as old_door_id, p.match_reason as old_reason
  from stage_person s
  join person p on p.campaign_id = $1 and p.dataset = $2 and p.row_key = s.external_id
  left join finding f on f.person_key = s.seq
), done as (
  update person p
  set external_id = t.external_id, first_name = t.first_name, middle_name = t.middle_name, last_name = t.last_name,
      suffix = t.suffix, address_line = t.address_line, street_key = t.street_key, number_key = t.number_key,
      unit_key = t.unit_key, city = t.city, postal_code = t.postal_code, birth_year = t.birth_year, sex = t.sex,
      party = t.party, phone = t.phone, email = t.email, door_id = t.door_id, match_reason = t.match_reason
  from target t
  where p.campaign_id = $1 and p.person_id = t.person_id
    and (t.changed or (t.door_id, t.match_reason) is distinct from (t.old_door_id, t.old_reason))
  returning t.changed
)
select count(*) filter (where changed) from done;

-- name: insert_people
insert into person (campaign_id, dataset, row_key, external_id, first_name, middle_name, last_name, suffix, address_line,
                    street_key, number_key, unit_key, city, postal_code, birth_year, sex, party, phone, email, door_id,
                    match_reason)
select $1, $2, s.external_id, s.external_id, s.first_name, s.middle_name, s.last_name, s.suffix, s.address_line, s.street_key,
       s.number_key, s.unit_key, s.city, s.postal_code, s.birth_year, s.sex, s.party, s.phone, s.email, f.door_id,
       case when s.street_key = '' then 'ADDRESS_UNREADABLE' else f.reason end
from stage_person s
left join finding f on f.person_key = s.seq
where not exists (select from person p where p.campaign_id = $1 and p.dataset = $2 and p.row_key = s.external_id)
order by s.seq;

-- name: update_unmatched_people
-- After new addresses: people of the whole campaign who had no door.
update person p set door_id = f.door_id, match_reason = f.reason
from finding f
where p.campaign_id = $1 and p.person_id = f.person_key
  and (p.door_id, p.match_reason) is distinct from (f.door_id, f.reason);

-- name: list_findings
-- Rows of the file that are without a door, or have one with a remark.
select s.line, case when s.street_key = '' then 'ADDRESS_UNREADABLE' when f.reason <> '' then f.reason else f.remark end
from stage_person s
left join finding f on f.person_key = s.seq
where s.street_key = '' or f.reason <> '' or f.remark <> ''
order by s.seq;

-- name: count_absent_people
select count(*) from person p
where p.campaign_id = $1 and p.dataset = $2 and p.erase_time is null
  and not exists (select from stage_person s where s.external_id = p.row_key);

-- name: count_matched_people
-- With and without a door: of the data set $2, or of the campaign where it is empty.
select count(*) filter (where door_id is not null), count(*) filter (where door_id is null)
from person where campaign_id = $1 and erase_time is null and ($2 = '' or dataset = $2);
