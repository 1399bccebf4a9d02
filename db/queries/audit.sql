-- name: write_audit
-- One entry.
insert into audit_log (campaign_id, member_id, action, subject_kind, subject_id, detail)
values ($1, $2, $3, $4, $5, $6);
