-- name: set_sign_in_issuer
insert into sign_in_issuer (campaign_id, issuer, audience, member_claim) values ($1, $2, $3, $4)
on conflict (campaign_id, issuer) do update set audience = excluded.audience, member_claim = excluded.member_claim
returning issuer_id;

-- name: count_sign_in_issuers
select count(*) from sign_in_issuer where campaign_id = $1;

-- name: remove_sign_in_issuer
delete from sign_in_issuer where campaign_id = $1 and issuer = $2 returning issuer_id;

-- name: list_sign_in_issuers
select issuer_id, issuer, audience, member_claim from sign_in_issuer
where campaign_id = $1 and issuer_id > $2
order by issuer_id
limit $3;

-- name: find_sign_in_issuer
select issuer_id, issuer, audience, member_claim from sign_in_issuer where campaign_id = $1 and issuer = $2;

-- name: link_sign_in_subject
-- No row: the campaign does not trust this issuer.
insert into sign_in_subject (campaign_id, issuer_id, subject, member_id)
select i.campaign_id, i.issuer_id, $3, $4 from sign_in_issuer i where i.campaign_id = $1 and i.issuer = $2
on conflict (campaign_id, issuer_id, subject) do update set member_id = excluded.member_id
returning subject_id;

-- name: unlink_sign_in_subject
delete from sign_in_subject s
using sign_in_issuer i
where i.campaign_id = $1 and i.issuer = $2 and s.campaign_id = $1 and s.issuer_id = i.issuer_id and s.subject = $3
returning s.subject_id;

-- name: list_sign_in_subjects
select s.subject_id, i.issuer, s.subject, s.member_id
from sign_in_subject s
join sign_in_issuer i on i.campaign_id = $1 and i.issuer_id = s.issuer_id
where s.campaign_id = $1 and s.subject_id > $2 and ($3::bigint is null or s.member_id = $3)
order by s.subject_id
limit $4;

-- name: find_sign_in_member
-- Who this subject is here; one who has left is nobody.
select m.member_id, m.role, m.held_to_branch
from sign_in_subject s
join member m on m.campaign_id = $1 and m.member_id = s.member_id
where s.campaign_id = $1 and s.issuer_id = $2 and s.subject = $3 and m.leave_time is null;
