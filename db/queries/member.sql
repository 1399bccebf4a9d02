-- name: insert_member
-- On the lowest free slot of the team of $4, whose row is held, so that whoever moves the leader waits or is waited for.
-- No row: nobody of this id leads, or the team is full.
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
where l.campaign_id = $1 and l.member_id = $4 and l.leave_time is null
  and l.role in ('owner', 'director', 'organizer', 'leader')
for key share of l
returning member_id;

-- name: find_member_by_request
select member_id from member where campaign_id = $1 and request_id = $2;

-- name: find_member
select m.member_id, m.display_name, m.role, m.leader_id, m.depth, m.slot, st_x(m.home), st_y(m.home),
       (select count(*) from member t where t.campaign_id = m.campaign_id and t.leader_id = m.member_id), m.leave_time
from member m
where m.campaign_id = $1 and m.member_id = $2;

-- name: find_top_member
select member_id from member where campaign_id = $1 and leader_id is null and leave_time is null;

-- name: list_members
-- In order of id, above $4; of one team where $2 is not null, of one role where $3 is not empty.
select m.member_id, m.display_name, m.role, m.leader_id, m.depth, m.slot, st_x(m.home), st_y(m.home),
       (select count(*) from member t where t.campaign_id = m.campaign_id and t.leader_id = m.member_id), m.leave_time
from member m
where m.campaign_id = $1 and ($2::bigint is null or m.leader_id = $2) and ($3 = '' or m.role = $3) and m.member_id > $4
  and m.leave_time is null
order by m.member_id
limit $5;

-- name: list_branch
-- As list_members, of everyone from $6 downwards.
with recursive branch as (
  select member_id from member where campaign_id = $1 and member_id = $6
  union all
  select m.member_id from branch b join member m on m.campaign_id = $1 and m.leader_id = b.member_id)
select m.member_id, m.display_name, m.role, m.leader_id, m.depth, m.slot, st_x(m.home), st_y(m.home),
       (select count(*) from member t where t.campaign_id = m.campaign_id and t.leader_id = m.member_id), m.leave_time
from branch b join member m on m.campaign_id = $1 and m.member_id = b.member_id
where ($2::bigint is null or m.leader_id = $2) and ($3 = '' or m.role = $3) and m.member_id > $4
order by m.member_id
limit $5;
