-- name: list_people
-- In order of id, above $2; with this id in the voter file where $3 is not empty, and with a last name that begins so where
-- $4 is not empty.
select person_id, external_id, first_name, last_name, birth_year, address_line, city, do_not_contact, door_id
from person
where campaign_id = $1 and person_id > $2 and erase_time is null
  and ($3::text = '' or external_id = $3) and ($4::text = '' or starts_with(lower(last_name), lower($4)))
order by person_id
limit $5;

-- name: lock_person
-- Null where they are not erased.
select erase_time, door_id from person where campaign_id = $1 and person_id = $2 for no key update;

-- name: suppress_person
insert into suppressed_person (campaign_id, key_hash)
select $1, key_hash
from person p,
  unnest(array[suppression_key(p.external_id),
               suppression_key(p.first_name, p.last_name, p.birth_year, p.street_key, p.number_key)]) as key_hash
where p.campaign_id = $1 and p.person_id = $2 and key_hash is not null
on conflict do nothing;

-- name: erase_words_of_person
select erase_words($1, $2);

-- name: erase_words_of_paper
select erase_paper_words($1);

-- name: erase_words_of_addition
-- What the phone sent of a person who was found in the field, and the note that came with it.
with found as (
  select p.addition_id, p.addition_ordinal from person p
  where p.campaign_id = $1 and p.person_id = $2 and p.addition_id is not null),
notes as (
  update addition a set note = '' from found
  where a.campaign_id = $1 and a.addition_id = found.addition_id and a.note <> '')
update addition_person f set first_name = '', last_name = '', phone = '', email = '' from found
where f.campaign_id = $1 and f.addition_id = found.addition_id and f.ordinal = found.addition_ordinal;

-- name: erase_person
update person
set row_key = 'erased:' || person_id, external_id = '', first_name = '', middle_name = '', last_name = '', suffix = '',
    address_line = '', street_key = '', number_key = '', unit_key = '', city = '', postal_code = '', birth_year = null,
    sex = '', party = '', phone = '', email = '', do_not_contact = true, door_id = null, match_reason = '',
    voted_day = null, erase_time = $3
where campaign_id = $1 and person_id = $2;

-- name: mark_voted
-- Of the persons with the ids $2 of the voter file the day $3 on which their vote came in; '' where they have not voted after all.
-- Each person found: the place of the id in the array, the door, whether that is news. Who has voted needs no plan for it any more:
-- that work is dropped, at $4 by $5.
with said as (
  select s.external_id, nullif(s.day, '')::date as day, s.place
  from unnest($2::text[], $3::text[]) with ordinality as s(external_id, day, place)),
found as (
  select s.place, p.person_id, p.door_id, s.day, p.voted_day is distinct from s.day as is_news
  from said s
  join person p on p.campaign_id = $1 and p.external_id = s.external_id and p.erase_time is null),
marked as (
  update person p set voted_day = f.day
  from found f
  where f.is_news and p.campaign_id = $1 and p.person_id = f.person_id
  returning p.person_id, p.voted_day),
dropped as (
  update follow_up w set state = 'dropped', complete_time = $4, completed_by = $5, drop_reason = 'PERSON_VOTED',
    lease_member_id = null, lease_expire_time = null
  from marked m
  where m.voted_day is not null and w.campaign_id = $1 and w.person_id = m.person_id and w.state = 'open' and w.queue = 'vote_plan')
select f.place, f.door_id, f.is_news from found f order by f.place;

-- name: drop_follow_ups_of_person
update follow_up set state = 'dropped', complete_time = $3, completed_by = $4, drop_reason = 'PERSON_ERASED',
  lease_member_id = null, lease_expire_time = null
where campaign_id = $1 and person_id = $2 and state = 'open';

-- name: tell_phones_of_person
-- A change for each list that a phone has out and that has the door. The counter's row is locked until the transaction
-- ends: run it last.
with lists as (
  select distinct w.walk_list_id
  from checkout c
  join walk_list w on w.campaign_id = $1 and w.walk_list_id = c.walk_list_id
  where c.campaign_id = $1 and c.return_time is null
    and (exists (select from turf_door d where d.campaign_id = $1 and d.turf_id = w.turf_id and d.door_id = $3)
      or exists (select from turf_version v
                 where v.campaign_id = $1 and v.turf_id = w.turf_id and v.version = w.turf_version
                   and $3 = any (v.door_ids)))),
numbered as (select walk_list_id, row_number() over (order by walk_list_id) as n from lists),
counter as (
  update change_counter set last_change = last_change + (select count(*) from numbered)
  where campaign_id = $1
  returning last_change - (select count(*) from numbered) as before)
insert into change (campaign_id, change_number, kind, walk_list_id, door_id, person_id)
select $1, counter.before + n, 'do_not_contact', walk_list_id, $3, $2
from counter, numbered;

-- name: export_person
-- Everything that is held about a person, as one JSON object.
select jsonb_build_object(
  'person', to_jsonb(p) - 'campaign_id',
  'household', (
    select jsonb_build_object('door_id', d.door_id, 'house_number', a.house_number, 'street', a.street, 'unit', d.unit,
                              'city', a.city, 'postal_code', a.postal_code, 'longitude', st_x(a.position),
                              'latitude', st_y(a.position), 'do_not_contact', d.do_not_contact)
    from door d join address_point a on a.campaign_id = $1 and a.address_point_id = d.address_point_id
    where d.campaign_id = $1 and d.door_id = p.door_id),
  'knocks', coalesce((
    select jsonb_agg(jsonb_build_object(
      'knock_id', k.knock_id, 'door_id', k.door_id, 'time', k.knock_time, 'result', k.result, 'language', k.language,
      'note', k.note, 'member_id', k.member_id) order by k.knock_time, k.knock_id)
    from knock k
    where k.campaign_id = $1 and (
      exists (select from knock_response r
              where r.campaign_id = $1 and r.knock_id = k.knock_id and r.person_id = p.person_id)
      or exists (select from knock_ask s
                 where s.campaign_id = $1 and s.knock_id = k.knock_id and s.person_id = p.person_id)
      or (k.door_id = p.door_id
          and not exists (select from knock_response r
                          where r.campaign_id = $1 and r.knock_id = k.knock_id and r.person_id is not null)
          and not exists (select from knock_ask s
                          where s.campaign_id = $1 and s.knock_id = k.knock_id and s.person_id is not null)))), '[]'),
  'responses', coalesce((
    select jsonb_agg(jsonb_build_object('knock_id', r.knock_id, 'question', r.question, 'answer', r.answer)
                     order by r.knock_id, r.ordinal)
    from knock_response r where r.campaign_id = $1 and r.person_id = p.person_id), '[]'),
  'asks', coalesce((
    select jsonb_agg(jsonb_build_object('knock_id', s.knock_id, 'ask', s.ask, 'answer', s.answer)
                     order by s.knock_id, s.ordinal)
    from knock_ask s where s.campaign_id = $1 and s.person_id = p.person_id), '[]'),
  'follow_ups', coalesce((
    select jsonb_agg(jsonb_build_object('follow_up_id', f.follow_up_id, 'queue', f.queue, 'state', f.state,
                                        'due_time', f.due_time, 'outcome', f.outcome, 'owner_id', f.owner_id)
                     order by f.follow_up_id)
    from follow_up f where f.campaign_id = $1 and f.person_id = p.person_id), '[]'),
  'found', coalesce((
    select jsonb_agg(jsonb_build_object('addition_id', f.addition_id, 'first_name', f.first_name, 'last_name', f.last_name,
                                        'phone', f.phone, 'email', f.email, 'note', a.note, 'member_id', a.member_id,
                                        'receive_time', a.receive_time))
    from addition_person f
    join addition a on a.campaign_id = $1 and a.addition_id = f.addition_id
    where f.campaign_id = $1 and f.addition_id = p.addition_id and f.ordinal = p.addition_ordinal), '[]'),
  'paper', coalesce((
    select jsonb_agg(jsonb_build_object('packet_id', r.packet_id, 'page', r.page, 'row', r.sequence, 'kind', e.kind,
                                        'marks', encode(e.marks, 'base64'), 'note', e.note, 'member_id', e.member_id,
                                        'time', e.entry_time) order by e.paper_entry_id)
    from paper_row r
    join paper_entry e on e.campaign_id = $1 and e.packet_id = r.packet_id and e.page = r.page and e.sequence = r.sequence
    where r.campaign_id = $1 and p.person_id = any (r.person_ids)), '[]'),
  'meetings', coalesce((
    select jsonb_agg(to_jsonb(g) - 'campaign_id' order by g.meeting_id)
    from meeting_guest g where g.campaign_id = $1 and g.person_id = p.person_id), '[]'),
  'audit', coalesce((
    select jsonb_agg(jsonb_build_object('time', l.audit_time, 'member_id', l.member_id, 'action', l.action)
                     order by l.audit_id)
    from audit_log l
    where l.campaign_id = $1
      and ((l.subject_kind = 'person' and l.subject_id = p.person_id)
           or (l.subject_kind = 'people' and l.detail -> 'people' @> to_jsonb(p.person_id)))), '[]'))::text
from person p
where p.campaign_id = $1 and p.person_id = $2;
