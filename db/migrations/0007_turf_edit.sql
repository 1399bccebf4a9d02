-- Turfs edited by hand: who changed what and when, what each turf was before, and which doors are set aside.

alter table cut
  -- Edits done to its turfs. Its row is held while one is stored, so that of two editors one waits for the other.
  add column edit_count integer not null default 0;

alter table turf
  -- 1 as it was cut; one more with each edit that changes it.
  add column version integer not null default 1,
  -- The edit that made this version; 0: the cut.
  add column edit_number integer not null default 0,
  -- Its doors have gone to others. It keeps its number, its past lists and its history, and may come back by an undo.
  add column ended boolean not null default false;
alter table turf add constraint turf_version_ck check (version >= 1);
alter table turf add constraint turf_ended_ck check (not (ended and live));

-- A door that is set aside is of its cut and in no turf. One row a door: it can't be in a turf as well.
alter table turf_door
  alter column turf_id drop not null,
  -- Why it is set aside, and from which turf it was taken.
  add column aside_reason text,
  add column aside_turf_id bigint;
alter table turf_door add constraint turf_door_aside_ck check (
  case when turf_id is null
    then not live and coalesce(length(aside_reason), 0) between 1 and 200 and aside_turf_id is not null
    else aside_reason is null and aside_turf_id is null
  end);
alter table turf_door add constraint turf_door_aside_turf_fk
  foreign key (campaign_id, aside_turf_id) references turf (campaign_id, turf_id);
create index turf_door_aside on turf_door (campaign_id, cut_id) where turf_id is null;

alter table walk_list
  -- The version of the turf that it holds: an older list goes on taking results for the doors that it was given with.
  add column turf_version integer not null default 1,
  -- The list in whose place it came when the turf was edited.
  add column replaces_walk_list_id bigint;
alter table walk_list add constraint walk_list_replaces_fk
  foreign key (campaign_id, replaces_walk_list_id) references walk_list (campaign_id, walk_list_id);
create unique index walk_list_replaces_uk on walk_list (campaign_id, replaces_walk_list_id);

-- One edit by hand. Its number counts the edits of the cut, so that two can't both be the next one.
create table turf_edit (
  campaign_id bigint not null,
  cut_id bigint not null,
  edit_number integer not null,
  -- move, merge, split, set_aside, put_back, undo
  kind text not null,
  member_id bigint not null,
  -- Chosen by the client; the same one again is the same edit.
  request_id uuid not null,
  -- An edit is undone once; an undo can be undone in its turn.
  undoes_edit_number integer,
  create_time timestamptz not null default now()
);
alter table turf_edit add constraint turf_edit_pk primary key (campaign_id, cut_id, edit_number);
alter table turf_edit add constraint turf_edit_request_uk unique (campaign_id, request_id);
alter table turf_edit add constraint turf_edit_undoes_uk unique (campaign_id, cut_id, undoes_edit_number);
alter table turf_edit add constraint turf_edit_cut_fk foreign key (campaign_id, cut_id) references cut (campaign_id, cut_id);
alter table turf_edit add constraint turf_edit_member_fk
  foreign key (campaign_id, member_id) references member (campaign_id, member_id);
alter table turf_edit add constraint turf_edit_undoes_fk
  foreign key (campaign_id, cut_id, undoes_edit_number) references turf_edit (campaign_id, cut_id, edit_number);
alter table turf_edit add constraint turf_edit_number_ck check (edit_number >= 1 and undoes_edit_number < edit_number);
alter table turf_edit add constraint turf_edit_kind_ck check (
  kind in ('move', 'merge', 'split', 'set_aside', 'put_back', 'undo')
  and (kind = 'undo') = (undoes_edit_number is not null));

-- A version of a turf that an edit ended.
create table turf_version (
  campaign_id bigint not null,
  turf_id bigint not null,
  version integer not null,
  cut_id bigint not null,
  -- The edit that ended it.
  edit_number integer not null,
  -- In walking order; none: it was no turf then.
  door_ids bigint[] not null,
  walk_length_m double precision not null,
  area geometry(MultiPolygon, 4326) not null,
  walk geometry(LineString, 4326) not null,
  metrics jsonb not null
);
alter table turf_version add constraint turf_version_pk primary key (campaign_id, turf_id, version);
alter table turf_version add constraint turf_version_turf_fk
  foreign key (campaign_id, turf_id) references turf (campaign_id, turf_id);
alter table turf_version add constraint turf_version_edit_fk
  foreign key (campaign_id, cut_id, edit_number) references turf_edit (campaign_id, cut_id, edit_number);
alter table turf_version add constraint turf_version_area_ck check (is_place(area));
alter table turf_version add constraint turf_version_walk_ck check (is_place(walk));
create index turf_version_by_edit on turf_version (campaign_id, cut_id, edit_number);

-- A door that an edit moved. A null turf: set aside, then or before; what was said of it stands beside.
create table turf_edit_move (
  campaign_id bigint not null,
  cut_id bigint not null,
  edit_number integer not null,
  door_id bigint not null,
  from_turf_id bigint,
  to_turf_id bigint,
  aside_reason text,
  aside_turf_id bigint
);
alter table turf_edit_move add constraint turf_edit_move_pk primary key (campaign_id, cut_id, edit_number, door_id);
alter table turf_edit_move add constraint turf_edit_move_edit_fk
  foreign key (campaign_id, cut_id, edit_number) references turf_edit (campaign_id, cut_id, edit_number);
alter table turf_edit_move add constraint turf_edit_move_door_fk
  foreign key (campaign_id, door_id) references door (campaign_id, door_id);
alter table turf_edit_move add constraint turf_edit_move_from_fk
  foreign key (campaign_id, from_turf_id) references turf (campaign_id, turf_id);
alter table turf_edit_move add constraint turf_edit_move_to_fk
  foreign key (campaign_id, to_turf_id) references turf (campaign_id, turf_id);
alter table turf_edit_move add constraint turf_edit_move_aside_ck check (
  from_turf_id is distinct from to_turf_id
  and (from_turf_id is null or to_turf_id is null) = (aside_reason is not null and aside_turf_id is not null));

-- History is appended to, never changed.
do $$
declare
  t text;
begin
  foreach t in array array['turf_edit', 'turf_version', 'turf_edit_move'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format('create policy campaign_scope on %I using (campaign_id = current_campaign()) '
                   'with check (campaign_id = current_campaign())', t);
    execute format('grant select, insert on %I to snowfield_app', t);
  end loop;
end
$$;
