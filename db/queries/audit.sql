-- name: write_audit
-- One entry, with the mark that it is not sealed yet.
with entry as (
  insert into audit_log (campaign_id, member_id, action, subject_kind, subject_id, detail)
  values ($1, $2, $3, $4, $5, $6)
  returning campaign_id, audit_id)
insert into audit_pending (campaign_id, audit_id) select campaign_id, audit_id from entry;

-- name: has_pending_audit
select exists (select from audit_pending where campaign_id = $1);

-- name: make_audit_head
insert into audit_head (campaign_id, seal_number, entry_hash)
select c.campaign_id, 0, decode(repeat('00', 32), 'hex') from campaign c where c.campaign_id = $1
on conflict (campaign_id) do nothing;

-- name: lock_audit_head
-- One sealer at a time; the others wait for it.
select seal_number, entry_hash from audit_head where campaign_id = $1 for update;

-- name: take_pending_audit
-- The entries that are to be sealed next, at most $2.
with taken as (
  delete from audit_pending p
  using (select audit_id from audit_pending where campaign_id = $1 order by audit_id limit $2) next
  where p.campaign_id = $1 and p.audit_id = next.audit_id
  returning p.audit_id)
select l.audit_id, l.audit_time, l.member_id, l.action, l.subject_kind, l.subject_id, l.detail::text
from taken t join audit_log l on l.campaign_id = $1 and l.audit_id = t.audit_id
order by l.audit_id;

-- name: insert_audit_seals
insert into audit_seal (campaign_id, seal_number, audit_id, entry_hash)
select $1, s.seal_number, s.audit_id, s.entry_hash
from unnest($2::bigint[], $3::bigint[], $4::bytea[]) as s (seal_number, audit_id, entry_hash);

-- name: move_audit_head
update audit_head set seal_number = $2, entry_hash = $3 where campaign_id = $1;

-- name: find_audit_head
select seal_number, entry_hash from audit_head where campaign_id = $1;

-- name: list_audit_seals
-- The seals above number $2, with the entry that each is of, where it is still there.
select s.seal_number, s.audit_id, s.entry_hash, l.audit_id is not null, l.audit_time, l.member_id, l.action,
  l.subject_kind, l.subject_id, l.detail::text
from audit_seal s
left join audit_log l on l.campaign_id = $1 and l.audit_id = s.audit_id
where s.campaign_id = $1 and s.seal_number > $2
order by s.seal_number
limit $3;

-- name: find_unsealed_audit
-- The first entry that has neither a seal nor a mark that one is to come.
select min(l.audit_id)
from audit_log l
where l.campaign_id = $1
  and not exists (select from audit_seal s where s.campaign_id = $1 and s.audit_id = l.audit_id)
  and not exists (select from audit_pending p where p.campaign_id = $1 and p.audit_id = l.audit_id);

-- name: list_audit
-- The newest first, below id $2 where it is not 0; of one member, of one action or its family ("token" has
-- "token.create"), about one thing, where these say so.
select l.audit_id, l.audit_time, l.member_id, l.action, l.subject_kind, l.subject_id, l.detail::text,
  (select s.seal_number from audit_seal s where s.campaign_id = $1 and s.audit_id = l.audit_id)
from audit_log l
where l.campaign_id = $1 and ($2::bigint = 0 or l.audit_id < $2)
  and ($3::bigint is null or l.member_id = $3)
  and ($4::text = '' or l.action = $4 or starts_with(l.action, $4 || '.'))
  and ($5::text = '' or l.subject_kind = $5) and ($6::bigint is null or l.subject_id = $6)
order by l.audit_id desc
limit $7;
