-- Growing leaders: a ladder of steps, trainings, and proposals that a person decides on.

-- What a campaign has settled. Made with the default ladder when it is first asked for.
create table growth_rule (
  campaign_id bigint not null,
  -- A day with as many doors is a shift.
  shift_doors_min integer not null default 10,
  -- As many steps of the ladder make someone ready to lead, if they knocked a shift lately.
  ready_steps_min integer not null default 3,
  -- A leader is quiet when neither they nor their team did anything for as long.
  quiet_days integer not null default 14,
  -- What was declined is not proposed again for as long.
  propose_again_days integer not null default 14,
  -- Turf is given only to those who have done it; null: to all who lead.
  required_module text,
  propose_time timestamptz not null default '-infinity'
);
alter table growth_rule add constraint growth_rule_pk primary key (campaign_id);
alter table growth_rule add constraint growth_rule_campaign_fk foreign key (campaign_id) references campaign (campaign_id);
alter table growth_rule add constraint growth_rule_ck check (
  shift_doors_min between 1 and 1000 and ready_steps_min between 1 and 20 and quiet_days between 1 and 365
  and propose_again_days between 0 and 365);

create table ladder_step (
  campaign_id bigint not null,
  code text not null,
  name text not null,
  -- What records it: joined, attended, shift, trained, hosted, leads; by_hand: only a person.
  kind text not null,
  rank integer not null,
  -- No longer of the ladder; who reached it keeps it.
  retired boolean not null default false
);
alter table ladder_step add constraint ladder_step_pk primary key (campaign_id, code);
alter table ladder_step add constraint ladder_step_campaign_fk foreign key (campaign_id) references campaign (campaign_id);
alter table ladder_step add constraint ladder_step_code_ck check (code ~ '^[a-z][a-z0-9_]{0,39}$');
alter table ladder_step add constraint ladder_step_name_ck check (length(name) between 1 and 100);
alter table ladder_step add constraint ladder_step_kind_ck
  check (kind in ('joined', 'attended', 'shift', 'trained', 'hosted', 'leads', 'by_hand'));

-- A step that a member has reached: once, with what shows it.
create table member_step (
  campaign_id bigint not null,
  member_id bigint not null,
  code text not null,
  reach_time timestamptz not null,
  -- {"day": "2026-11-26", "doors": 42}, {"meeting_id": 7}, {"module": "turf"}
  evidence jsonb not null default '{}',
  note text not null default '',
  -- Null: the system.
  recorded_by bigint
);
alter table member_step add constraint member_step_pk primary key (campaign_id, member_id, code);
alter table member_step add constraint member_step_member_fk
  foreign key (campaign_id, member_id) references member (campaign_id, member_id);
alter table member_step add constraint member_step_code_fk
  foreign key (campaign_id, code) references ladder_step (campaign_id, code);
alter table member_step add constraint member_step_recorded_by_fk
  foreign key (campaign_id, recorded_by) references member (campaign_id, member_id);
alter table member_step add constraint member_step_note_ck check (length(note) <= 500);

create table training_module (
  campaign_id bigint not null,
  code text not null,
  name text not null,
  -- How long it lasts; null: for good.
  valid_days integer,
  retired boolean not null default false
);
alter table training_module add constraint training_module_pk primary key (campaign_id, code);
alter table training_module add constraint training_module_campaign_fk
  foreign key (campaign_id) references campaign (campaign_id);
alter table training_module add constraint training_module_code_ck check (code ~ '^[a-z][a-z0-9_]{0,39}$');
alter table training_module add constraint training_module_name_ck check (length(name) between 1 and 100);
alter table training_module add constraint training_module_valid_ck check (valid_days between 1 and 3650);
alter table growth_rule add constraint growth_rule_module_fk
  foreign key (campaign_id, required_module) references training_module (campaign_id, code);

-- The last completion of a module by a member.
create table member_training (
  campaign_id bigint not null,
  member_id bigint not null,
  code text not null,
  complete_time timestamptz not null,
  -- Null: never.
  expire_time timestamptz,
  recorded_by bigint
);
alter table member_training add constraint member_training_pk primary key (campaign_id, member_id, code);
alter table member_training add constraint member_training_member_fk
  foreign key (campaign_id, member_id) references member (campaign_id, member_id);
alter table member_training add constraint member_training_code_fk
  foreign key (campaign_id, code) references training_module (campaign_id, code);
alter table member_training add constraint member_training_recorded_by_fk
  foreign key (campaign_id, recorded_by) references member (campaign_id, member_id);
alter table member_training add constraint member_training_time_ck check (expire_time > complete_time);

create table proposal (
  campaign_id bigint not null,
  proposal_id bigint generated by default as identity,
  -- lead: let them lead; split: split their full team; quiet: let them step down
  kind text not null,
  subject_id bigint not null,
  -- Why: counts and ids.
  evidence jsonb not null,
  -- For a split: who leads and who comes along.
  new_leader_id bigint,
  follower_ids bigint[] not null default '{}',
  -- open; accepted and done; declined; stale: it no longer holds
  state text not null default 'open',
  create_time timestamptz not null default now(),
  decide_time timestamptz,
  decided_by bigint,
  reason text not null default ''
);
alter table proposal add constraint proposal_pk primary key (campaign_id, proposal_id);
alter table proposal add constraint proposal_subject_fk
  foreign key (campaign_id, subject_id) references member (campaign_id, member_id);
alter table proposal add constraint proposal_new_leader_fk
  foreign key (campaign_id, new_leader_id) references member (campaign_id, member_id);
alter table proposal add constraint proposal_decided_by_fk
  foreign key (campaign_id, decided_by) references member (campaign_id, member_id);
alter table proposal add constraint proposal_kind_ck
  check (kind in ('lead', 'split', 'quiet') and (kind = 'split') = (new_leader_id is not null));
alter table proposal add constraint proposal_state_ck check (
  (state in ('open', 'stale') and decided_by is null)
  or (state in ('accepted', 'declined') and decided_by is not null and decide_time is not null));
alter table proposal add constraint proposal_reason_ck
  check (length(reason) <= 500 and (state <> 'declined' or length(reason) > 0));
-- Proposed once at a time.
create unique index proposal_open_uk on proposal (campaign_id, kind, subject_id) where state = 'open';
create index proposal_by_subject on proposal (campaign_id, subject_id, kind);

do $$
declare
  t text;
begin
  foreach t in array array['growth_rule', 'ladder_step', 'member_step', 'training_module', 'member_training', 'proposal']
  loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format('create policy campaign_scope on %I using (campaign_id = current_campaign()) '
                   'with check (campaign_id = current_campaign())', t);
    execute format('grant select, insert, update on %I to snowfield_app', t);
  end loop;
end
$$;
revoke update on member_step from snowfield_app;
