-- The audit log as a chain: each entry is sealed under a number by a hash that covers the entry and the seal before it, so
-- that a change, a gap or an insertion behind the application's back shows.
--
-- Entries are stored in the transaction of what they tell of, beside a mark that they are not sealed yet. A server seals
-- them a moment later, one sealer at a time, in the order in which they have become visible: no writer waits for another.

-- The rows that are there get their marks; the owner sees them only while row-level security is not forced.
alter table audit_log no force row level security;

create table audit_pending (
  campaign_id bigint not null,
  audit_id bigint not null
);
alter table audit_pending add constraint audit_pending_pk primary key (campaign_id, audit_id);
alter table audit_pending add constraint audit_pending_entry_fk
  foreign key (campaign_id, audit_id) references audit_log (campaign_id, audit_id);
insert into audit_pending (campaign_id, audit_id) select campaign_id, audit_id from audit_log;
alter table audit_log force row level security;

create table audit_seal (
  campaign_id bigint not null,
  -- 1, 2, 3, ... without gaps.
  seal_number bigint not null,
  audit_id bigint not null,
  -- SHA-256 over the seal before and the entry (services/access/audit_chain.h).
  entry_hash bytea not null
);
alter table audit_seal add constraint audit_seal_pk primary key (campaign_id, seal_number);
alter table audit_seal add constraint audit_seal_entry_uk unique (campaign_id, audit_id);
alter table audit_seal add constraint audit_seal_entry_fk
  foreign key (campaign_id, audit_id) references audit_log (campaign_id, audit_id);
alter table audit_seal add constraint audit_seal_hash_ck check (length(entry_hash) = 32);
alter table audit_seal add constraint audit_seal_number_ck check (seal_number >= 1);

-- The last seal of a campaign; its row is held by whoever seals.
create table audit_head (
  campaign_id bigint not null,
  seal_number bigint not null,
  entry_hash bytea not null
);
alter table audit_head add constraint audit_head_pk primary key (campaign_id);
alter table audit_head add constraint audit_head_campaign_fk
  foreign key (campaign_id) references campaign (campaign_id);
alter table audit_head add constraint audit_head_hash_ck check (length(entry_hash) = 32);

create index audit_log_by_member on audit_log (campaign_id, member_id, audit_id);
create index audit_log_by_subject on audit_log (campaign_id, subject_kind, subject_id, audit_id);

do $$
declare
  t text;
begin
  foreach t in array array['audit_pending', 'audit_seal', 'audit_head'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format('create policy campaign_scope on %I using (campaign_id = current_campaign()) '
                   'with check (campaign_id = current_campaign())', t);
    execute format('grant select, insert on %I to snowfield_app', t);
  end loop;
end
$$;
-- Seals are never changed.
grant delete on audit_pending to snowfield_app;
grant update on audit_head to snowfield_app;
