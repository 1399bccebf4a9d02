-- What a cut was asked for, what it missed, how far it is, and which cut it follows.

alter table cut
  -- Turfs are cut to doors or to minutes of work; the bounds of the other are 0.
  add column target_minutes double precision not null default 0,
  add column min_minutes double precision not null default 0,
  add column max_minutes double precision not null default 0,
  -- Where each walk ends: anywhere, start.
  add column finish text not null default 'anywhere',
  add column walk_speed_m_per_s double precision not null default 1.2,
  add column seconds_per_door double precision not null default 90,
  add column turfs_per_region integer not null default 8,
  -- The cut of this pass that was live when this one began: turfs on its turfs' ground take their numbers.
  add column previous_cut_id bigint,
  -- Its turfs are kept where they still fit.
  add column keep_live boolean not null default false,
  -- How far a running cut is, for those who watch it from another server.
  add column stage text not null default 'loading',
  add column fraction double precision not null default 0;
alter table cut drop constraint cut_size_ck;
alter table cut add constraint cut_size_ck check (
  case when target_minutes = 0
    then min_minutes = 0 and max_minutes = 0
      and 1 <= min_doors and min_doors <= target_doors and target_doors <= max_doors
    else min_doors = 0 and target_doors = 0 and max_doors = 0
      and 0 < min_minutes and min_minutes <= target_minutes and target_minutes <= max_minutes and max_minutes < 100000
  end);
alter table cut add constraint cut_finish_ck check (finish in ('anywhere', 'start'));
alter table cut add constraint cut_pace_ck
  check (0 < walk_speed_m_per_s and walk_speed_m_per_s < 100 and 0 <= seconds_per_door and seconds_per_door < 100000);
alter table cut add constraint cut_region_ck check (turfs_per_region >= 1);
alter table cut add constraint cut_previous_fk
  foreign key (campaign_id, previous_cut_id, pass_id) references cut (campaign_id, cut_id, pass_id);
alter table cut add constraint cut_keep_ck check (not keep_live or previous_cut_id is not null);
alter table cut add constraint cut_fraction_ck check (0 <= fraction and fraction <= 1);
create unique index cut_published_uk on cut (campaign_id, pass_id) where state = 'published';

-- A door or a turf that misses a bound, and why. What is said of a turf goes with the turf.
create table cut_problem (
  campaign_id bigint not null,
  cut_id bigint not null,
  ordinal integer not null,
  reason text not null,
  turf_number integer not null,
  -- Null where it is about the turf.
  door_id bigint
);
alter table cut_problem add constraint cut_problem_pk primary key (campaign_id, cut_id, ordinal);
alter table cut_problem add constraint cut_problem_turf_fk
  foreign key (campaign_id, cut_id, turf_number) references turf (campaign_id, cut_id, number)
  on update cascade on delete cascade;
alter table cut_problem add constraint cut_problem_door_fk
  foreign key (campaign_id, door_id) references door (campaign_id, door_id);
alter table cut_problem add constraint cut_problem_reason_ck check (length(reason) between 1 and 100);
create index cut_problem_by_turf on cut_problem (campaign_id, cut_id, turf_number);

alter table cut_problem enable row level security;
alter table cut_problem force row level security;
create policy campaign_scope on cut_problem using (campaign_id = current_campaign())
  with check (campaign_id = current_campaign());
grant select, insert on cut_problem to snowfield_app;
