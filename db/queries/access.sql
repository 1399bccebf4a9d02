-- name: next_campaign_id
select nextval('campaign_campaign_id_seq');

-- name: insert_campaign
insert into campaign (campaign_id, name, span) values ($1, $2, $3);

-- name: insert_campaign_slots
insert into campaign_slot (campaign_id, slot) select $1, generate_series(1, $2::integer);

-- name: insert_change_counter
insert into change_counter (campaign_id) values ($1);

-- name: insert_owner
insert into member (campaign_id, display_name, role, depth) values ($1, $2, 'owner', 0) returning member_id;

-- name: campaign_name
select name from campaign where campaign_id = $1;

-- name: find_token
-- The member behind a token's hash. The token of one who has left is as good as revoked.
select t.token_id, t.member_id, t.phone_id, m.role, m.held_to_branch, t.expire_time,
       t.revoke_time is not null or p.revoke_time is not null or m.leave_time is not null
from access_token t
join member m on m.campaign_id = t.campaign_id and m.member_id = t.member_id
left join phone p on p.campaign_id = t.campaign_id and p.phone_id = t.phone_id
where t.campaign_id = $1 and t.token_hash = $2;

-- name: insert_token
insert into access_token (campaign_id, token_hash, member_id, phone_id, label, expire_time)
values ($1, $2, $3, $4, $5, $6)
returning token_id;

-- name: revoke_token
update access_token set revoke_time = coalesce(revoke_time, now())
where campaign_id = $1 and token_id = $2
returning member_id;

-- name: insert_enrolment_code
insert into enrolment_code (campaign_id, code_hash, member_id, expire_time) values ($1, $2, $3, $4);

-- name: find_operator_token
select 1 from operator_token where token_hash = $1;

-- name: insert_operator_token
insert into operator_token (token_hash) values ($1);

-- name: member_role
select role from member where campaign_id = $1 and member_id = $2;

-- name: lock_access
-- Changes of access are one at a time in a campaign, so that two owners can't each take the other's role.
select campaign_id from campaign where campaign_id = $1 for no key update;

-- name: set_member_access
update member set role = $3, held_to_branch = $4 where campaign_id = $1 and member_id = $2;

-- name: has_owner
select exists (select from member where campaign_id = $1 and role = 'owner');

-- name: is_in_branch
-- Whether member $2 is $3 or stands below them.
with recursive above as (
  select member_id, leader_id from member where campaign_id = $1 and member_id = $2
  union all
  select m.member_id, m.leader_id
  from above a join member m on m.campaign_id = $1 and m.member_id = a.leader_id)
select exists (select from above where member_id = $3);
