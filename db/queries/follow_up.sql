-- name: install_default_rules
-- The numbers are those of snowfield.canvass.v1: results, asks (1 volunteer, 2 host a meeting, 3 yard sign, 6 vote plan),
-- answers (1 yes, 2 maybe, 3 no; -1 here: was not asked).
insert into follow_up_rule (campaign_id, name, when_result, when_ask, when_ask_answer, when_question, when_answers,
                            queue, due_after, priority)
select $1, r.name, r.when_result, r.when_ask, r.when_ask_answer, r.when_question, r.when_answers, r.queue, r.due_after,
  r.priority
from (values
  ('volunteer: yes', 0, 1, 1, '', '{}'::text[], 'volunteer', interval '48 hours', 3),
  ('volunteer: maybe', 0, 1, 2, '', '{}', 'volunteer', interval '48 hours', 2),
  ('host a meeting: yes', 0, 2, 1, '', '{}', 'house_meeting', interval '48 hours', 3),
  ('host a meeting: maybe', 0, 2, 2, '', '{}', 'house_meeting', interval '48 hours', 2),
  ('come back', 4, 0, 0, '', '{}', 'revisit', interval '24 hours', 2),
  ('strong support, not asked to volunteer', 0, 1, -1, 'support', '{1}', 'second_conversation', interval '7 days', 1),
  ('yard sign: yes', 0, 3, 1, '', '{}', 'yard_sign', interval '72 hours', 1),
  ('vote plan: maybe', 0, 6, 2, '', '{}', 'vote_plan', interval '72 hours', 1),
  ('vote plan: no', 0, 6, 3, '', '{}', 'vote_plan', interval '72 hours', 1),
  ('language barrier', 10, 0, 0, '', '{}', 'language', interval '72 hours', 1),
  ('hostile', 11, 0, 0, '', '{}', 'safety_review', interval '4 hours', 4))
  as r(name, when_result, when_ask, when_ask_answer, when_question, when_answers, queue, due_after, priority)
on conflict (campaign_id, name) do nothing;

-- name: create_follow_ups
-- One for each of these knocks ($3: it has responses or asks) and each rule that fires; those that are not fresh ($4) are
-- looked at for the rules with a filter alone, of which ($5, $6, $7) says what they let pass, and for which person. By the
-- rule's owner policy it is the work of the walk list's leader, of the one who knocked, or of whoever on the leader's team
-- has the least to do (of several the knock's id decides, so that a batch is spread). Whom to reach is the first person in
-- the knock who meets the conditions. Nothing comes of a knock that a later one corrects, nor of a door or a person not to
-- be contacted. A clock that runs behind would make the work overdue at once, so there the server's counts.
with passed as materialized (
  select m.knock_id, m.rule_id, m.person_id from unnest($5::uuid[], $6::bigint[], $7::bigint[])
    as m (knock_id, rule_id, person_id))
insert into follow_up (campaign_id, knock_id, rule_id, door_id, person_id, queue, owner_id, priority, due_time)
select $1, k.knock_id, r.rule_id, k.door_id, coalesce(asked.person_id, answered.person_id), r.queue,
  case r.owner_policy
    when 'knocker' then coalesce((
      select m.member_id from member m
      where m.campaign_id = $1 and m.member_id = k.member_id and m.leave_time is null
        and m.role not in ('clerk', 'viewer')), w.leader_id)
    when 'team' then coalesce((
      select m.member_id from member m
      where m.campaign_id = $1 and (m.member_id = w.leader_id or m.leader_id = w.leader_id) and m.leave_time is null
        and m.role not in ('clerk', 'viewer')
      order by (select count(*) from follow_up o where o.campaign_id = $1 and o.owner_id = m.member_id and o.state = 'open'),
        md5(k.knock_id::text || m.member_id)
      limit 1), w.leader_id)
    else w.leader_id end,
  r.priority, case when 'CLOCK_BEHIND' = any(k.flags) then k.receive_time else k.knock_time end + r.due_after
from unnest($2::uuid[], $3::boolean[], $4::boolean[]) as fresh(knock_id, says_more, is_fresh)
join knock k on k.campaign_id = $1 and k.knock_id = fresh.knock_id
join walk_list w on w.campaign_id = $1 and w.walk_list_id = k.walk_list_id
join door d on d.campaign_id = $1 and d.door_id = k.door_id and not d.do_not_contact
join follow_up_rule r on r.campaign_id = $1 and r.enabled and (r.when_result = 0 or r.when_result = k.result)
  -- Most knocks say a result and nothing else: their answers and asks are not looked for.
  and (fresh.says_more or (r.when_question = '' and (r.when_ask = 0 or r.when_ask_answer < 0)))
  and (fresh.is_fresh or r.filter <> '') and k.receive_time >= r.begin_time
left join lateral (
  select true as found, a.person_id
  from knock_ask a
  left join person p on p.campaign_id = $1 and p.person_id = a.person_id
  where r.when_ask > 0 and r.when_ask_answer >= 0
    and a.campaign_id = $1 and a.knock_id = k.knock_id and a.ask = r.when_ask
    and (r.when_ask_answer = 0 or a.answer = r.when_ask_answer)
    and not coalesce(p.do_not_contact, false)
    and (r.filter = '' or exists (
      select from passed m
      where m.knock_id = k.knock_id and m.rule_id = r.rule_id and m.person_id is not distinct from a.person_id))
  order by a.ordinal
  limit 1) asked on true
left join lateral (
  select true as found, q.person_id
  from knock_response q
  left join person p on p.campaign_id = $1 and p.person_id = q.person_id
  where r.when_question <> ''
    and q.campaign_id = $1 and q.knock_id = k.knock_id and q.question = r.when_question
    and not q.off_script and (r.when_answers = '{}' or q.answer = any(r.when_answers))
    and not coalesce(p.do_not_contact, false)
    and (r.filter = '' or exists (
      select from passed m
      where m.knock_id = k.knock_id and m.rule_id = r.rule_id and m.person_id is not distinct from q.person_id))
  order by q.ordinal
  limit 1) answered on true
left join lateral (
  -- With a limit, so that it is looked up for each knock and not read for all.
  select true as found from knock_ask n
  where r.when_ask_answer = -1 and n.campaign_id = $1 and n.knock_id = k.knock_id and n.ask = r.when_ask
  limit 1) made on true
where k.result <> 0 and (r.when_question = '' or answered.found)
  and (r.filter = '' or exists (select from passed m where m.knock_id = k.knock_id and m.rule_id = r.rule_id))
  and (r.when_ask = 0 or asked.found or (r.when_ask_answer = -1 and made.found is null))
  and not exists (
    select from knock c where c.campaign_id = $1 and c.door_id = k.door_id and c.corrects_knock_id = k.knock_id)
on conflict (campaign_id, knock_id, rule_id) do update
set state = 'open', complete_time = null, completed_by = null, drop_reason = ''
where follow_up.state = 'dropped' and follow_up.drop_reason = 'RULE_NO_LONGER_HOLDS';

-- name: list_filter_rules
select rule_id, filter from follow_up_rule where campaign_id = $1 and enabled and filter <> '' order by rule_id;

-- name: knocks_of_filter
-- The knocks at these doors, each with a person whom it names, that a filter lets pass; it is put in for (true).
select f.knock_id, f.person_id from knock_fact f where f.campaign_id = $1 and f.door_id = any ($2::bigint[]) and (true);

-- name: drop_follow_ups_that_no_longer_pass
-- Open work at these doors of rules with a filter, which no longer lets the knock pass: something came before it that
-- arrived late, or was taken back. What an ended rule made stays. ($3, $4): what passes.
update follow_up f
set state = 'dropped', complete_time = $5, completed_by = f.owner_id, drop_reason = 'RULE_NO_LONGER_HOLDS',
    lease_member_id = null, lease_expire_time = null
from follow_up_rule r
where f.campaign_id = $1 and f.door_id = any ($2::bigint[]) and f.state = 'open'
  and r.campaign_id = $1 and r.rule_id = f.rule_id and r.enabled and r.filter <> ''
  and not exists (
    select from unnest($3::uuid[], $4::bigint[]) as m (knock_id, rule_id)
    where m.knock_id = f.knock_id and m.rule_id = f.rule_id);

-- name: insert_follow_up_rule
insert into follow_up_rule (campaign_id, name, when_result, when_ask, when_ask_answer, when_question, when_answers, filter,
                            queue, due_after, priority, owner_policy, climb_after, enabled, begin_time)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, make_interval(secs => $10), $11, $12, make_interval(secs => $13), $14, $15)
returning rule_id;

-- name: update_follow_up_rule
-- All but its conditions: what they gave rise to keeps the rule that it came of.
update follow_up_rule
set name = $3, queue = $4, due_after = make_interval(secs => $5), priority = $6, owner_policy = $7,
    climb_after = make_interval(secs => $8), enabled = $9
where campaign_id = $1 and rule_id = $2;

-- name: count_follow_up_rules
-- All, and those with a filter; nobody adds one meanwhile.
select count(*), count(*) filter (where filter <> '') from (
  select filter from follow_up_rule where campaign_id = $1 for no key update) r;

-- name: count_follow_ups_of_rule
select count(*) from follow_up where campaign_id = $1 and rule_id = $2;

-- name: knocks_received_since
-- The last $3 knocks that stand and were received after $2, with their doors.
select k.knock_id, k.door_id from standing_knock k
where k.campaign_id = $1 and k.receive_time > $2
order by k.receive_time desc
limit $3;

-- name: drop_corrected_follow_ups
-- What the knocks that these correct gave rise to: the correction has its own.
update follow_up f set state = 'dropped', complete_time = $3, completed_by = k.member_id, drop_reason = 'CORRECTED',
  lease_member_id = null, lease_expire_time = null
from knock k
where f.campaign_id = $1 and k.campaign_id = $1 and k.knock_id = any($2::uuid[]) and f.knock_id = k.corrects_knock_id
  and f.state = 'open';

-- name: drop_follow_ups_not_to_contact
-- Open work at the doors of these do-not-contact knocks that meant the household, and for the people they name.
with said as (
  select k.knock_id, k.door_id, k.member_id from knock k where k.campaign_id = $1 and k.knock_id = any($2::uuid[])),
named as (
  select r.knock_id, r.person_id from knock_response r
  where r.campaign_id = $1 and r.knock_id = any($2::uuid[]) and r.person_id is not null
  union
  select a.knock_id, a.person_id from knock_ask a
  where a.campaign_id = $1 and a.knock_id = any($2::uuid[]) and a.person_id is not null),
-- Each found by an index of its own and held; the update then goes by the primary key alone.
at_doors as materialized (
  select f.follow_up_id, s.member_id
  from said s
  join follow_up f on f.campaign_id = $1 and f.door_id = s.door_id and f.state = 'open'
  where not exists (select from named n where n.knock_id = s.knock_id)
  for update of f),
of_people as materialized (
  select f.follow_up_id, s.member_id
  from named n
  join said s on s.knock_id = n.knock_id
  join follow_up f on f.campaign_id = $1 and f.person_id = n.person_id and f.state = 'open'
  for update of f)
update follow_up f set state = 'dropped', complete_time = $3, completed_by = ended.member_id,
  drop_reason = 'DO_NOT_CONTACT', lease_member_id = null, lease_expire_time = null
from (select follow_up_id, member_id from at_doors union all select follow_up_id, member_id from of_people) ended
where f.campaign_id = $1 and f.follow_up_id = ended.follow_up_id;

-- name: list_follow_ups_of_owner
-- Owner $2's work in state $3, in due order after ($5, $6).
select f.follow_up_id, f.queue, r.name, f.state, f.owner_id, f.due_time, f.knock_id, f.door_id, f.person_id,
  trim(concat_ws(' ', nullif(p.first_name, ''), nullif(p.last_name, ''))), coalesce(p.phone, ''),
  concat_ws(', ', concat_ws(' ', a.house_number, a.street), nullif(d.unit, ''), nullif(a.city, '')), f.outcome, f.drop_reason,
  f.level, f.not_before, f.lease_member_id, f.lease_expire_time, f.fence, f.create_time, f.complete_time, f.completed_by
from follow_up f
join follow_up_rule r on r.campaign_id = $1 and r.rule_id = f.rule_id
join door d on d.campaign_id = $1 and d.door_id = f.door_id
join address_point a on a.campaign_id = $1 and a.address_point_id = d.address_point_id
left join person p on p.campaign_id = $1 and p.person_id = f.person_id
where f.campaign_id = $1 and f.owner_id = $2 and f.state = $3 and ($4::text = '' or f.queue = $4)
  and (f.due_time, f.follow_up_id) > ($5, $6)
order by f.due_time, f.follow_up_id
limit $7;

-- name: list_follow_ups_of_branch
-- The work of member $2 and of all below them (of everyone where $2 is 0) in state $3, in due order after ($5, $6).
with recursive branch as (
  select m.member_id from member m where m.campaign_id = $1 and m.member_id = $2
  union all
  select m.member_id from branch b join member m on m.campaign_id = $1 and m.leader_id = b.member_id)
select f.follow_up_id, f.queue, r.name, f.state, f.owner_id, f.due_time, f.knock_id, f.door_id, f.person_id,
  trim(concat_ws(' ', nullif(p.first_name, ''), nullif(p.last_name, ''))), coalesce(p.phone, ''),
  concat_ws(', ', concat_ws(' ', a.house_number, a.street), nullif(d.unit, ''), nullif(a.city, '')), f.outcome, f.drop_reason,
  f.level, f.not_before, f.lease_member_id, f.lease_expire_time, f.fence, f.create_time, f.complete_time, f.completed_by
from follow_up f
join follow_up_rule r on r.campaign_id = $1 and r.rule_id = f.rule_id
join door d on d.campaign_id = $1 and d.door_id = f.door_id
join address_point a on a.campaign_id = $1 and a.address_point_id = d.address_point_id
left join person p on p.campaign_id = $1 and p.person_id = f.person_id
where f.campaign_id = $1 and ($2 = 0 or f.owner_id in (select b.member_id from branch b)) and f.state = $3
  and ($4::text = '' or f.queue = $4) and (f.due_time, f.follow_up_id) > ($5, $6)
order by f.due_time, f.follow_up_id
limit $7;

-- name: list_follow_up_rules
select rule_id, name, when_result, when_ask, when_ask_answer, when_question, when_answers, queue,
  extract(epoch from due_after)::bigint, enabled, priority, owner_policy, extract(epoch from climb_after)::bigint, filter
from follow_up_rule
where campaign_id = $1 and rule_id > $2
order by rule_id
limit $3;
