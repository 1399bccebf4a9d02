-- Short enrolment codes, for typing, are only as good as the limit on guesses: failed guesses are counted for each source
-- and for the campaign, where every server sees them.

create table enrolment_guard (
  campaign_id bigint not null,
  -- A hash of where the guesses come from; empty: the campaign as a whole.
  source bytea not null,
  -- Failures are counted from here on, until the window is over.
  window_start timestamptz not null,
  failures integer not null,
  locked_until timestamptz
);
alter table enrolment_guard add constraint enrolment_guard_pk primary key (campaign_id, source);
alter table enrolment_guard add constraint enrolment_guard_campaign_fk
  foreign key (campaign_id) references campaign (campaign_id);
alter table enrolment_guard add constraint enrolment_guard_source_ck check (length(source) in (0, 32));
alter table enrolment_guard add constraint enrolment_guard_failures_ck check (failures >= 0);

alter table enrolment_guard enable row level security;
alter table enrolment_guard force row level security;
create policy campaign_scope on enrolment_guard using (campaign_id = current_campaign())
  with check (campaign_id = current_campaign());
grant select, insert, update, delete on enrolment_guard to snowfield_app;
