-- name: insert_member
-- On the lowest free slot of the team of $4. No row: the leader does not exist, or the team is full.
insert into member (campaign_id, display_name, role, leader_id, leader_depth, slot, depth, home, request_id)
select l.campaign_id, $2, $3, l.member_id, l.depth, s.slot, l.depth + 1, $5::geometry, $6
from member l
cross join lateral (
  select c.slot from campaign_slot c
  where c.campaign_id = l.campaign_id
    and not exists (select from member m
                    where m.campaign_id = l.campaign_id and m.leader_id = l.member_id and m.slot = c.slot)
  order by c.slot
  limit 1) s
where l.campaign_id = $1 and l.member_id = $4
returning member_id;

-- name: find_member_by_request
select member_id from member where campaign_id = $1 and request_id = $2;

-- name: find_member
select m.member_id, m.display_name, m.role, m.leader_id, m.depth, m.slot, st_x(m.home), st_y(m.home),
       (select count(*) from member t where t.campaign_id = m.campaign_id and t.leader_id = m.member_id)
from member m
where m.campaign_id = $1 and m.member_id = $2;

-- name: find_top_member
select member_id from member where campaign_id = $1 and leader_id is null order by member_id limit 1;

-- name: list_members
-- In order of id, above $4; of one team where $2 is not null, of one role where $3 is not empty.
select m.member_id, m.display_name, m.role, m.leader_id, m.depth, m.slot, st_x(m.home), st_y(m.home),
       (select count(*) from member t where t.campaign_id = m.campaign_id and t.leader_id = m.member_id)
from member m
where m.campaign_id = $1 and ($2::bigint is null or m.leader_id = $2) and ($3 = '' or m.role = $3) and m.member_id > $4
order by m.member_id
limit $5;

-- name: list_branch
-- As list_members, of everyone from $6 downwards.
with recursive branch as (
  select member_id from member where campaign_id = $1 and member_id = $6
  union all
  select m.member_id from branch b join member m on m.campaign_id = $1 and m.leader_id = b.member_id)
select m.member_id, m.display_name, m.role, m.leader_id, m.depth, m.slot, st_x(m.home), st_y(m.home),
       (select count(*) from member t where t.campaign_id = m.campaign_id and t.leader_id = m.member_id)
from branch b join member m on m.campaign_id = $1 and m.member_id = b.member_id
where ($2::bigint is null or m.leader_id = $2) and ($3 = '' or m.role = $3) and m.member_id > $4
order by m.member_id
limit $5;

-- name: lock_moves
-- Moves are one at a time in a campaign, so that two can't put each other below themselves.
select campaign_id from campaign where campaign_id = $1 for no key update;

-- name: move_branch
-- Puts member $2 with everyone below on the lowest free slot of the team of $3. One statement, because the rows of the
-- branch name each other's depth under a foreign key. No row: the team is full.
with recursive branch as (
  select member_id, 0 as below from member where campaign_id = $1 and member_id = $2
  union all
  select m.member_id, b.below + 1 from branch b join member m on m.campaign_id = $1 and m.leader_id = b.member_id),
place as (
  select l.member_id, l.depth, s.slot
  from member l
  cross join lateral (
    select c.slot from campaign_slot c
    where c.campaign_id = l.campaign_id
      and not exists (select from member m
                      where m.campaign_id = l.campaign_id and m.leader_id = l.member_id and m.slot = c.slot)
    order by c.slot
    limit 1) s
  where l.campaign_id = $1 and l.member_id = $3)
update member m
set leader_id = case when b.below = 0 then p.member_id else m.leader_id end,
    slot = case when b.below = 0 then p.slot else m.slot end,
    leader_depth = p.depth + b.below,
    depth = p.depth + b.below + 1
from branch b, place p
where m.campaign_id = $1 and m.member_id = b.member_id;
