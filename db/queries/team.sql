-- name: lock_moves
-- Changes of the tree other than joining are one at a time in a campaign, so that two can't put each other below
-- themselves.
select campaign_id from campaign where campaign_id = $1 for no key update;

-- name: lock_member
-- Waits for those who are joining the team of $2, and holds others off.
select member_id from member where campaign_id = $1 and member_id = $2 for update;

-- name: list_team
-- The direct members of $2 in the order of their places.
select member_id, slot::integer from member where campaign_id = $1 and leader_id = $2 order by slot;

-- name: free_slots
-- The free places on the team of $2, lowest first.
select c.slot::integer from campaign_slot c
where c.campaign_id = $1
  and not exists (select from member m where m.campaign_id = $1 and m.leader_id = $2 and m.slot = c.slot)
order by c.slot;

-- name: near_leaders
-- Leaders with room who are near to member $2 in the tree, at most $3 steps away and not below $2, nearest first, with
-- their free places. A way through a tree that never turns back meets each member once.
with recursive reach (member_id, leader_id, came_from, distance) as (
  select l.member_id, l.leader_id, x.member_id, 1
  from member x join member l on l.campaign_id = $1 and l.member_id = x.leader_id
  where x.campaign_id = $1 and x.member_id = $2
  union all
  select n.member_id, n.leader_id, r.member_id, r.distance + 1
  from reach r
  cross join lateral (
    select u.member_id, u.leader_id from member u where u.campaign_id = $1 and u.member_id = r.leader_id
    union all
    select d.member_id, d.leader_id from member d where d.campaign_id = $1 and d.leader_id = r.member_id) n
  where r.distance < $3 and n.member_id <> r.came_from)
select r.member_id, f.slots
from reach r
join member m on m.campaign_id = $1 and m.member_id = r.member_id
cross join lateral (
  select array_agg(c.slot::bigint order by c.slot) as slots from campaign_slot c
  where c.campaign_id = $1
    and not exists (select from member t
                    where t.campaign_id = $1 and t.leader_id = r.member_id and t.slot = c.slot)) f
where m.role in ('owner', 'director', 'organizer', 'leader') and f.slots is not null
order by r.distance, r.member_id
limit $4;

-- name: seat_members
-- A batch: each member of $2 comes to the leader and place that stand beside, and everyone below comes along. One
-- statement, because rows name their leader's depth under a foreign key, and places may be exchanged. Those whose new
-- leader does not move are the starts ($5); from them it goes down the tree as it will be, as far as depths change. How
-- many of $2 were reached stands in the answer: all of them, or the change is no tree.
with recursive seat as materialized (
  select n.member_id, n.leader_id, n.slot, n.is_start
  from unnest($2::bigint[], $3::bigint[], $4::bigint[], $5::boolean[]) as n (member_id, leader_id, slot, is_start)),
branch (member_id, leader_id, slot, depth, old_depth, is_seat) as (
  select m.member_id, s.leader_id, s.slot, l.depth + 1, m.depth::integer, true
  from seat s
  join member m on m.campaign_id = $1 and m.member_id = s.member_id
  join member l on l.campaign_id = $1 and l.member_id = s.leader_id
  where s.is_start
  union all
  select c.member_id, c.leader_id, c.slot, b.depth + 1, c.old_depth, c.is_seat
  from branch b
  cross join lateral (
    select m.member_id, m.leader_id, m.slot::bigint, m.depth::integer as old_depth, false as is_seat
    from member m
    where m.campaign_id = $1 and m.leader_id = b.member_id and b.depth <> b.old_depth
      and not exists (select from seat s where s.member_id = m.member_id)
    union all
    select m.member_id, s.leader_id, s.slot, m.depth::integer, true
    from seat s join member m on m.campaign_id = $1 and m.member_id = s.member_id
    where s.leader_id = b.member_id and not s.is_start) c),
seated as (
  update member m
  set leader_id = b.leader_id, slot = b.slot, leader_depth = b.depth - 1, depth = b.depth
  from branch b
  where m.campaign_id = $1 and m.member_id = b.member_id
  returning b.is_seat)
select count(*) filter (where is_seat) from seated;

-- name: set_role
update member set role = $3 where campaign_id = $1 and member_id = $2;

-- name: compare_places_at_commit
-- Two members may have one place until the end of the transaction.
set constraints member_slot_uk deferred;

-- name: leave
-- Nobody may follow them any more: the foreign key of those who do refuses it.
update member
set leave_time = now(), left_leader_id = leader_id, leader_id = null, leader_depth = null, slot = null, depth = -1
where campaign_id = $1 and member_id = $2 and leave_time is null;

-- name: end_tokens_of_member
update access_token set revoke_time = now() where campaign_id = $1 and member_id = $2 and revoke_time is null;

-- name: end_phones_of_member
update phone set revoke_time = now() where campaign_id = $1 and member_id = $2 and revoke_time is null;

-- name: end_codes_of_member
delete from enrolment_code where campaign_id = $1 and member_id = $2 and use_time is null;

-- name: count_holdings
-- What member $2 holds: current walk lists, and open follow-ups.
select (select count(*) from walk_list w where w.campaign_id = $1 and w.leader_id = $2 and w.revoke_time is null),
       (select count(*) from follow_up f where f.campaign_id = $1 and f.owner_id = $2 and f.state = 'open');

-- name: hand_over_walk_lists
-- As they are: a phone that has one out keeps it, and its number stays.
update walk_list set leader_id = $3 where campaign_id = $1 and leader_id = $2 and revoke_time is null;

-- name: hand_over_follow_ups
update follow_up set owner_id = $3 where campaign_id = $1 and owner_id = $2 and state = 'open';
