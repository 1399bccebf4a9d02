-- name: list_tokens
select token_id, member_id, phone_id, label, create_time, expire_time, revoke_time
from access_token
where campaign_id = $1 and token_id > $2 and ($3::bigint is null or member_id = $3)
order by token_id
limit $4;

-- name: list_phones
-- Of member $3, where that is not null; only of member $4 and of those below them where that is not null.
with recursive branch as (
  select m.member_id from member m where m.campaign_id = $1 and m.member_id = $4
  union all
  select m.member_id from branch b join member m on m.campaign_id = $1 and m.leader_id = b.member_id)
select p.phone_id, p.member_id, p.label, p.create_time, p.revoke_time
from phone p
where p.campaign_id = $1 and p.phone_id > $2 and ($3::bigint is null or p.member_id = $3)
  and ($4::bigint is null or p.member_id in (select b.member_id from branch b))
order by p.phone_id
limit $5;

-- name: find_phone_owner
select member_id from phone where campaign_id = $1 and phone_id = $2;

-- name: revoke_phone
update phone set revoke_time = coalesce(revoke_time, now()) where campaign_id = $1 and phone_id = $2;
