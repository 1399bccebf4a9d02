-- name: write_audit
-- One entry. $2 and $5 are null or 0 where there is none.
insert into audit_log (campaign_id, member_id, action, subject_kind, subject_id, detail)
values ($1, nullif($2, 0), $3, $4, nullif($5, 0), $6::text::jsonb);
