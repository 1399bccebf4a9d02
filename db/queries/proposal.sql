-- name: lock_proposing
-- The turn to propose, where the last time was before $2. No row: somebody did or does.
select campaign_id from growth_rule where campaign_id = $1 and propose_time < $2 for update skip locked;

-- name: mark_proposed
update growth_rule set propose_time = $2 where campaign_id = $1;

-- name: propose_leading
-- Canvassers who have come far enough up the ladder and knocked a shift's worth of doors in the 28 days before $3; of the
-- team of $2, or of all where it is 0. Proposals that no longer hold become stale. Of each pair of ways to the same rows,
-- here and below, $2 leaves one.
with subject as materialized (
  select m.member_id from member m where m.campaign_id = $1 and $2 <> 0 and m.leader_id = $2
  union all
  select m.member_id from member m where m.campaign_id = $1 and $2 = 0),
ready as (
  select m.member_id, jsonb_build_object('steps', t.steps, 'doors', r.doors, 'contacts', r.contacts, 'last_day', r.last_day)
    as evidence
  from growth_rule g
  cross join subject s
  cross join lateral (
    select sum(y.doors)::bigint as doors, sum(y.contacts)::bigint as contacts, max(y.day) as last_day
    from member_day y
    where y.campaign_id = $1 and y.member_id = s.member_id and y.day > ($3::timestamptz)::date - 28) r
  join member m on m.campaign_id = $1 and m.member_id = s.member_id and m.role = 'canvasser' and m.leave_time is null
  cross join lateral (
    select jsonb_agg(e.code order by l.rank) as steps, count(*) as reached, bool_or(l.kind = 'shift') as shift
    from member_step e join ladder_step l on l.campaign_id = $1 and l.code = e.code and not l.retired
    where e.campaign_id = $1 and e.member_id = m.member_id) t
  where g.campaign_id = $1 and r.doors >= g.shift_doors_min and t.reached >= g.ready_steps_min and t.shift),
ended as (
  update proposal p set state = 'stale'
  where p.campaign_id = $1 and p.kind = 'lead' and p.state = 'open'
    and ($2 = 0 or p.subject_id in (select s.member_id from subject s))
    and not exists (select from ready r where r.member_id = p.subject_id))
insert into proposal (campaign_id, kind, subject_id, evidence)
select $1, 'lead', r.member_id, r.evidence
from ready r join growth_rule g on g.campaign_id = $1
where not exists (
  select from proposal p
  where p.campaign_id = $1 and p.subject_id = r.member_id and p.kind = 'lead' and p.state = 'declined'
    and p.decide_time > $3::timestamptz - g.propose_again_days * interval '1 day')
order by r.member_id
on conflict (campaign_id, kind, subject_id) where state = 'open' do nothing;

-- name: propose_splits
-- Full teams, the one of $2 or all where it is 0, in which someone leads or is ready to, with room for three. These come
-- along: who knocked the same walk lists as the new leader, then who joined last. They lead nobody themselves, and with
-- three gone the team has room again: the others keep the leader they know.
with full_team as materialized (
  select m.leader_id from member m join campaign c on c.campaign_id = m.campaign_id
  where m.campaign_id = $1 and $2 <> 0 and m.leader_id = $2
  group by m.leader_id, c.span
  having count(*) >= c.span
  union all
  select m.leader_id from member m join campaign c on c.campaign_id = m.campaign_id
  where m.campaign_id = $1 and $2 = 0 and m.leader_id is not null
  group by m.leader_id, c.span
  having count(*) >= c.span),
heir as (
  select distinct on (f.leader_id) f.leader_id, m.member_id, n.team_size
  from full_team f
  join member m on m.campaign_id = $1 and m.leader_id = f.leader_id
  join campaign c on c.campaign_id = $1
  cross join lateral (
    select count(*) as team_size from member b where b.campaign_id = $1 and b.leader_id = m.member_id) n
  where n.team_size + 3 <= c.span
    and (m.role = 'leader' or exists (
      select from proposal p
      where p.campaign_id = $1 and p.subject_id = m.member_id and p.kind = 'lead' and p.state = 'open'))
  order by f.leader_id, m.role = 'leader' desc, n.team_size, m.create_time, m.member_id),
plan as (
  select h.leader_id, h.member_id, h.team_size, w.follower_ids
  from heir h
  cross join lateral (
    select array_agg(o.member_id order by o.shared desc, o.create_time desc, o.member_id) as follower_ids
    from (
      select m.member_id, m.create_time,
        (select count(*) from (
           select c.walk_list_id from checkout c join phone p on p.campaign_id = $1 and p.phone_id = c.phone_id
           where c.campaign_id = $1 and p.member_id = m.member_id
           intersect
           select c.walk_list_id from checkout c join phone p on p.campaign_id = $1 and p.phone_id = c.phone_id
           where c.campaign_id = $1 and p.member_id = h.member_id) l) as shared
      from member m
      where m.campaign_id = $1 and m.leader_id = h.leader_id and m.member_id <> h.member_id
        and not exists (select from member b where b.campaign_id = $1 and b.leader_id = m.member_id)
      order by shared desc, m.create_time desc, m.member_id
      limit 3) o) w
  where w.follower_ids is not null),
ended as (
  update proposal p set state = 'stale'
  where p.campaign_id = $1 and p.kind = 'split' and p.state = 'open' and ($2 = 0 or p.subject_id = $2)
    and not exists (select from plan l where l.leader_id = p.subject_id and l.member_id = p.new_leader_id
                    and l.follower_ids = p.follower_ids)
  returning p.subject_id)
insert into proposal (campaign_id, kind, subject_id, evidence, new_leader_id, follower_ids)
select $1, 'split', l.leader_id, jsonb_build_object('new_leader_team', l.team_size), l.member_id, l.follower_ids
from plan l join growth_rule g on g.campaign_id = $1
where not exists (select from ended e where e.subject_id = l.leader_id)
  and not exists (
    select from proposal p
    where p.campaign_id = $1 and p.subject_id = l.leader_id and p.kind = 'split' and p.state = 'declined'
      and p.decide_time > $3::timestamptz - g.propose_again_days * interval '1 day')
order by l.leader_id
on conflict (campaign_id, kind, subject_id) where state = 'open' do nothing;

-- name: propose_quiet
-- Leaders, of the team of $2 or all where it is 0, who lead someone and of whom, and of whose team, nothing was heard for
-- the campaign's quiet days: no knocks, no follow-up done.
with led as materialized (
  select m.member_id, m.create_time from member m
  where m.campaign_id = $1 and $2 <> 0 and m.leader_id = $2 and m.role = 'leader'
  union all
  select m.member_id, m.create_time from member m where m.campaign_id = $1 and $2 = 0 and m.role = 'leader'),
silent as (
  select l.member_id, h.last_day, g.quiet_days
  from led l
  join growth_rule g on g.campaign_id = $1
  cross join lateral (
    select greatest(
      (select max(y.day) from member_day y where y.campaign_id = $1 and y.member_id = l.member_id),
      (select max(y.day) from member b join member_day y on y.campaign_id = $1 and y.member_id = b.member_id
       where b.campaign_id = $1 and b.leader_id = l.member_id)) as last_day) h
  where l.create_time < $3::timestamptz - g.quiet_days * interval '1 day'
    and exists (select from member b where b.campaign_id = $1 and b.leader_id = l.member_id)
    and coalesce(h.last_day, '-infinity') < ($3::timestamptz)::date - g.quiet_days),
worked as (
  select distinct f.completed_by as member_id
  from follow_up f join growth_rule g on g.campaign_id = $1
  where f.campaign_id = $1 and f.state = 'done' and f.complete_time >= $3::timestamptz - g.quiet_days * interval '1 day'),
quiet as (
  select s.member_id, jsonb_build_object('last_day', s.last_day, 'quiet_days', s.quiet_days) as evidence
  from silent s
  where not exists (select from worked w where w.member_id = s.member_id)),
ended as (
  update proposal p set state = 'stale'
  from member m
  where p.campaign_id = $1 and p.kind = 'quiet' and p.state = 'open' and m.campaign_id = $1 and m.member_id = p.subject_id
    and ($2 = 0 or m.leader_id = $2) and not exists (select from quiet q where q.member_id = p.subject_id))
insert into proposal (campaign_id, kind, subject_id, evidence)
select $1, 'quiet', q.member_id, q.evidence
from quiet q join growth_rule g on g.campaign_id = $1
where not exists (
  select from proposal p
  where p.campaign_id = $1 and p.subject_id = q.member_id and p.kind = 'quiet' and p.state = 'declined'
    and p.decide_time > $3::timestamptz - g.propose_again_days * interval '1 day')
order by q.member_id
on conflict (campaign_id, kind, subject_id) where state = 'open' do nothing;

-- name: list_proposals
-- In state $3, above id $4: about the team of $2 and about $2 themselves, or about everybody where it is 0.
select p.proposal_id, p.kind, p.subject_id, m.display_name, p.evidence::text, p.new_leader_id, p.follower_ids, p.state,
  p.create_time, p.decide_time, p.decided_by, p.reason
from proposal p join member m on m.campaign_id = $1 and m.member_id = p.subject_id
where p.campaign_id = $1 and p.state = $3 and p.proposal_id > $4
  and ($2 = 0 or m.leader_id = $2 or (m.member_id = $2 and p.kind = 'split'))
order by p.proposal_id
limit $5;

-- name: list_proposals_of_team
-- The open ones about the team of $2, and about its split.
select p.proposal_id, p.kind, p.subject_id
from member m join proposal p on p.campaign_id = $1 and p.subject_id = m.member_id and p.state = 'open'
where m.campaign_id = $1 and (m.leader_id = $2 or (m.member_id = $2 and p.kind = 'split'))
order by p.proposal_id
limit $3;

-- name: lock_proposal
select p.proposal_id, p.kind, p.subject_id, m.display_name, p.evidence::text, p.new_leader_id, p.follower_ids, p.state,
  p.create_time, p.decide_time, p.decided_by, p.reason
from proposal p join member m on m.campaign_id = $1 and m.member_id = p.subject_id
where p.campaign_id = $1 and p.proposal_id = $2
for update of p;

-- name: decide_proposal
update proposal set state = $3, decided_by = $4, decide_time = $5, reason = $6
where campaign_id = $1 and proposal_id = $2 and state = 'open';
