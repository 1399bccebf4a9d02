-- Made by UPDATE_SCHEMA=1 db_schema_test from db/migrations. Do not edit.

CREATE FUNCTION public.current_campaign() RETURNS bigint
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ select nullif(current_setting('snowfield.campaign_id', true), '')::bigint $$;

CREATE FUNCTION public.erase_paper_words(erased_person bigint) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
    update paper_entry e
    set kind = 'unreadable', marks = '', note = '',
        undone = e.undone or not exists (
          select from paper_knock k where k.campaign_id = current_campaign() and k.paper_entry_id = e.paper_entry_id)
    from paper_row r
    where r.campaign_id = current_campaign() and erased_person = any (r.person_ids)
      and e.campaign_id = current_campaign() and e.packet_id = r.packet_id and e.page = r.page and e.sequence = r.sequence;
    delete from paper_reading g
    using paper_row r
    where r.campaign_id = current_campaign() and erased_person = any (r.person_ids)
      and g.campaign_id = current_campaign() and g.packet_id = r.packet_id and g.page = r.page and g.sequence = r.sequence;
  $$;

CREATE FUNCTION public.erase_words(erased_person bigint, erased_door bigint) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
    with named as (
      select r.knock_id from knock_response r
      where r.campaign_id = current_campaign() and r.person_id = erased_person
      union
      select a.knock_id from knock_ask a where a.campaign_id = current_campaign() and a.person_id = erased_person),
    household as (
      select k.knock_id from knock k
      where k.campaign_id = current_campaign() and k.door_id = erased_door
        and not exists (select from knock_response r
                        where r.campaign_id = current_campaign() and r.knock_id = k.knock_id and r.person_id is not null)
        and not exists (select from knock_ask a
                        where a.campaign_id = current_campaign() and a.knock_id = k.knock_id and a.person_id is not null)),
    about as (select knock_id from named union select knock_id from household),
    notes as (
      update knock k set note = '' from about
      where k.campaign_id = current_campaign() and k.knock_id = about.knock_id and k.note <> ''),
    conflicts as (
      update knock_conflict c set content = '' from about
      where c.campaign_id = current_campaign() and c.knock_id = about.knock_id)
    update knock_response r set answer = ''
    where r.campaign_id = current_campaign() and r.person_id = erased_person
      and not exists (
        select from script s, jsonb_array_elements(s.body -> 'questions') q
        where s.campaign_id = current_campaign() and q ->> 'code' = r.question and q -> 'answers' ? r.answer)
  $$;

CREATE FUNCTION public.held_back(campaign bigint, door bigint, person bigint, own_knock uuid, at_time timestamp with time zone) RETURNS TABLE(until_time timestamp with time zone, reason text)
    LANGUAGE plpgsql STABLE ROWS 1 PARALLEL SAFE
    AS $$
  declare
    l contact_limits := limits_of(campaign);
    household_time timestamptz;
    person_time timestamptz;
  begin
    select c.contact_time + make_interval(days => l.household_days) into household_time
    from household_contact c
    where c.campaign_id = campaign and c.door_id = door and (own_knock is null or c.knock_id is distinct from own_knock)
      and c.contact_time > at_time - make_interval(days => l.household_days)
    order by c.contact_time desc
    offset l.household_max - 1 limit 1;
    if person is not null then
      select c.contact_time + make_interval(days => l.person_days) into person_time
      from person_contact c
      where c.campaign_id = campaign and c.person_id = person and (own_knock is null or c.knock_id is distinct from own_knock)
        and c.contact_time > at_time - make_interval(days => l.person_days)
      order by c.contact_time desc
      offset l.person_max - 1 limit 1;
    end if;
    if household_time is not null and (person_time is null or household_time >= person_time) then
      return query select household_time, 'HOUSEHOLD_LIMIT';
    elsif person_time is not null then
      return query select person_time, 'PERSON_LIMIT';
    end if;
  end
  $$;

CREATE FUNCTION public.is_contact(result smallint) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN (result = ANY (ARRAY[1, 3, 4, 10, 11, 13, 14]));

CREATE FUNCTION public.is_place(place public.geometry) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$ select st_xmin(place) >= -180 and st_xmax(place) <= 180 and st_ymin(place) >= -90 and st_ymax(place) <= 90
           and st_srid(place) = 4326 and not st_isempty(place)
           -- A box passes over a NaN in the middle of a line; a length does not, and NaN is above infinity here.
           and st_length(place) < 'infinity' and st_perimeter(place) < 'infinity' $$;

CREATE TABLE public.contact_limits (
    campaign_id bigint NOT NULL,
    person_max smallint NOT NULL,
    person_days smallint NOT NULL,
    household_max smallint NOT NULL,
    household_days smallint NOT NULL,
    quiet_from smallint,
    quiet_until smallint,
    CONSTRAINT contact_limits_ck CHECK ((((person_max >= 1) AND (person_max <= 100)) AND ((household_max >= 1) AND (household_max <= 100)) AND ((person_days >= 1) AND (person_days <= 365)) AND ((household_days >= 1) AND (household_days <= 365)))),
    CONSTRAINT contact_limits_quiet_ck CHECK ((((quiet_from IS NULL) = (quiet_until IS NULL)) AND ((quiet_from >= 0) AND (quiet_from <= 1439)) AND ((quiet_until >= 0) AND (quiet_until <= 1439)) AND (quiet_from <> quiet_until)))
);

ALTER TABLE ONLY public.contact_limits FORCE ROW LEVEL SECURITY;

CREATE FUNCTION public.limits_of(campaign bigint) RETURNS public.contact_limits
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    AS $$
  declare
    l contact_limits;
  begin
    select * into l from contact_limits c where c.campaign_id = campaign;
    if l.campaign_id is null then
      l := row(campaign, 3, 14, 4, 14, null, null);
    end if;
    return l;
  end
  $$;

CREATE FUNCTION public.quiet_until(campaign bigint, at_time timestamp with time zone) RETURNS timestamp with time zone
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    AS $$
  declare
    l contact_limits;
    zone text;
    local_time timestamp;
    minute integer;
    day date;
  begin
    select * into l from contact_limits c where c.campaign_id = campaign and c.quiet_from is not null;
    if l.campaign_id is null then
      return null;
    end if;
    select c.time_zone into zone from campaign c where c.campaign_id = campaign;
    local_time := at_time at time zone zone;
    minute := extract(hour from local_time) * 60 + extract(minute from local_time);
    day := local_time::date;
    if l.quiet_from < l.quiet_until then
      if minute < l.quiet_from or minute >= l.quiet_until then
        return null;
      end if;
    elsif minute >= l.quiet_from then
      day := day + 1;
    elsif minute >= l.quiet_until then
      return null;
    end if;
    return (day + make_interval(mins => l.quiet_until)) at time zone zone;
  end
  $$;

CREATE FUNCTION public.suppression_key(external_id text) RETURNS bytea
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ select sha256(convert_to('id' || chr(31) || external_id, 'UTF8')) $$;

CREATE FUNCTION public.suppression_key(first_name text, last_name text, birth_year integer, street_key text, number_key text) RETURNS bytea
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ select case when first_name <> '' and last_name <> '' and birth_year is not null and street_key <> ''
                 then sha256(convert_to('who' || chr(31) || lower(first_name) || chr(31) || lower(last_name) || chr(31)
                                        || birth_year || chr(31) || street_key || chr(31) || number_key, 'UTF8')) end $$;

CREATE TABLE public.access_token (
    campaign_id bigint NOT NULL,
    token_id bigint NOT NULL,
    token_hash bytea NOT NULL,
    member_id bigint NOT NULL,
    phone_id bigint,
    label text DEFAULT ''::text NOT NULL,
    create_time timestamp with time zone DEFAULT now() NOT NULL,
    expire_time timestamp with time zone NOT NULL,
    revoke_time timestamp with time zone,
    CONSTRAINT access_token_hash_ck CHECK ((length(token_hash) = 32))
);

ALTER TABLE ONLY public.access_token FORCE ROW LEVEL SECURITY;

ALTER TABLE public.access_token ALTER COLUMN token_id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.access_token_token_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.addition (
    campaign_id bigint NOT NULL,
    addition_id uuid NOT NULL,
    content_hash bytea NOT NULL,
    addition_number bigint NOT NULL,
    walk_list_id bigint NOT NULL,
    member_id bigint NOT NULL,
    phone_id bigint NOT NULL,
    door_id bigint,
    house_number text DEFAULT ''::text NOT NULL,
    street text DEFAULT ''::text NOT NULL,
    unit text DEFAULT ''::text NOT NULL,
    "position" public.geometry(Point,4326),
    note text DEFAULT ''::text NOT NULL,
    phone_time timestamp with time zone NOT NULL,
    receive_time timestamp with time zone NOT NULL,
    CONSTRAINT addition_hash_ck CHECK ((length(content_hash) = 32)),
    CONSTRAINT addition_note_ck CHECK ((length(note) <= 2000)),
    CONSTRAINT addition_where_ck CHECK (
CASE
    WHEN (door_id IS NULL) THEN (("position" IS NOT NULL) AND public.is_place("position") AND ((length(house_number) >= 1) AND (length(house_number) <= 20)) AND ((length(street) >= 1) AND (length(street) <= 200)) AND (length(unit) <= 50))
    ELSE (("position" IS NULL) AND (house_number = ''::text) AND (street = ''::text) AND (unit = ''::text))
END)
);

ALTER TABLE ONLY public.addition FORCE ROW LEVEL SECURITY;

ALTER TABLE public.addition ALTER COLUMN addition_number ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.addition_addition_number_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.addition_judgement (
    campaign_id bigint NOT NULL,
    addition_id uuid NOT NULL,
    verdict text NOT NULL,
    reason text NOT NULL,
    member_id bigint NOT NULL,
    judge_time timestamp with time zone NOT NULL,
    door_id bigint,
    turf_id bigint,
    CONSTRAINT addition_judgement_verdict_ck CHECK (
CASE verdict
    WHEN 'accepted'::text THEN ((door_id IS NOT NULL) AND (length(reason) <= 500))
    WHEN 'declined'::text THEN ((door_id IS NULL) AND (turf_id IS NULL) AND ((length(reason) >= 1) AND (length(reason) <= 500)))
    ELSE false
END)
);

ALTER TABLE ONLY public.addition_judgement FORCE ROW LEVEL SECURITY;

CREATE TABLE public.addition_person (
    campaign_id bigint NOT NULL,
    addition_id uuid NOT NULL,
    ordinal smallint NOT NULL,
    first_name text NOT NULL,
    last_name text NOT NULL,
    phone text NOT NULL,
    email text NOT NULL,
    CONSTRAINT addition_person_text_ck CHECK (((length(first_name) <= 100) AND (length(last_name) <= 100) AND (length(phone) <= 50) AND (length(email) <= 254)))
);

ALTER TABLE ONLY public.addition_person FORCE ROW LEVEL SECURITY;

CREATE TABLE public.address_point (
    campaign_id bigint NOT NULL,
    address_point_id bigint NOT NULL,
    dataset text NOT NULL,
    row_key text NOT NULL,
    external_id text DEFAULT ''::text NOT NULL,
    house_number text NOT NULL,
    street text NOT NULL,
    street_key text NOT NULL,
    number_key text NOT NULL,
    city text DEFAULT ''::text NOT NULL,
    postal_code text DEFAULT ''::text NOT NULL,
    "position" public.geometry(Point,4326) NOT NULL,
    CONSTRAINT address_point_position_ck CHECK (public.is_place("position"))
);

ALTER TABLE ONLY public.address_point FORCE ROW LEVEL SECURITY;

ALTER TABLE public.address_point ALTER COLUMN address_point_id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.address_point_address_point_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.audit_head (
    campaign_id bigint NOT NULL,
    seal_number bigint NOT NULL,
    entry_hash bytea NOT NULL,
    CONSTRAINT audit_head_hash_ck CHECK ((length(entry_hash) = 32))
);

ALTER TABLE ONLY public.audit_head FORCE ROW LEVEL SECURITY;

CREATE TABLE public.audit_log (
    campaign_id bigint NOT NULL,
    audit_id bigint NOT NULL,
    audit_time timestamp with time zone DEFAULT now() NOT NULL,
    member_id bigint,
    action text NOT NULL,
    subject_kind text DEFAULT ''::text NOT NULL,
    subject_id bigint,
    detail jsonb DEFAULT '{}'::jsonb NOT NULL
);

ALTER TABLE ONLY public.audit_log FORCE ROW LEVEL SECURITY;

ALTER TABLE public.audit_log ALTER COLUMN audit_id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.audit_log_audit_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.audit_pending (
    campaign_id bigint NOT NULL,
    audit_id bigint NOT NULL
);

ALTER TABLE ONLY public.audit_pending FORCE ROW LEVEL SECURITY;

CREATE TABLE public.audit_seal (
    campaign_id bigint NOT NULL,
    seal_number bigint NOT NULL,
    audit_id bigint NOT NULL,
    entry_hash bytea NOT NULL,
    CONSTRAINT audit_seal_hash_ck CHECK ((length(entry_hash) = 32)),
    CONSTRAINT audit_seal_number_ck CHECK ((seal_number >= 1))
);

ALTER TABLE ONLY public.audit_seal FORCE ROW LEVEL SECURITY;

CREATE TABLE public.barrier (
    campaign_id bigint NOT NULL,
    barrier_id bigint NOT NULL,
    dataset text NOT NULL,
    row_key text NOT NULL,
    external_id text DEFAULT ''::text NOT NULL,
    kind text NOT NULL,
    shape public.geometry(Geometry,4326) NOT NULL,
    CONSTRAINT barrier_kind_ck CHECK ((kind = ANY (ARRAY['water'::text, 'rail'::text, 'motorway'::text, 'other'::text]))),
    CONSTRAINT barrier_shape_ck CHECK ((public.is_place(shape) AND (public.geometrytype(shape) = ANY (ARRAY['LINESTRING'::text, 'MULTIPOLYGON'::text]))))
);

ALTER TABLE ONLY public.barrier FORCE ROW LEVEL SECURITY;

ALTER TABLE public.barrier ALTER COLUMN barrier_id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.barrier_barrier_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.boundary (
    campaign_id bigint NOT NULL,
    boundary_id bigint NOT NULL,
    dataset text NOT NULL,
    row_key text NOT NULL,
    external_id text DEFAULT ''::text NOT NULL,
    kind text NOT NULL,
    name text NOT NULL,
    code text NOT NULL,
    area public.geometry(MultiPolygon,4326) NOT NULL,
    CONSTRAINT boundary_area_ck CHECK ((public.is_place(area) AND public.st_isvalid(area)))
);

ALTER TABLE ONLY public.boundary FORCE ROW LEVEL SECURITY;

ALTER TABLE public.boundary ALTER COLUMN boundary_id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.boundary_boundary_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.campaign (
    campaign_id bigint NOT NULL,
    name text NOT NULL,
    span smallint DEFAULT 8 NOT NULL,
    create_time timestamp with time zone DEFAULT now() NOT NULL,
    request_id uuid,
    time_zone text DEFAULT 'UTC'::text NOT NULL,
    CONSTRAINT campaign_name_ck CHECK (((length(name) >= 1) AND (length(name) <= 200))),
    CONSTRAINT campaign_span_ck CHECK (((span >= 2) AND (span <= 12))),
    CONSTRAINT campaign_time_zone_ck CHECK (((length(time_zone) >= 1) AND (length(time_zone) <= 64)))
);

ALTER TABLE ONLY public.campaign FORCE ROW LEVEL SECURITY;

ALTER TABLE public.campaign ALTER COLUMN campaign_id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.campaign_campaign_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.campaign_slot (
    campaign_id bigint NOT NULL,
    slot smallint NOT NULL,
    CONSTRAINT campaign_slot_ck CHECK (((slot >= 1) AND (slot <= 12)))
);

ALTER TABLE ONLY public.campaign_slot FORCE ROW LEVEL SECURITY;

CREATE TABLE public.change (
    campaign_id bigint NOT NULL,
    change_number bigint NOT NULL,
    kind text NOT NULL,
    walk_list_id bigint NOT NULL,
    door_id bigint,
    knock_id uuid,
    change_time timestamp with time zone DEFAULT now() NOT NULL,
    phone_id bigint,
    person_id bigint,
    CONSTRAINT change_kind_ck CHECK ((kind = ANY (ARRAY['knock'::text, 'do_not_contact'::text, 'list_revoked'::text, 'list_handed_over'::text, 'list_changed'::text, 'knock_voided'::text])))
);

ALTER TABLE ONLY public.change FORCE ROW LEVEL SECURITY;

CREATE TABLE public.change_counter (
    campaign_id bigint NOT NULL,
    last_change bigint DEFAULT 0 NOT NULL,
    pruned_through bigint DEFAULT 0 NOT NULL
);

ALTER TABLE ONLY public.change_counter FORCE ROW LEVEL SECURITY;

CREATE TABLE public.checkout (
    campaign_id bigint NOT NULL,
    checkout_id bigint NOT NULL,
    walk_list_id bigint NOT NULL,
    phone_id bigint NOT NULL,
    create_time timestamp with time zone DEFAULT now() NOT NULL,
    expire_time timestamp with time zone NOT NULL,
    return_time timestamp with time zone,
    handed_to_member_id bigint,
    CONSTRAINT checkout_handed_ck CHECK (((handed_to_member_id IS NULL) OR (return_time IS NOT NULL)))
);

ALTER TABLE ONLY public.checkout FORCE ROW LEVEL SECURITY;

ALTER TABLE public.checkout ALTER COLUMN checkout_id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.checkout_checkout_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.cut (
    campaign_id bigint NOT NULL,
    cut_id bigint NOT NULL,
    pass_id bigint NOT NULL,
    universe_id bigint,
    state text NOT NULL,
    target_doors integer NOT NULL,
    min_doors integer NOT NULL,
    max_doors integer NOT NULL,
    keep_boundary_kind text DEFAULT ''::text NOT NULL,
    seed bigint NOT NULL,
    worker text DEFAULT ''::text NOT NULL,
    heartbeat_time timestamp with time zone DEFAULT now() NOT NULL,
    failure text DEFAULT ''::text NOT NULL,
    door_count integer DEFAULT 0 NOT NULL,
    turf_count integer DEFAULT 0 NOT NULL,
    report jsonb DEFAULT '{}'::jsonb NOT NULL,
    create_time timestamp with time zone DEFAULT now() NOT NULL,
    request_id uuid,
    target_minutes double precision DEFAULT 0 NOT NULL,
    min_minutes double precision DEFAULT 0 NOT NULL,
    max_minutes double precision DEFAULT 0 NOT NULL,
    finish text DEFAULT 'anywhere'::text NOT NULL,
    walk_speed_m_per_s double precision DEFAULT 1.2 NOT NULL,
    seconds_per_door double precision DEFAULT 90 NOT NULL,
    turfs_per_region integer DEFAULT 8 NOT NULL,
    previous_cut_id bigint,
    keep_live boolean DEFAULT false NOT NULL,
    stage text DEFAULT 'loading'::text NOT NULL,
    fraction double precision DEFAULT 0 NOT NULL,
    edit_count integer DEFAULT 0 NOT NULL,
    CONSTRAINT cut_finish_ck CHECK ((finish = ANY (ARRAY['anywhere'::text, 'start'::text]))),
    CONSTRAINT cut_fraction_ck CHECK ((((0)::double precision <= fraction) AND (fraction <= (1)::double precision))),
    CONSTRAINT cut_keep_ck CHECK (((NOT keep_live) OR (previous_cut_id IS NOT NULL))),
    CONSTRAINT cut_pace_ck CHECK ((((0)::double precision < walk_speed_m_per_s) AND (walk_speed_m_per_s < (100)::double precision) AND ((0)::double precision <= seconds_per_door) AND (seconds_per_door < (100000)::double precision))),
    CONSTRAINT cut_region_ck CHECK ((turfs_per_region >= 1)),
    CONSTRAINT cut_size_ck CHECK (
CASE
    WHEN (target_minutes = (0)::double precision) THEN ((min_minutes = (0)::double precision) AND (max_minutes = (0)::double precision) AND (1 <= min_doors) AND (min_doors <= target_doors) AND (target_doors <= max_doors))
    ELSE ((min_doors = 0) AND (target_doors = 0) AND (max_doors = 0) AND ((0)::double precision < min_minutes) AND (min_minutes <= target_minutes) AND (target_minutes <= max_minutes) AND (max_minutes < (100000)::double precision))
END),
    CONSTRAINT cut_state_ck CHECK ((state = ANY (ARRAY['running'::text, 'done'::text, 'failed'::text, 'cancelled'::text, 'published'::text, 'superseded'::text])))
);

ALTER TABLE ONLY public.cut FORCE ROW LEVEL SECURITY;

ALTER TABLE public.cut ALTER COLUMN cut_id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.cut_cut_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.cut_held_door (
    campaign_id bigint NOT NULL,
    cut_id bigint NOT NULL,
    door_id bigint NOT NULL,
    contacts integer NOT NULL,
    until_time timestamp with time zone NOT NULL
);

ALTER TABLE ONLY public.cut_held_door FORCE ROW LEVEL SECURITY;

CREATE TABLE public.cut_problem (
    campaign_id bigint NOT NULL,
    cut_id bigint NOT NULL,
    ordinal integer NOT NULL,
    reason text NOT NULL,
    turf_number integer NOT NULL,
    door_id bigint,
    CONSTRAINT cut_problem_reason_ck CHECK (((length(reason) >= 1) AND (length(reason) <= 100)))
);

ALTER TABLE ONLY public.cut_problem FORCE ROW LEVEL SECURITY;

CREATE TABLE public.door (
    campaign_id bigint NOT NULL,
    door_id bigint NOT NULL,
    address_point_id bigint NOT NULL,
    unit text DEFAULT ''::text NOT NULL,
    unit_key text DEFAULT ''::text NOT NULL,
    floor smallint,
    external_id text DEFAULT ''::text NOT NULL,
    do_not_contact boolean DEFAULT false NOT NULL
);

ALTER TABLE ONLY public.door FORCE ROW LEVEL SECURITY;

ALTER TABLE public.door ALTER COLUMN door_id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.door_door_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.enrolment_code (
    campaign_id bigint NOT NULL,
    code_hash bytea NOT NULL,
    member_id bigint NOT NULL,
    create_time timestamp with time zone DEFAULT now() NOT NULL,
    expire_time timestamp with time zone NOT NULL,
    use_time timestamp with time zone,
    phone_id bigint,
    CONSTRAINT enrolment_code_use_ck CHECK (((use_time IS NULL) = (phone_id IS NULL)))
);

ALTER TABLE ONLY public.enrolment_code FORCE ROW LEVEL SECURITY;

CREATE TABLE public.enrolment_guard (
    campaign_id bigint NOT NULL,
    source bytea NOT NULL,
    window_start timestamp with time zone NOT NULL,
    failures integer NOT NULL,
    locked_until timestamp with time zone,
    CONSTRAINT enrolment_guard_failures_ck CHECK ((failures >= 0)),
    CONSTRAINT enrolment_guard_source_ck CHECK ((length(source) = ANY (ARRAY[0, 32])))
);

ALTER TABLE ONLY public.enrolment_guard FORCE ROW LEVEL SECURITY;

CREATE TABLE public.evidence_limits (
    campaign_id bigint NOT NULL,
    distance_m double precision NOT NULL,
    accuracy_m double precision NOT NULL,
    speed_m_per_s double precision NOT NULL,
    clock_ahead_s double precision NOT NULL,
    clock_behind_s double precision NOT NULL,
    clock_backwards_s double precision NOT NULL,
    CONSTRAINT evidence_limits_ck CHECK ((((distance_m >= (0)::double precision) AND (distance_m <= ('1000000000'::numeric)::double precision)) AND ((accuracy_m >= (0)::double precision) AND (accuracy_m <= ('1000000000'::numeric)::double precision)) AND ((speed_m_per_s >= (0)::double precision) AND (speed_m_per_s <= ('1000000000'::numeric)::double precision)) AND ((clock_ahead_s >= (0)::double precision) AND (clock_ahead_s <= ('1000000000'::numeric)::double precision)) AND ((clock_behind_s >= (0)::double precision) AND (clock_behind_s <= ('1000000000'::numeric)::double precision)) AND ((clock_backwards_s >= (0)::double precision) AND (clock_backwards_s <= ('1000000000'::numeric)::double precision))))
);

ALTER TABLE ONLY public.evidence_limits FORCE ROW LEVEL SECURITY;

CREATE TABLE public.follow_up (
    campaign_id bigint NOT NULL,
    follow_up_id bigint NOT NULL,
    knock_id uuid NOT NULL,
    rule_id bigint NOT NULL,
    door_id bigint NOT NULL,
    person_id bigint,
    queue text NOT NULL,
    owner_id bigint NOT NULL,
    priority smallint NOT NULL,
    due_time timestamp with time zone NOT NULL,
    state text DEFAULT 'open'::text NOT NULL,
    outcome text DEFAULT ''::text NOT NULL,
    create_time timestamp with time zone DEFAULT now() NOT NULL,
    complete_time timestamp with time zone,
    completed_by bigint,
    drop_reason text DEFAULT ''::text NOT NULL,
    lease_member_id bigint,
    lease_expire_time timestamp with time zone,
    fence bigint DEFAULT 0 NOT NULL,
    tries integer DEFAULT 0 NOT NULL,
    not_before timestamp with time zone,
    level integer DEFAULT 0 NOT NULL,
    climb_time timestamp with time zone,
    CONSTRAINT follow_up_lease_ck CHECK ((((lease_member_id IS NULL) = (lease_expire_time IS NULL)) AND ((lease_member_id IS NULL) OR (state = 'open'::text)))),
    CONSTRAINT follow_up_state_ck CHECK ((((state = 'open'::text) AND (complete_time IS NULL) AND (completed_by IS NULL)) OR ((state = ANY (ARRAY['done'::text, 'dropped'::text, 'dead'::text])) AND (complete_time IS NOT NULL) AND (completed_by IS NOT NULL))))
);

ALTER TABLE ONLY public.follow_up FORCE ROW LEVEL SECURITY;

CREATE TABLE public.follow_up_event (
    campaign_id bigint NOT NULL,
    event_id bigint NOT NULL,
    follow_up_id bigint NOT NULL,
    event_time timestamp with time zone NOT NULL,
    kind text NOT NULL,
    member_id bigint,
    from_member_id bigint,
    to_member_id bigint,
    detail text DEFAULT ''::text NOT NULL,
    CONSTRAINT follow_up_event_detail_ck CHECK ((length(detail) <= 500)),
    CONSTRAINT follow_up_event_kind_ck CHECK ((kind = ANY (ARRAY['claimed'::text, 'lease_lost'::text, 'released'::text, 'snoozed'::text, 'reassigned'::text, 'climbed'::text, 'completed'::text, 'given_up'::text, 'reopened'::text, 'held_back'::text])))
);

ALTER TABLE ONLY public.follow_up_event FORCE ROW LEVEL SECURITY;

ALTER TABLE public.follow_up_event ALTER COLUMN event_id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.follow_up_event_event_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE public.follow_up ALTER COLUMN follow_up_id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.follow_up_follow_up_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.follow_up_rule (
    campaign_id bigint NOT NULL,
    rule_id bigint NOT NULL,
    name text NOT NULL,
    when_result smallint DEFAULT 0 NOT NULL,
    when_ask smallint DEFAULT 0 NOT NULL,
    when_ask_answer smallint DEFAULT 0 NOT NULL,
    when_question text DEFAULT ''::text NOT NULL,
    when_answers text[] DEFAULT '{}'::text[] NOT NULL,
    queue text NOT NULL,
    due_after interval NOT NULL,
    priority smallint DEFAULT 0 NOT NULL,
    enabled boolean DEFAULT true NOT NULL,
    climb_after interval DEFAULT '24:00:00'::interval NOT NULL,
    owner_policy text DEFAULT 'leader'::text NOT NULL,
    filter text DEFAULT ''::text NOT NULL,
    begin_time timestamp with time zone DEFAULT '-infinity'::timestamp with time zone NOT NULL,
    CONSTRAINT follow_up_rule_climb_ck CHECK ((climb_after > '00:00:00'::interval)),
    CONSTRAINT follow_up_rule_owner_ck CHECK ((owner_policy = ANY (ARRAY['leader'::text, 'knocker'::text, 'team'::text]))),
    CONSTRAINT follow_up_rule_states_ck CHECK (((when_result <> 0) OR (when_ask <> 0) OR (when_question <> ''::text) OR (filter <> ''::text))),
    CONSTRAINT follow_up_rule_text_ck CHECK (((length(filter) <= 2000) AND ((length(name) >= 1) AND (length(name) <= 100)) AND ((length(queue) >= 1) AND (length(queue) <= 100))))
);

ALTER TABLE ONLY public.follow_up_rule FORCE ROW LEVEL SECURITY;

ALTER TABLE public.follow_up_rule ALTER COLUMN rule_id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.follow_up_rule_rule_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.growth_rule (
    campaign_id bigint NOT NULL,
    shift_doors_min integer DEFAULT 10 NOT NULL,
    ready_steps_min integer DEFAULT 3 NOT NULL,
    quiet_days integer DEFAULT 14 NOT NULL,
    propose_again_days integer DEFAULT 14 NOT NULL,
    required_module text,
    propose_time timestamp with time zone DEFAULT '-infinity'::timestamp with time zone NOT NULL,
    CONSTRAINT growth_rule_ck CHECK ((((shift_doors_min >= 1) AND (shift_doors_min <= 1000)) AND ((ready_steps_min >= 1) AND (ready_steps_min <= 20)) AND ((quiet_days >= 1) AND (quiet_days <= 365)) AND ((propose_again_days >= 0) AND (propose_again_days <= 365))))
);

ALTER TABLE ONLY public.growth_rule FORCE ROW LEVEL SECURITY;

CREATE TABLE public.knock (
    campaign_id bigint NOT NULL,
    knock_id uuid NOT NULL,
    content_hash bytea NOT NULL,
    door_id bigint NOT NULL,
    walk_list_id bigint NOT NULL,
    member_id bigint NOT NULL,
    phone_id bigint,
    result smallint NOT NULL,
    language text DEFAULT ''::text NOT NULL,
    note text DEFAULT ''::text NOT NULL,
    corrects_knock_id uuid,
    phone_time timestamp with time zone NOT NULL,
    boot_id text DEFAULT ''::text NOT NULL,
    monotonic_ms bigint DEFAULT 0 NOT NULL,
    running_number bigint DEFAULT 0 NOT NULL,
    "position" public.geometry(Point,4326),
    accuracy_m real,
    receive_time timestamp with time zone DEFAULT now() NOT NULL,
    knock_time timestamp with time zone NOT NULL,
    flags text[] DEFAULT '{}'::text[] NOT NULL,
    script_id bigint,
    CONSTRAINT knock_hash_ck CHECK ((length(content_hash) = 32)),
    CONSTRAINT knock_note_ck CHECK ((length(note) <= 2000)),
    CONSTRAINT knock_position_ck CHECK ((("position" IS NULL) OR public.is_place("position"))),
    CONSTRAINT knock_result_ck CHECK ((((result >= 1) AND (result <= 14)) OR ((result = 0) AND (corrects_knock_id IS NOT NULL))))
);

ALTER TABLE ONLY public.knock FORCE ROW LEVEL SECURITY;

CREATE TABLE public.knock_judgement (
    campaign_id bigint NOT NULL,
    knock_id uuid NOT NULL,
    verdict text NOT NULL,
    reason text NOT NULL,
    member_id bigint NOT NULL,
    judge_time timestamp with time zone NOT NULL,
    CONSTRAINT knock_judgement_reason_ck CHECK (((length(reason) >= 1) AND (length(reason) <= 500))),
    CONSTRAINT knock_judgement_verdict_ck CHECK ((verdict = ANY (ARRAY['accepted'::text, 'voided'::text])))
);

ALTER TABLE ONLY public.knock_judgement FORCE ROW LEVEL SECURITY;

CREATE TABLE public.meeting_guest (
    campaign_id bigint NOT NULL,
    guest_id bigint NOT NULL,
    meeting_id bigint NOT NULL,
    capacity integer NOT NULL,
    member_id bigint,
    person_id bigint,
    answer text DEFAULT 'invited'::text NOT NULL,
    answer_time timestamp with time zone,
    place integer,
    attended boolean,
    follow_up_id bigint,
    knock_id uuid,
    invite_time timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT meeting_guest_answer_ck CHECK (((answer = ANY (ARRAY['invited'::text, 'yes'::text, 'maybe'::text, 'no'::text])) AND ((answer = 'invited'::text) = (answer_time IS NULL)) AND ((place IS NULL) OR (answer = 'yes'::text)))),
    CONSTRAINT meeting_guest_place_ck CHECK (((place >= 1) AND (place <= capacity))),
    CONSTRAINT meeting_guest_who_ck CHECK (((member_id IS NULL) <> (person_id IS NULL)))
);

ALTER TABLE ONLY public.meeting_guest FORCE ROW LEVEL SECURITY;

CREATE TABLE public.person (
    campaign_id bigint NOT NULL,
    person_id bigint NOT NULL,
    dataset text NOT NULL,
    row_key text NOT NULL,
    external_id text NOT NULL,
    first_name text DEFAULT ''::text NOT NULL,
    middle_name text DEFAULT ''::text NOT NULL,
    last_name text DEFAULT ''::text NOT NULL,
    suffix text DEFAULT ''::text NOT NULL,
    address_line text DEFAULT ''::text NOT NULL,
    street_key text DEFAULT ''::text NOT NULL,
    number_key text DEFAULT ''::text NOT NULL,
    unit_key text DEFAULT ''::text NOT NULL,
    city text DEFAULT ''::text NOT NULL,
    postal_code text DEFAULT ''::text NOT NULL,
    birth_year smallint,
    sex text DEFAULT ''::text NOT NULL,
    party text DEFAULT ''::text NOT NULL,
    phone text DEFAULT ''::text NOT NULL,
    email text DEFAULT ''::text NOT NULL,
    do_not_contact boolean DEFAULT false NOT NULL,
    door_id bigint,
    match_reason text DEFAULT ''::text NOT NULL,
    erase_time timestamp with time zone,
    addition_id uuid,
    addition_ordinal smallint,
    voted_day date,
    CONSTRAINT person_erased_ck CHECK (((erase_time IS NULL) OR ((external_id = ''::text) AND (first_name = ''::text) AND (middle_name = ''::text) AND (last_name = ''::text) AND (suffix = ''::text) AND (address_line = ''::text) AND (street_key = ''::text) AND (number_key = ''::text) AND (unit_key = ''::text) AND (city = ''::text) AND (postal_code = ''::text) AND (birth_year IS NULL) AND (sex = ''::text) AND (party = ''::text) AND (phone = ''::text) AND (email = ''::text) AND (door_id IS NULL)))),
    CONSTRAINT person_match_ck CHECK (((door_id IS NULL) OR (match_reason = ''::text)))
);

ALTER TABLE ONLY public.person FORCE ROW LEVEL SECURITY;

CREATE VIEW public.standing_knock WITH (security_invoker='true') AS
 SELECT k.campaign_id,
    k.knock_id,
    k.content_hash,
    k.door_id,
    k.walk_list_id,
    k.member_id,
    k.phone_id,
    k.result,
    k.language,
    k.note,
    k.corrects_knock_id,
    k.phone_time,
    k.boot_id,
    k.monotonic_ms,
    k.running_number,
    k."position",
    k.accuracy_m,
    k.receive_time,
    k.knock_time,
    k.flags
   FROM public.knock k
  WHERE ((k.result <> 0) AND (NOT (EXISTS ( SELECT
           FROM public.knock c
          WHERE ((c.campaign_id = k.campaign_id) AND (c.door_id = k.door_id) AND (c.corrects_knock_id = k.knock_id))))) AND (NOT (EXISTS ( SELECT
           FROM public.knock_judgement j
          WHERE ((j.campaign_id = k.campaign_id) AND (j.knock_id = k.knock_id) AND (j.verdict = 'voided'::text))))));

CREATE VIEW public.household_contact WITH (security_invoker='true') AS
 SELECT k.campaign_id,
    k.door_id,
    k.knock_time AS contact_time,
    k.knock_id
   FROM public.standing_knock k
  WHERE public.is_contact(k.result)
UNION ALL
 SELECT f.campaign_id,
    f.door_id,
    f.complete_time AS contact_time,
    f.knock_id
   FROM public.follow_up f
  WHERE ((f.state = 'done'::text) AND (f.outcome = ANY (ARRAY['reached'::text, 'left_message'::text, 'said_yes'::text, 'said_no'::text])))
UNION ALL
 SELECT g.campaign_id,
    p.door_id,
    g.invite_time AS contact_time,
    NULL::uuid AS knock_id
   FROM (public.meeting_guest g
     JOIN public.person p ON (((p.campaign_id = g.campaign_id) AND (p.person_id = g.person_id))))
  WHERE ((g.knock_id IS NULL) AND (g.follow_up_id IS NULL));

CREATE TABLE public.import (
    campaign_id bigint NOT NULL,
    import_id bigint NOT NULL,
    kind text NOT NULL,
    dataset text NOT NULL,
    received bigint NOT NULL,
    inserted bigint NOT NULL,
    updated bigint NOT NULL,
    unchanged bigint NOT NULL,
    rejected bigint NOT NULL,
    absent bigint NOT NULL,
    create_time timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT import_dataset_ck CHECK (((length(dataset) >= 1) AND (length(dataset) <= 100))),
    CONSTRAINT import_kind_ck CHECK ((kind = ANY (ARRAY['addresses'::text, 'streets'::text, 'barriers'::text, 'boundaries'::text, 'people'::text])))
);

ALTER TABLE ONLY public.import FORCE ROW LEVEL SECURITY;

ALTER TABLE public.import ALTER COLUMN import_id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.import_import_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.knock_ask (
    campaign_id bigint NOT NULL,
    knock_id uuid NOT NULL,
    ordinal smallint NOT NULL,
    person_id bigint,
    ask smallint NOT NULL,
    answer smallint NOT NULL,
    meeting_id bigint,
    CONSTRAINT knock_ask_meeting_ck CHECK (((ask = 7) = (meeting_id IS NOT NULL)))
);

ALTER TABLE ONLY public.knock_ask FORCE ROW LEVEL SECURITY;

CREATE TABLE public.knock_conflict (
    campaign_id bigint NOT NULL,
    knock_id uuid NOT NULL,
    content_hash bytea NOT NULL,
    content bytea NOT NULL,
    member_id bigint NOT NULL,
    phone_id bigint,
    receive_time timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE ONLY public.knock_conflict FORCE ROW LEVEL SECURITY;

CREATE TABLE public.knock_evidence (
    campaign_id bigint NOT NULL,
    knock_id uuid NOT NULL,
    flag text NOT NULL,
    evidence_id bigint NOT NULL,
    measured double precision NOT NULL,
    bound double precision NOT NULL,
    CONSTRAINT knock_evidence_ck CHECK ((measured > bound))
);

ALTER TABLE ONLY public.knock_evidence FORCE ROW LEVEL SECURITY;

ALTER TABLE public.knock_evidence ALTER COLUMN evidence_id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.knock_evidence_evidence_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.knock_response (
    campaign_id bigint NOT NULL,
    knock_id uuid NOT NULL,
    ordinal smallint NOT NULL,
    person_id bigint,
    question text NOT NULL,
    answer text NOT NULL,
    off_script boolean DEFAULT false NOT NULL
);

ALTER TABLE ONLY public.knock_response FORCE ROW LEVEL SECURITY;

CREATE VIEW public.knock_fact WITH (security_invoker='true') AS
 SELECT k.campaign_id,
    k.knock_id,
    k.door_id,
    who.person_id,
    ((EXTRACT(year FROM k.knock_time))::integer - p.birth_year) AS age,
    p.sex,
    p.party,
    a.city,
    a.postal_code,
    a.street,
    k.result,
    k.language,
    ( SELECT count(*) AS count
           FROM public.standing_knock e
          WHERE ((e.campaign_id = k.campaign_id) AND (e.door_id = k.door_id) AND (ROW(e.knock_time, e.knock_id) < ROW(k.knock_time, k.knock_id)))) AS earlier_knocks,
    ( SELECT count(*) AS count
           FROM public.standing_knock e
          WHERE ((e.campaign_id = k.campaign_id) AND (e.door_id = k.door_id) AND (e.result = 1) AND (ROW(e.knock_time, e.knock_id) < ROW(k.knock_time, k.knock_id)))) AS earlier_contacts
   FROM ((((public.standing_knock k
     JOIN public.door d ON (((d.campaign_id = k.campaign_id) AND (d.door_id = k.door_id))))
     JOIN public.address_point a ON (((a.campaign_id = d.campaign_id) AND (a.address_point_id = d.address_point_id))))
     LEFT JOIN LATERAL ( SELECT r.person_id
           FROM public.knock_response r
          WHERE ((r.campaign_id = k.campaign_id) AND (r.knock_id = k.knock_id) AND (r.person_id IS NOT NULL))
        UNION
         SELECT s.person_id
           FROM public.knock_ask s
          WHERE ((s.campaign_id = k.campaign_id) AND (s.knock_id = k.knock_id) AND (s.person_id IS NOT NULL))) who ON (true))
     LEFT JOIN public.person p ON (((p.campaign_id = k.campaign_id) AND (p.person_id = who.person_id))));

CREATE TABLE public.ladder_step (
    campaign_id bigint NOT NULL,
    code text NOT NULL,
    name text NOT NULL,
    kind text NOT NULL,
    rank integer NOT NULL,
    retired boolean DEFAULT false NOT NULL,
    CONSTRAINT ladder_step_code_ck CHECK ((code ~ '^[a-z][a-z0-9_]{0,39}$'::text)),
    CONSTRAINT ladder_step_kind_ck CHECK ((kind = ANY (ARRAY['joined'::text, 'attended'::text, 'shift'::text, 'trained'::text, 'hosted'::text, 'leads'::text, 'by_hand'::text]))),
    CONSTRAINT ladder_step_name_ck CHECK (((length(name) >= 1) AND (length(name) <= 100)))
);

ALTER TABLE ONLY public.ladder_step FORCE ROW LEVEL SECURITY;

CREATE TABLE public.meeting (
    campaign_id bigint NOT NULL,
    meeting_id bigint NOT NULL,
    kind text NOT NULL,
    title text NOT NULL,
    host_id bigint NOT NULL,
    place text DEFAULT ''::text NOT NULL,
    start_time timestamp with time zone NOT NULL,
    end_time timestamp with time zone NOT NULL,
    time_zone text NOT NULL,
    capacity integer NOT NULL,
    module text,
    state text DEFAULT 'planned'::text NOT NULL,
    sequence integer DEFAULT 0 NOT NULL,
    update_time timestamp with time zone NOT NULL,
    request_id uuid NOT NULL,
    CONSTRAINT meeting_kind_ck CHECK (((kind = ANY (ARRAY['house_meeting'::text, 'training'::text, 'event'::text])) AND ((module IS NULL) OR (kind = 'training'::text)))),
    CONSTRAINT meeting_size_ck CHECK (((capacity >= 1) AND (capacity <= 500))),
    CONSTRAINT meeting_state_ck CHECK ((state = ANY (ARRAY['planned'::text, 'held'::text, 'cancelled'::text]))),
    CONSTRAINT meeting_text_ck CHECK ((((length(title) >= 1) AND (length(title) <= 200)) AND (length(place) <= 300))),
    CONSTRAINT meeting_time_ck CHECK (((start_time < end_time) AND (end_time <= (start_time + '7 days'::interval))))
);

ALTER TABLE ONLY public.meeting FORCE ROW LEVEL SECURITY;

ALTER TABLE public.meeting_guest ALTER COLUMN guest_id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.meeting_guest_guest_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE public.meeting ALTER COLUMN meeting_id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.meeting_meeting_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.member (
    campaign_id bigint NOT NULL,
    member_id bigint NOT NULL,
    display_name text NOT NULL,
    role text NOT NULL,
    leader_id bigint,
    leader_depth smallint,
    slot smallint,
    depth smallint NOT NULL,
    home public.geometry(Point,4326),
    create_time timestamp with time zone DEFAULT now() NOT NULL,
    request_id uuid,
    leave_time timestamp with time zone,
    left_leader_id bigint,
    held_to_branch boolean DEFAULT false NOT NULL,
    CONSTRAINT member_depth_ck CHECK (((depth >= '-1'::integer) AND (depth <= 32))),
    CONSTRAINT member_home_ck CHECK (((home IS NULL) OR public.is_place(home))),
    CONSTRAINT member_left_leader_ck CHECK (((left_leader_id IS NULL) OR (leave_time IS NOT NULL))),
    CONSTRAINT member_name_ck CHECK (((length(display_name) >= 1) AND (length(display_name) <= 200))),
    CONSTRAINT member_place_ck CHECK (
CASE
    WHEN (leave_time IS NOT NULL) THEN ((leader_id IS NULL) AND (leader_depth IS NULL) AND (slot IS NULL) AND (depth = '-1'::integer))
    WHEN (leader_id IS NULL) THEN ((leader_depth IS NULL) AND (slot IS NULL) AND (depth = 0))
    ELSE ((leader_depth IS NOT NULL) AND (leader_depth >= 0) AND (slot IS NOT NULL) AND (depth = (leader_depth + 1)))
END),
    CONSTRAINT member_role_ck CHECK ((role = ANY (ARRAY['owner'::text, 'director'::text, 'organizer'::text, 'leader'::text, 'canvasser'::text, 'clerk'::text, 'viewer'::text]))),
    CONSTRAINT member_scope_ck CHECK (((NOT held_to_branch) OR (role <> ALL (ARRAY['owner'::text, 'director'::text, 'clerk'::text]))))
);

ALTER TABLE ONLY public.member FORCE ROW LEVEL SECURITY;

CREATE TABLE public.member_day (
    campaign_id bigint NOT NULL,
    member_id bigint NOT NULL,
    day date NOT NULL,
    doors bigint NOT NULL,
    contacts bigint NOT NULL,
    supporters bigint NOT NULL,
    volunteers bigint NOT NULL,
    first_time timestamp with time zone,
    last_time timestamp with time zone
);

ALTER TABLE ONLY public.member_day FORCE ROW LEVEL SECURITY;

ALTER TABLE public.member ALTER COLUMN member_id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.member_member_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.member_step (
    campaign_id bigint NOT NULL,
    member_id bigint NOT NULL,
    code text NOT NULL,
    reach_time timestamp with time zone NOT NULL,
    evidence jsonb DEFAULT '{}'::jsonb NOT NULL,
    note text DEFAULT ''::text NOT NULL,
    recorded_by bigint,
    CONSTRAINT member_step_note_ck CHECK ((length(note) <= 500))
);

ALTER TABLE ONLY public.member_step FORCE ROW LEVEL SECURITY;

CREATE TABLE public.member_tally (
    campaign_id bigint NOT NULL,
    member_id bigint NOT NULL,
    members bigint DEFAULT 0 NOT NULL,
    leaders bigint DEFAULT 0 NOT NULL,
    doors bigint DEFAULT 0 NOT NULL,
    contacts bigint DEFAULT 0 NOT NULL,
    supporters bigint DEFAULT 0 NOT NULL,
    volunteers bigint DEFAULT 0 NOT NULL,
    overdue bigint DEFAULT 0 NOT NULL,
    branch_members bigint DEFAULT 0 NOT NULL,
    branch_leaders bigint DEFAULT 0 NOT NULL,
    branch_doors bigint DEFAULT 0 NOT NULL,
    branch_contacts bigint DEFAULT 0 NOT NULL,
    branch_supporters bigint DEFAULT 0 NOT NULL,
    branch_volunteers bigint DEFAULT 0 NOT NULL,
    branch_overdue bigint DEFAULT 0 NOT NULL
);

ALTER TABLE ONLY public.member_tally FORCE ROW LEVEL SECURITY;

CREATE TABLE public.member_training (
    campaign_id bigint NOT NULL,
    member_id bigint NOT NULL,
    code text NOT NULL,
    complete_time timestamp with time zone NOT NULL,
    expire_time timestamp with time zone,
    recorded_by bigint,
    CONSTRAINT member_training_time_ck CHECK ((expire_time > complete_time))
);

ALTER TABLE ONLY public.member_training FORCE ROW LEVEL SECURITY;

CREATE TABLE public.operator_token (
    token_hash bytea NOT NULL,
    create_time timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT operator_token_hash_ck CHECK ((length(token_hash) = 32))
);

CREATE TABLE public.packet (
    campaign_id bigint NOT NULL,
    packet_id bigint NOT NULL,
    request_id uuid NOT NULL,
    walk_list_id bigint NOT NULL,
    member_id bigint NOT NULL,
    paper_size text NOT NULL,
    large_type boolean NOT NULL,
    page_count integer NOT NULL,
    door_count integer NOT NULL,
    create_time timestamp with time zone DEFAULT now() NOT NULL,
    script_id bigint,
    CONSTRAINT packet_page_count_ck CHECK (((page_count >= 1) AND (page_count <= 400))),
    CONSTRAINT packet_paper_size_ck CHECK ((paper_size = ANY (ARRAY['a4'::text, 'letter'::text])))
);

ALTER TABLE ONLY public.packet FORCE ROW LEVEL SECURITY;

ALTER TABLE public.packet ALTER COLUMN packet_id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.packet_packet_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.packet_row (
    campaign_id bigint NOT NULL,
    packet_id bigint NOT NULL,
    page integer NOT NULL,
    sequence integer NOT NULL,
    door_id bigint NOT NULL,
    person_ids bigint[] NOT NULL,
    CONSTRAINT packet_row_ck CHECK (((page >= 1) AND (sequence >= 1)))
);

ALTER TABLE ONLY public.packet_row FORCE ROW LEVEL SECURITY;

CREATE TABLE public.packet_sheet (
    campaign_id bigint NOT NULL,
    packet_id bigint NOT NULL,
    page integer NOT NULL,
    printed bytea NOT NULL
);

ALTER TABLE ONLY public.packet_sheet FORCE ROW LEVEL SECURITY;

CREATE TABLE public.paper_batch (
    campaign_id bigint NOT NULL,
    paper_batch_id bigint NOT NULL,
    request_id uuid NOT NULL,
    member_id bigint NOT NULL,
    walker_id bigint,
    walk_time timestamp with time zone NOT NULL,
    second_entry boolean NOT NULL,
    open_time timestamp with time zone NOT NULL,
    close_time timestamp with time zone,
    closed_by bigint,
    close_reason text DEFAULT ''::text NOT NULL,
    delivery text DEFAULT ''::text NOT NULL,
    CONSTRAINT paper_batch_close_ck CHECK (((close_time IS NULL) = (closed_by IS NULL))),
    CONSTRAINT paper_batch_delivery_ck CHECK ((length(delivery) <= 100)),
    CONSTRAINT paper_batch_reason_ck CHECK ((length(close_reason) <= 500))
);

ALTER TABLE ONLY public.paper_batch FORCE ROW LEVEL SECURITY;

ALTER TABLE public.paper_batch ALTER COLUMN paper_batch_id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.paper_batch_paper_batch_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE VIEW public.paper_differs WITH (security_invoker='true') AS
 SELECT k.campaign_id,
    k.knock_id,
    p.knock_id AS phone_knock_id
   FROM (public.knock k
     JOIN public.standing_knock p ON (((p.campaign_id = k.campaign_id) AND (p.door_id = k.door_id))))
  WHERE ((k.phone_id IS NULL) AND (k.result <> 0) AND (p.phone_id IS NOT NULL) AND (p.result <> k.result) AND (p.knock_time >= k.knock_time) AND (p.knock_time < (k.knock_time + '1 day'::interval)));

CREATE TABLE public.paper_entry (
    campaign_id bigint NOT NULL,
    paper_entry_id bigint NOT NULL,
    packet_id bigint NOT NULL,
    page integer NOT NULL,
    sequence integer NOT NULL,
    round smallint NOT NULL,
    kind text NOT NULL,
    marks bytea DEFAULT '\x'::bytea NOT NULL,
    note text DEFAULT ''::text NOT NULL,
    member_id bigint NOT NULL,
    entry_time timestamp with time zone NOT NULL,
    undone boolean DEFAULT false NOT NULL,
    source text DEFAULT 'keyed'::text NOT NULL,
    CONSTRAINT paper_entry_kind_ck CHECK (((kind = ANY (ARRAY['marks'::text, 'blank'::text, 'unreadable'::text])) AND ((kind = 'marks'::text) = (marks <> '\x'::bytea)))),
    CONSTRAINT paper_entry_note_ck CHECK ((length(note) <= 2000)),
    CONSTRAINT paper_entry_round_ck CHECK (((round >= 1) AND (round <= 3))),
    CONSTRAINT paper_entry_source_ck CHECK ((source = ANY (ARRAY['keyed'::text, 'file'::text, 'scan'::text])))
);

ALTER TABLE ONLY public.paper_entry FORCE ROW LEVEL SECURITY;

CREATE VIEW public.paper_entry_now WITH (security_invoker='true') AS
 SELECT e.campaign_id,
    e.paper_entry_id,
    e.packet_id,
    e.page,
    e.sequence,
    e.round,
    e.kind,
    e.marks,
    e.note,
    e.member_id,
    e.entry_time,
    e.undone,
    e.source
   FROM public.paper_entry e
  WHERE ((NOT e.undone) AND (NOT (EXISTS ( SELECT
           FROM public.paper_entry n
          WHERE ((n.campaign_id = e.campaign_id) AND (n.packet_id = e.packet_id) AND (n.page = e.page) AND (n.sequence = e.sequence) AND (n.round = e.round) AND (NOT n.undone) AND (n.paper_entry_id > e.paper_entry_id))))));

ALTER TABLE public.paper_entry ALTER COLUMN paper_entry_id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.paper_entry_paper_entry_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.paper_knock (
    campaign_id bigint NOT NULL,
    packet_id bigint NOT NULL,
    page integer NOT NULL,
    sequence integer NOT NULL,
    revision integer NOT NULL,
    knock_id uuid NOT NULL,
    paper_entry_id bigint,
    CONSTRAINT paper_knock_revision_ck CHECK ((revision >= 1))
);

ALTER TABLE ONLY public.paper_knock FORCE ROW LEVEL SECURITY;

CREATE TABLE public.paper_page (
    campaign_id bigint NOT NULL,
    packet_id bigint NOT NULL,
    page integer NOT NULL,
    paper_batch_id bigint NOT NULL,
    state text NOT NULL,
    reason text DEFAULT ''::text NOT NULL,
    member_id bigint NOT NULL,
    page_time timestamp with time zone NOT NULL,
    CONSTRAINT paper_page_reason_ck CHECK (((length(reason) <= 500) AND ((state = 'missing'::text) = (reason <> ''::text)))),
    CONSTRAINT paper_page_state_ck CHECK ((state = ANY (ARRAY['in'::text, 'missing'::text])))
);

ALTER TABLE ONLY public.paper_page FORCE ROW LEVEL SECURITY;

CREATE VIEW public.paper_page_open WITH (security_invoker='true') AS
 SELECT DISTINCT r.campaign_id,
    r.packet_id,
    r.page
   FROM public.packet_row r
  WHERE (NOT (EXISTS ( SELECT
           FROM public.paper_page g
          WHERE ((g.campaign_id = r.campaign_id) AND (g.packet_id = r.packet_id) AND (g.page = r.page)))));

CREATE TABLE public.paper_reading (
    campaign_id bigint NOT NULL,
    packet_id bigint NOT NULL,
    page integer NOT NULL,
    sequence integer NOT NULL,
    reading bytea NOT NULL,
    image bytea NOT NULL,
    CONSTRAINT paper_reading_image_ck CHECK ((length(image) <= 1000000))
);

ALTER TABLE ONLY public.paper_reading FORCE ROW LEVEL SECURITY;

CREATE TABLE public.paper_written_row (
    campaign_id bigint NOT NULL,
    packet_id bigint NOT NULL,
    page integer NOT NULL,
    sequence integer NOT NULL,
    door_id bigint NOT NULL,
    walk_list_id bigint NOT NULL,
    CONSTRAINT paper_written_row_ck CHECK ((sequence > 1000))
);

ALTER TABLE ONLY public.paper_written_row FORCE ROW LEVEL SECURITY;

CREATE VIEW public.paper_row WITH (security_invoker='true') AS
 SELECT r.campaign_id,
    r.packet_id,
    r.page,
    r.sequence,
    r.door_id,
    r.person_ids,
    k.walk_list_id
   FROM (public.packet_row r
     JOIN public.packet k ON (((k.campaign_id = r.campaign_id) AND (k.packet_id = r.packet_id))))
UNION ALL
 SELECT r.campaign_id,
    r.packet_id,
    r.page,
    r.sequence,
    r.door_id,
    COALESCE(( SELECT array_agg(p.person_id ORDER BY p.person_id) AS array_agg
           FROM public.person p
          WHERE ((p.campaign_id = r.campaign_id) AND (p.door_id = r.door_id))), '{}'::bigint[]) AS person_ids,
    r.walk_list_id
   FROM public.paper_written_row r;

CREATE VIEW public.paper_row_now WITH (security_invoker='true') AS
 SELECT g.campaign_id,
    g.paper_batch_id,
    r.packet_id,
    r.page,
    r.sequence,
    r.door_id,
    r.person_ids,
    r.walk_list_id,
    s.paper_entry_id AS second_id,
    COALESCE(j.paper_entry_id, f.paper_entry_id) AS paper_entry_id,
    COALESCE(j.kind, f.kind) AS kind,
    COALESCE(j.marks, f.marks) AS marks,
    COALESCE(j.note, f.note) AS note,
    ((f.paper_entry_id IS NOT NULL) AND (s.paper_entry_id IS NOT NULL) AND (j.paper_entry_id IS NULL) AND ((f.kind <> s.kind) OR (f.marks <> s.marks))) AS differs
   FROM ((((public.paper_page g
     JOIN public.paper_row r ON (((r.campaign_id = g.campaign_id) AND (r.packet_id = g.packet_id) AND (r.page = g.page))))
     LEFT JOIN public.paper_entry_now f ON (((f.campaign_id = r.campaign_id) AND (f.packet_id = r.packet_id) AND (f.page = r.page) AND (f.sequence = r.sequence) AND (f.round = 1))))
     LEFT JOIN public.paper_entry_now s ON (((s.campaign_id = r.campaign_id) AND (s.packet_id = r.packet_id) AND (s.page = r.page) AND (s.sequence = r.sequence) AND (s.round = 2))))
     LEFT JOIN public.paper_entry_now j ON (((j.campaign_id = r.campaign_id) AND (j.packet_id = r.packet_id) AND (j.page = r.page) AND (j.sequence = r.sequence) AND (j.round = 3))))
  WHERE (g.state = 'in'::text);

CREATE TABLE public.pass (
    campaign_id bigint NOT NULL,
    pass_id bigint NOT NULL,
    name text NOT NULL,
    create_time timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT pass_name_ck CHECK (((length(name) >= 1) AND (length(name) <= 100)))
);

ALTER TABLE ONLY public.pass FORCE ROW LEVEL SECURITY;

ALTER TABLE public.pass ALTER COLUMN pass_id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.pass_pass_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE VIEW public.person_contact WITH (security_invoker='true') AS
 SELECT k.campaign_id,
    named.person_id,
    k.knock_time AS contact_time,
    k.knock_id
   FROM (( SELECT r.campaign_id,
            r.person_id,
            r.knock_id
           FROM public.knock_response r
          WHERE (r.person_id IS NOT NULL)
        UNION
         SELECT a.campaign_id,
            a.person_id,
            a.knock_id
           FROM public.knock_ask a
          WHERE (a.person_id IS NOT NULL)) named
     JOIN public.standing_knock k ON (((k.campaign_id = named.campaign_id) AND (k.knock_id = named.knock_id))))
UNION ALL
 SELECT f.campaign_id,
    f.person_id,
    f.complete_time AS contact_time,
    f.knock_id
   FROM public.follow_up f
  WHERE ((f.state = 'done'::text) AND (f.outcome = ANY (ARRAY['reached'::text, 'left_message'::text, 'said_yes'::text, 'said_no'::text])) AND (f.person_id IS NOT NULL))
UNION ALL
 SELECT g.campaign_id,
    g.person_id,
    g.invite_time AS contact_time,
    NULL::uuid AS knock_id
   FROM public.meeting_guest g
  WHERE ((g.person_id IS NOT NULL) AND (g.knock_id IS NULL) AND (g.follow_up_id IS NULL));

ALTER TABLE public.person ALTER COLUMN person_id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.person_person_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.phone (
    campaign_id bigint NOT NULL,
    phone_id bigint NOT NULL,
    member_id bigint NOT NULL,
    label text DEFAULT ''::text NOT NULL,
    create_time timestamp with time zone DEFAULT now() NOT NULL,
    revoke_time timestamp with time zone,
    CONSTRAINT phone_label_ck CHECK ((length(label) <= 100))
);

ALTER TABLE ONLY public.phone FORCE ROW LEVEL SECURITY;

ALTER TABLE public.phone ALTER COLUMN phone_id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.phone_phone_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.proposal (
    campaign_id bigint NOT NULL,
    proposal_id bigint NOT NULL,
    kind text NOT NULL,
    subject_id bigint NOT NULL,
    evidence jsonb NOT NULL,
    new_leader_id bigint,
    follower_ids bigint[] DEFAULT '{}'::bigint[] NOT NULL,
    state text DEFAULT 'open'::text NOT NULL,
    create_time timestamp with time zone DEFAULT now() NOT NULL,
    decide_time timestamp with time zone,
    decided_by bigint,
    reason text DEFAULT ''::text NOT NULL,
    CONSTRAINT proposal_kind_ck CHECK (((kind = ANY (ARRAY['lead'::text, 'split'::text, 'quiet'::text])) AND ((kind = 'split'::text) = (new_leader_id IS NOT NULL)))),
    CONSTRAINT proposal_reason_ck CHECK (((length(reason) <= 500) AND ((state <> 'declined'::text) OR (length(reason) > 0)))),
    CONSTRAINT proposal_state_ck CHECK ((((state = ANY (ARRAY['open'::text, 'stale'::text])) AND (decided_by IS NULL)) OR ((state = ANY (ARRAY['accepted'::text, 'declined'::text])) AND (decided_by IS NOT NULL) AND (decide_time IS NOT NULL))))
);

ALTER TABLE ONLY public.proposal FORCE ROW LEVEL SECURITY;

ALTER TABLE public.proposal ALTER COLUMN proposal_id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.proposal_proposal_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.region (
    campaign_id bigint NOT NULL,
    region_id bigint NOT NULL,
    cut_id bigint NOT NULL,
    number integer NOT NULL
);

ALTER TABLE ONLY public.region FORCE ROW LEVEL SECURITY;

ALTER TABLE public.region ALTER COLUMN region_id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.region_region_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.schema_migration (
    number integer NOT NULL,
    name text NOT NULL,
    sha256 text NOT NULL,
    applied_time timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.script (
    campaign_id bigint NOT NULL,
    script_id bigint NOT NULL,
    name text NOT NULL,
    body jsonb NOT NULL,
    create_time timestamp with time zone DEFAULT now() NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    source jsonb DEFAULT '{}'::jsonb NOT NULL,
    member_id bigint,
    CONSTRAINT script_version_ck CHECK ((version > 0))
);

ALTER TABLE ONLY public.script FORCE ROW LEVEL SECURITY;

ALTER TABLE public.script ALTER COLUMN script_id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.script_script_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.sign_in_issuer (
    campaign_id bigint NOT NULL,
    issuer_id bigint NOT NULL,
    issuer text NOT NULL,
    audience text NOT NULL,
    member_claim text NOT NULL,
    create_time timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT sign_in_issuer_text_ck CHECK ((((length(issuer) >= 1) AND (length(issuer) <= 500)) AND ((length(audience) >= 1) AND (length(audience) <= 500)) AND ((length(member_claim) >= 1) AND (length(member_claim) <= 100))))
);

ALTER TABLE ONLY public.sign_in_issuer FORCE ROW LEVEL SECURITY;

ALTER TABLE public.sign_in_issuer ALTER COLUMN issuer_id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.sign_in_issuer_issuer_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.sign_in_subject (
    campaign_id bigint NOT NULL,
    subject_id bigint NOT NULL,
    issuer_id bigint NOT NULL,
    subject text NOT NULL,
    member_id bigint NOT NULL,
    create_time timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT sign_in_subject_text_ck CHECK (((length(subject) >= 1) AND (length(subject) <= 500)))
);

ALTER TABLE ONLY public.sign_in_subject FORCE ROW LEVEL SECURITY;

ALTER TABLE public.sign_in_subject ALTER COLUMN subject_id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.sign_in_subject_subject_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.street (
    campaign_id bigint NOT NULL,
    street_id bigint NOT NULL,
    dataset text NOT NULL,
    row_key text NOT NULL,
    external_id text DEFAULT ''::text NOT NULL,
    name text DEFAULT ''::text NOT NULL,
    name_key text DEFAULT ''::text NOT NULL,
    street_class text NOT NULL,
    walkable boolean NOT NULL,
    bridge_or_tunnel boolean DEFAULT false NOT NULL,
    line_string public.geometry(LineString,4326) NOT NULL,
    CONSTRAINT street_line_ck CHECK (public.is_place(line_string))
);

ALTER TABLE ONLY public.street FORCE ROW LEVEL SECURITY;

ALTER TABLE public.street ALTER COLUMN street_id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.street_street_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.suppressed_person (
    campaign_id bigint NOT NULL,
    key_hash bytea NOT NULL,
    create_time timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT suppressed_person_hash_ck CHECK ((length(key_hash) = 32))
);

ALTER TABLE ONLY public.suppressed_person FORCE ROW LEVEL SECURITY;

CREATE TABLE public.tally_cursor (
    campaign_id bigint NOT NULL,
    change_number bigint DEFAULT 0 NOT NULL,
    fold_time timestamp with time zone DEFAULT '-infinity'::timestamp with time zone NOT NULL,
    overdue_time timestamp with time zone DEFAULT '-infinity'::timestamp with time zone NOT NULL
);

ALTER TABLE ONLY public.tally_cursor FORCE ROW LEVEL SECURITY;

CREATE TABLE public.training_module (
    campaign_id bigint NOT NULL,
    code text NOT NULL,
    name text NOT NULL,
    valid_days integer,
    retired boolean DEFAULT false NOT NULL,
    CONSTRAINT training_module_code_ck CHECK ((code ~ '^[a-z][a-z0-9_]{0,39}$'::text)),
    CONSTRAINT training_module_name_ck CHECK (((length(name) >= 1) AND (length(name) <= 100))),
    CONSTRAINT training_module_valid_ck CHECK (((valid_days >= 1) AND (valid_days <= 3650)))
);

ALTER TABLE ONLY public.training_module FORCE ROW LEVEL SECURITY;

CREATE TABLE public.tree_touch (
    campaign_id bigint NOT NULL,
    touch_id bigint NOT NULL,
    member_id bigint NOT NULL
);

ALTER TABLE ONLY public.tree_touch FORCE ROW LEVEL SECURITY;

ALTER TABLE public.tree_touch ALTER COLUMN touch_id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.tree_touch_touch_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.turf (
    campaign_id bigint NOT NULL,
    turf_id bigint NOT NULL,
    cut_id bigint NOT NULL,
    pass_id bigint NOT NULL,
    region_id bigint,
    number integer NOT NULL,
    live boolean DEFAULT false NOT NULL,
    door_count integer NOT NULL,
    walk_length_m double precision NOT NULL,
    area public.geometry(MultiPolygon,4326) NOT NULL,
    walk public.geometry(LineString,4326) NOT NULL,
    metrics jsonb DEFAULT '{}'::jsonb NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    edit_number integer DEFAULT 0 NOT NULL,
    ended boolean DEFAULT false NOT NULL,
    CONSTRAINT turf_area_ck CHECK (public.is_place(area)),
    CONSTRAINT turf_ended_ck CHECK ((NOT (ended AND live))),
    CONSTRAINT turf_size_ck CHECK (((door_count > 0) AND (walk_length_m >= (0)::double precision))),
    CONSTRAINT turf_version_ck CHECK ((version >= 1)),
    CONSTRAINT turf_walk_ck CHECK (public.is_place(walk))
);

ALTER TABLE ONLY public.turf FORCE ROW LEVEL SECURITY;

CREATE TABLE public.turf_door (
    campaign_id bigint NOT NULL,
    cut_id bigint NOT NULL,
    door_id bigint NOT NULL,
    turf_id bigint,
    pass_id bigint NOT NULL,
    live boolean NOT NULL,
    sequence integer NOT NULL,
    aside_reason text,
    aside_turf_id bigint,
    CONSTRAINT turf_door_aside_ck CHECK (
CASE
    WHEN (turf_id IS NULL) THEN ((NOT live) AND ((COALESCE(length(aside_reason), 0) >= 1) AND (COALESCE(length(aside_reason), 0) <= 200)) AND (aside_turf_id IS NOT NULL))
    ELSE ((aside_reason IS NULL) AND (aside_turf_id IS NULL))
END),
    CONSTRAINT turf_door_sequence_ck CHECK ((sequence >= 1))
);

ALTER TABLE ONLY public.turf_door FORCE ROW LEVEL SECURITY;

CREATE TABLE public.turf_edit (
    campaign_id bigint NOT NULL,
    cut_id bigint NOT NULL,
    edit_number integer NOT NULL,
    kind text NOT NULL,
    member_id bigint NOT NULL,
    request_id uuid NOT NULL,
    undoes_edit_number integer,
    create_time timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT turf_edit_kind_ck CHECK (((kind = ANY (ARRAY['move'::text, 'merge'::text, 'split'::text, 'set_aside'::text, 'put_back'::text, 'undo'::text, 'add'::text])) AND ((kind = 'undo'::text) = (undoes_edit_number IS NOT NULL)))),
    CONSTRAINT turf_edit_number_ck CHECK (((edit_number >= 1) AND (undoes_edit_number < edit_number)))
);

ALTER TABLE ONLY public.turf_edit FORCE ROW LEVEL SECURITY;

CREATE TABLE public.turf_edit_move (
    campaign_id bigint NOT NULL,
    cut_id bigint NOT NULL,
    edit_number integer NOT NULL,
    door_id bigint NOT NULL,
    from_turf_id bigint,
    to_turf_id bigint,
    aside_reason text,
    aside_turf_id bigint,
    CONSTRAINT turf_edit_move_aside_ck CHECK (((from_turf_id IS DISTINCT FROM to_turf_id) AND (((from_turf_id IS NULL) OR (to_turf_id IS NULL)) = ((aside_reason IS NOT NULL) AND (aside_turf_id IS NOT NULL)))))
);

ALTER TABLE ONLY public.turf_edit_move FORCE ROW LEVEL SECURITY;

ALTER TABLE public.turf ALTER COLUMN turf_id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.turf_turf_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.turf_version (
    campaign_id bigint NOT NULL,
    turf_id bigint NOT NULL,
    version integer NOT NULL,
    cut_id bigint NOT NULL,
    edit_number integer NOT NULL,
    door_ids bigint[] NOT NULL,
    walk_length_m double precision NOT NULL,
    area public.geometry(MultiPolygon,4326) NOT NULL,
    walk public.geometry(LineString,4326) NOT NULL,
    metrics jsonb NOT NULL,
    CONSTRAINT turf_version_area_ck CHECK (public.is_place(area)),
    CONSTRAINT turf_version_walk_ck CHECK (public.is_place(walk))
);

ALTER TABLE ONLY public.turf_version FORCE ROW LEVEL SECURITY;

CREATE TABLE public.universe (
    campaign_id bigint NOT NULL,
    universe_id bigint NOT NULL,
    name text NOT NULL,
    boundary_ids bigint[] DEFAULT '{}'::bigint[] NOT NULL,
    with_people_only boolean DEFAULT false NOT NULL,
    parties text[] DEFAULT '{}'::text[] NOT NULL,
    create_time timestamp with time zone DEFAULT now() NOT NULL,
    request_id uuid,
    filter text DEFAULT ''::text NOT NULL,
    CONSTRAINT universe_filter_ck CHECK ((octet_length(filter) <= 2000)),
    CONSTRAINT universe_name_ck CHECK (((length(name) >= 1) AND (length(name) <= 200)))
);

ALTER TABLE ONLY public.universe FORCE ROW LEVEL SECURITY;

ALTER TABLE public.universe ALTER COLUMN universe_id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.universe_universe_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.upkeep_claim (
    campaign_id bigint NOT NULL,
    task text NOT NULL,
    claim_until timestamp with time zone NOT NULL,
    CONSTRAINT upkeep_claim_task_ck CHECK (((length(task) >= 1) AND (length(task) <= 50)))
);

ALTER TABLE ONLY public.upkeep_claim FORCE ROW LEVEL SECURITY;

CREATE VIEW public.visit_fact WITH (security_invoker='true') AS
 SELECT d.campaign_id,
    d.door_id,
    p.person_id,
    ((EXTRACT(year FROM now()))::integer - p.birth_year) AS age,
    p.sex,
    p.party,
    a.city,
    a.postal_code,
    a.street,
    ( SELECT count(*) AS count
           FROM public.person other
          WHERE ((other.campaign_id = d.campaign_id) AND (other.door_id = d.door_id))) AS people,
    ( SELECT (r.answer)::integer AS answer
           FROM (public.knock_response r
             JOIN public.standing_knock k ON (((k.campaign_id = r.campaign_id) AND (k.knock_id = r.knock_id))))
          WHERE ((r.campaign_id = d.campaign_id) AND (r.person_id = p.person_id) AND (r.question = 'support'::text) AND (r.answer ~ '^[1-5]$'::text))
          ORDER BY k.knock_time DESC, k.receive_time DESC, k.knock_id
         LIMIT 1) AS support,
    ( SELECT min((r.answer)::integer) AS min
           FROM (public.standing_knock k
             JOIN public.knock_response r ON (((r.campaign_id = k.campaign_id) AND (r.knock_id = k.knock_id))))
          WHERE ((k.campaign_id = d.campaign_id) AND (k.door_id = d.door_id) AND (r.question = 'support'::text) AND (r.answer ~ '^[1-5]$'::text))) AS household_support,
    ( SELECT count(*) AS count
           FROM public.standing_knock k
          WHERE ((k.campaign_id = d.campaign_id) AND (k.door_id = d.door_id))) AS knocks,
    ( SELECT k.result
           FROM public.standing_knock k
          WHERE ((k.campaign_id = d.campaign_id) AND (k.door_id = d.door_id))
          ORDER BY k.knock_time DESC, k.receive_time DESC, k.knock_id
         LIMIT 1) AS last_result,
    ( SELECT max(k.knock_time) AS max
           FROM public.standing_knock k
          WHERE ((k.campaign_id = d.campaign_id) AND (k.door_id = d.door_id))) AS last_knock_time,
    (p.voted_day IS NOT NULL) AS voted
   FROM ((public.door d
     JOIN public.address_point a ON (((a.campaign_id = d.campaign_id) AND (a.address_point_id = d.address_point_id))))
     LEFT JOIN public.person p ON (((p.campaign_id = d.campaign_id) AND (p.door_id = d.door_id) AND (NOT p.do_not_contact))));

CREATE VIEW public.voted_door WITH (security_invoker='true') AS
 SELECT v.campaign_id,
    v.door_id
   FROM public.person v
  WHERE ((v.voted_day IS NOT NULL) AND (v.door_id IS NOT NULL) AND (NOT (EXISTS ( SELECT
           FROM public.person o
          WHERE ((o.campaign_id = v.campaign_id) AND (o.door_id = v.door_id) AND (o.voted_day IS NULL))))));

CREATE TABLE public.walk_list (
    campaign_id bigint NOT NULL,
    walk_list_id bigint NOT NULL,
    turf_id bigint NOT NULL,
    leader_id bigint NOT NULL,
    list_number text NOT NULL,
    create_time timestamp with time zone DEFAULT now() NOT NULL,
    revoke_time timestamp with time zone,
    turf_version integer DEFAULT 1 NOT NULL,
    replaces_walk_list_id bigint,
    CONSTRAINT walk_list_number_ck CHECK ((list_number ~ '^[0-9]{8}$'::text))
);

ALTER TABLE ONLY public.walk_list FORCE ROW LEVEL SECURITY;

ALTER TABLE public.walk_list ALTER COLUMN walk_list_id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.walk_list_walk_list_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE ONLY public.access_token
    ADD CONSTRAINT access_token_hash_uk UNIQUE (campaign_id, token_hash);

ALTER TABLE ONLY public.access_token
    ADD CONSTRAINT access_token_pk PRIMARY KEY (campaign_id, token_id);

ALTER TABLE ONLY public.addition_judgement
    ADD CONSTRAINT addition_judgement_pk PRIMARY KEY (campaign_id, addition_id);

ALTER TABLE ONLY public.addition
    ADD CONSTRAINT addition_number_uk UNIQUE (campaign_id, addition_number);

ALTER TABLE ONLY public.addition_person
    ADD CONSTRAINT addition_person_pk PRIMARY KEY (campaign_id, addition_id, ordinal);

ALTER TABLE ONLY public.addition
    ADD CONSTRAINT addition_pk PRIMARY KEY (campaign_id, addition_id);

ALTER TABLE ONLY public.address_point
    ADD CONSTRAINT address_point_pk PRIMARY KEY (campaign_id, address_point_id);

ALTER TABLE ONLY public.address_point
    ADD CONSTRAINT address_point_row_uk UNIQUE (campaign_id, dataset, row_key);

ALTER TABLE ONLY public.audit_head
    ADD CONSTRAINT audit_head_pk PRIMARY KEY (campaign_id);

ALTER TABLE ONLY public.audit_log
    ADD CONSTRAINT audit_log_pk PRIMARY KEY (campaign_id, audit_id);

ALTER TABLE ONLY public.audit_pending
    ADD CONSTRAINT audit_pending_pk PRIMARY KEY (campaign_id, audit_id);

ALTER TABLE ONLY public.audit_seal
    ADD CONSTRAINT audit_seal_entry_uk UNIQUE (campaign_id, audit_id);

ALTER TABLE ONLY public.audit_seal
    ADD CONSTRAINT audit_seal_pk PRIMARY KEY (campaign_id, seal_number);

ALTER TABLE ONLY public.barrier
    ADD CONSTRAINT barrier_pk PRIMARY KEY (campaign_id, barrier_id);

ALTER TABLE ONLY public.barrier
    ADD CONSTRAINT barrier_row_uk UNIQUE (campaign_id, dataset, row_key);

ALTER TABLE ONLY public.boundary
    ADD CONSTRAINT boundary_code_uk UNIQUE (campaign_id, kind, code);

ALTER TABLE ONLY public.boundary
    ADD CONSTRAINT boundary_pk PRIMARY KEY (campaign_id, boundary_id);

ALTER TABLE ONLY public.boundary
    ADD CONSTRAINT boundary_row_uk UNIQUE (campaign_id, dataset, row_key);

ALTER TABLE ONLY public.campaign
    ADD CONSTRAINT campaign_pk PRIMARY KEY (campaign_id);

ALTER TABLE ONLY public.campaign
    ADD CONSTRAINT campaign_request_uk UNIQUE (campaign_id, request_id);

ALTER TABLE ONLY public.campaign_slot
    ADD CONSTRAINT campaign_slot_pk PRIMARY KEY (campaign_id, slot);

ALTER TABLE ONLY public.change_counter
    ADD CONSTRAINT change_counter_pk PRIMARY KEY (campaign_id);

ALTER TABLE ONLY public.change
    ADD CONSTRAINT change_pk PRIMARY KEY (campaign_id, change_number);

ALTER TABLE ONLY public.checkout
    ADD CONSTRAINT checkout_pk PRIMARY KEY (campaign_id, checkout_id);

ALTER TABLE ONLY public.contact_limits
    ADD CONSTRAINT contact_limits_pk PRIMARY KEY (campaign_id);

ALTER TABLE ONLY public.cut_held_door
    ADD CONSTRAINT cut_held_door_pk PRIMARY KEY (campaign_id, cut_id, door_id);

ALTER TABLE ONLY public.cut
    ADD CONSTRAINT cut_pass_uk UNIQUE (campaign_id, cut_id, pass_id);

ALTER TABLE ONLY public.cut
    ADD CONSTRAINT cut_pk PRIMARY KEY (campaign_id, cut_id);

ALTER TABLE ONLY public.cut_problem
    ADD CONSTRAINT cut_problem_pk PRIMARY KEY (campaign_id, cut_id, ordinal);

ALTER TABLE ONLY public.cut
    ADD CONSTRAINT cut_request_uk UNIQUE (campaign_id, request_id);

ALTER TABLE ONLY public.door
    ADD CONSTRAINT door_pk PRIMARY KEY (campaign_id, door_id);

ALTER TABLE ONLY public.door
    ADD CONSTRAINT door_unit_uk UNIQUE (campaign_id, address_point_id, unit_key);

ALTER TABLE ONLY public.enrolment_code
    ADD CONSTRAINT enrolment_code_pk PRIMARY KEY (campaign_id, code_hash);

ALTER TABLE ONLY public.enrolment_guard
    ADD CONSTRAINT enrolment_guard_pk PRIMARY KEY (campaign_id, source);

ALTER TABLE ONLY public.evidence_limits
    ADD CONSTRAINT evidence_limits_pk PRIMARY KEY (campaign_id);

ALTER TABLE ONLY public.follow_up_event
    ADD CONSTRAINT follow_up_event_pk PRIMARY KEY (campaign_id, event_id);

ALTER TABLE ONLY public.follow_up
    ADD CONSTRAINT follow_up_once_uk UNIQUE (campaign_id, knock_id, rule_id);

ALTER TABLE ONLY public.follow_up
    ADD CONSTRAINT follow_up_pk PRIMARY KEY (campaign_id, follow_up_id);

ALTER TABLE ONLY public.follow_up_rule
    ADD CONSTRAINT follow_up_rule_name_uk UNIQUE (campaign_id, name);

ALTER TABLE ONLY public.follow_up_rule
    ADD CONSTRAINT follow_up_rule_pk PRIMARY KEY (campaign_id, rule_id);

ALTER TABLE ONLY public.growth_rule
    ADD CONSTRAINT growth_rule_pk PRIMARY KEY (campaign_id);

ALTER TABLE ONLY public.import
    ADD CONSTRAINT import_pk PRIMARY KEY (campaign_id, import_id);

ALTER TABLE ONLY public.knock_ask
    ADD CONSTRAINT knock_ask_pk PRIMARY KEY (campaign_id, knock_id, ordinal);

ALTER TABLE ONLY public.knock_conflict
    ADD CONSTRAINT knock_conflict_pk PRIMARY KEY (campaign_id, knock_id, content_hash);

ALTER TABLE ONLY public.knock_evidence
    ADD CONSTRAINT knock_evidence_id_uk UNIQUE (campaign_id, evidence_id);

ALTER TABLE ONLY public.knock_evidence
    ADD CONSTRAINT knock_evidence_pk PRIMARY KEY (campaign_id, knock_id, flag);

ALTER TABLE ONLY public.knock_judgement
    ADD CONSTRAINT knock_judgement_pk PRIMARY KEY (campaign_id, knock_id);

ALTER TABLE ONLY public.knock
    ADD CONSTRAINT knock_pk PRIMARY KEY (campaign_id, knock_id);

ALTER TABLE ONLY public.knock_response
    ADD CONSTRAINT knock_response_pk PRIMARY KEY (campaign_id, knock_id, ordinal);

ALTER TABLE ONLY public.ladder_step
    ADD CONSTRAINT ladder_step_pk PRIMARY KEY (campaign_id, code);

ALTER TABLE ONLY public.meeting
    ADD CONSTRAINT meeting_capacity_uk UNIQUE (campaign_id, meeting_id, capacity);

ALTER TABLE ONLY public.meeting_guest
    ADD CONSTRAINT meeting_guest_pk PRIMARY KEY (campaign_id, guest_id);

ALTER TABLE ONLY public.meeting
    ADD CONSTRAINT meeting_pk PRIMARY KEY (campaign_id, meeting_id);

ALTER TABLE ONLY public.meeting
    ADD CONSTRAINT meeting_request_uk UNIQUE (campaign_id, request_id);

ALTER TABLE ONLY public.member_day
    ADD CONSTRAINT member_day_pk PRIMARY KEY (campaign_id, member_id, day);

ALTER TABLE ONLY public.member
    ADD CONSTRAINT member_depth_uk UNIQUE (campaign_id, member_id, depth);

ALTER TABLE ONLY public.member
    ADD CONSTRAINT member_pk PRIMARY KEY (campaign_id, member_id);

ALTER TABLE ONLY public.member
    ADD CONSTRAINT member_request_uk UNIQUE (campaign_id, request_id);

ALTER TABLE ONLY public.member
    ADD CONSTRAINT member_slot_uk UNIQUE (campaign_id, leader_id, slot) DEFERRABLE;

ALTER TABLE ONLY public.member_step
    ADD CONSTRAINT member_step_pk PRIMARY KEY (campaign_id, member_id, code);

ALTER TABLE ONLY public.member_tally
    ADD CONSTRAINT member_tally_pk PRIMARY KEY (campaign_id, member_id);

ALTER TABLE ONLY public.member_training
    ADD CONSTRAINT member_training_pk PRIMARY KEY (campaign_id, member_id, code);

ALTER TABLE ONLY public.operator_token
    ADD CONSTRAINT operator_token_pk PRIMARY KEY (token_hash);

ALTER TABLE ONLY public.packet
    ADD CONSTRAINT packet_pk PRIMARY KEY (campaign_id, packet_id);

ALTER TABLE ONLY public.packet
    ADD CONSTRAINT packet_request_uk UNIQUE (campaign_id, request_id);

ALTER TABLE ONLY public.packet_row
    ADD CONSTRAINT packet_row_pk PRIMARY KEY (campaign_id, packet_id, page, sequence);

ALTER TABLE ONLY public.packet_sheet
    ADD CONSTRAINT packet_sheet_pk PRIMARY KEY (campaign_id, packet_id, page);

ALTER TABLE ONLY public.paper_batch
    ADD CONSTRAINT paper_batch_pk PRIMARY KEY (campaign_id, paper_batch_id);

ALTER TABLE ONLY public.paper_batch
    ADD CONSTRAINT paper_batch_request_uk UNIQUE (campaign_id, request_id);

ALTER TABLE ONLY public.paper_entry
    ADD CONSTRAINT paper_entry_pk PRIMARY KEY (campaign_id, paper_entry_id);

ALTER TABLE ONLY public.paper_knock
    ADD CONSTRAINT paper_knock_knock_uk UNIQUE (campaign_id, knock_id);

ALTER TABLE ONLY public.paper_knock
    ADD CONSTRAINT paper_knock_pk PRIMARY KEY (campaign_id, packet_id, page, sequence, revision);

ALTER TABLE ONLY public.paper_page
    ADD CONSTRAINT paper_page_pk PRIMARY KEY (campaign_id, packet_id, page);

ALTER TABLE ONLY public.paper_reading
    ADD CONSTRAINT paper_reading_pk PRIMARY KEY (campaign_id, packet_id, page, sequence);

ALTER TABLE ONLY public.paper_written_row
    ADD CONSTRAINT paper_written_row_door_uk UNIQUE (campaign_id, packet_id, page, door_id);

ALTER TABLE ONLY public.paper_written_row
    ADD CONSTRAINT paper_written_row_pk PRIMARY KEY (campaign_id, packet_id, page, sequence);

ALTER TABLE ONLY public.pass
    ADD CONSTRAINT pass_name_uk UNIQUE (campaign_id, name);

ALTER TABLE ONLY public.pass
    ADD CONSTRAINT pass_pk PRIMARY KEY (campaign_id, pass_id);

ALTER TABLE ONLY public.person
    ADD CONSTRAINT person_addition_uk UNIQUE (campaign_id, addition_id, addition_ordinal);

ALTER TABLE ONLY public.person
    ADD CONSTRAINT person_pk PRIMARY KEY (campaign_id, person_id);

ALTER TABLE ONLY public.person
    ADD CONSTRAINT person_row_uk UNIQUE (campaign_id, dataset, row_key);

ALTER TABLE ONLY public.phone
    ADD CONSTRAINT phone_pk PRIMARY KEY (campaign_id, phone_id);

ALTER TABLE ONLY public.proposal
    ADD CONSTRAINT proposal_pk PRIMARY KEY (campaign_id, proposal_id);

ALTER TABLE ONLY public.region
    ADD CONSTRAINT region_cut_uk UNIQUE (campaign_id, region_id, cut_id);

ALTER TABLE ONLY public.region
    ADD CONSTRAINT region_number_uk UNIQUE (campaign_id, cut_id, number);

ALTER TABLE ONLY public.region
    ADD CONSTRAINT region_pk PRIMARY KEY (campaign_id, region_id);

ALTER TABLE ONLY public.schema_migration
    ADD CONSTRAINT schema_migration_pk PRIMARY KEY (number);

ALTER TABLE ONLY public.script
    ADD CONSTRAINT script_pk PRIMARY KEY (campaign_id, script_id);

ALTER TABLE ONLY public.script
    ADD CONSTRAINT script_version_uk UNIQUE (campaign_id, name, version);

ALTER TABLE ONLY public.sign_in_issuer
    ADD CONSTRAINT sign_in_issuer_pk PRIMARY KEY (campaign_id, issuer_id);

ALTER TABLE ONLY public.sign_in_issuer
    ADD CONSTRAINT sign_in_issuer_uk UNIQUE (campaign_id, issuer);

ALTER TABLE ONLY public.sign_in_subject
    ADD CONSTRAINT sign_in_subject_pk PRIMARY KEY (campaign_id, subject_id);

ALTER TABLE ONLY public.sign_in_subject
    ADD CONSTRAINT sign_in_subject_uk UNIQUE (campaign_id, issuer_id, subject);

ALTER TABLE ONLY public.street
    ADD CONSTRAINT street_pk PRIMARY KEY (campaign_id, street_id);

ALTER TABLE ONLY public.street
    ADD CONSTRAINT street_row_uk UNIQUE (campaign_id, dataset, row_key);

ALTER TABLE ONLY public.suppressed_person
    ADD CONSTRAINT suppressed_person_pk PRIMARY KEY (campaign_id, key_hash);

ALTER TABLE ONLY public.tally_cursor
    ADD CONSTRAINT tally_cursor_pk PRIMARY KEY (campaign_id);

ALTER TABLE ONLY public.training_module
    ADD CONSTRAINT training_module_pk PRIMARY KEY (campaign_id, code);

ALTER TABLE ONLY public.tree_touch
    ADD CONSTRAINT tree_touch_pk PRIMARY KEY (campaign_id, touch_id);

ALTER TABLE ONLY public.turf_door
    ADD CONSTRAINT turf_door_pk PRIMARY KEY (campaign_id, cut_id, door_id);

ALTER TABLE ONLY public.turf_door
    ADD CONSTRAINT turf_door_sequence_uk UNIQUE (campaign_id, turf_id, sequence);

ALTER TABLE ONLY public.turf_edit_move
    ADD CONSTRAINT turf_edit_move_pk PRIMARY KEY (campaign_id, cut_id, edit_number, door_id);

ALTER TABLE ONLY public.turf_edit
    ADD CONSTRAINT turf_edit_pk PRIMARY KEY (campaign_id, cut_id, edit_number);

ALTER TABLE ONLY public.turf_edit
    ADD CONSTRAINT turf_edit_request_uk UNIQUE (campaign_id, request_id);

ALTER TABLE ONLY public.turf_edit
    ADD CONSTRAINT turf_edit_undoes_uk UNIQUE (campaign_id, cut_id, undoes_edit_number);

ALTER TABLE ONLY public.turf
    ADD CONSTRAINT turf_live_uk UNIQUE (campaign_id, turf_id, cut_id, pass_id, live);

ALTER TABLE ONLY public.turf
    ADD CONSTRAINT turf_number_uk UNIQUE (campaign_id, cut_id, number);

ALTER TABLE ONLY public.turf
    ADD CONSTRAINT turf_pk PRIMARY KEY (campaign_id, turf_id);

ALTER TABLE ONLY public.turf_version
    ADD CONSTRAINT turf_version_pk PRIMARY KEY (campaign_id, turf_id, version);

ALTER TABLE ONLY public.universe
    ADD CONSTRAINT universe_pk PRIMARY KEY (campaign_id, universe_id);

ALTER TABLE ONLY public.universe
    ADD CONSTRAINT universe_request_uk UNIQUE (campaign_id, request_id);

ALTER TABLE ONLY public.upkeep_claim
    ADD CONSTRAINT upkeep_claim_pk PRIMARY KEY (campaign_id, task);

ALTER TABLE ONLY public.walk_list
    ADD CONSTRAINT walk_list_number_uk UNIQUE (campaign_id, list_number);

ALTER TABLE ONLY public.walk_list
    ADD CONSTRAINT walk_list_pk PRIMARY KEY (campaign_id, walk_list_id);

CREATE INDEX address_point_by_address ON public.address_point USING btree (campaign_id, street_key, number_key);

CREATE INDEX address_point_by_position ON public.address_point USING gist ("position");

CREATE INDEX audit_log_by_member ON public.audit_log USING btree (campaign_id, member_id, audit_id);

CREATE INDEX audit_log_by_subject ON public.audit_log USING btree (campaign_id, subject_kind, subject_id, audit_id);

CREATE INDEX barrier_by_shape ON public.barrier USING gist (shape);

CREATE INDEX boundary_by_area ON public.boundary USING gist (area);

CREATE INDEX change_by_phone ON public.change USING btree (campaign_id, phone_id, change_number) WHERE (phone_id IS NOT NULL);

CREATE INDEX change_by_walk_list ON public.change USING btree (campaign_id, walk_list_id, change_number);

CREATE INDEX checkout_by_list ON public.checkout USING btree (campaign_id, walk_list_id, phone_id);

CREATE INDEX checkout_by_phone ON public.checkout USING btree (campaign_id, phone_id);

CREATE UNIQUE INDEX checkout_current_uk ON public.checkout USING btree (campaign_id, walk_list_id, phone_id) WHERE (return_time IS NULL);

CREATE INDEX cut_problem_by_turf ON public.cut_problem USING btree (campaign_id, cut_id, turf_number);

CREATE UNIQUE INDEX cut_published_uk ON public.cut USING btree (campaign_id, pass_id) WHERE (state = 'published'::text);

CREATE INDEX follow_up_done_by_door ON public.follow_up USING btree (campaign_id, door_id, complete_time) WHERE (state = 'done'::text);

CREATE INDEX follow_up_done_by_person ON public.follow_up USING btree (campaign_id, person_id, complete_time) WHERE ((state = 'done'::text) AND (person_id IS NOT NULL));

CREATE INDEX follow_up_event_by_follow_up ON public.follow_up_event USING btree (campaign_id, follow_up_id, event_id);

CREATE INDEX follow_up_open_by_door ON public.follow_up USING btree (campaign_id, door_id) WHERE (state = 'open'::text);

CREATE INDEX follow_up_open_by_due ON public.follow_up USING btree (campaign_id, due_time) WHERE (state = 'open'::text);

CREATE INDEX follow_up_open_by_owner ON public.follow_up USING btree (campaign_id, owner_id, due_time) WHERE (state = 'open'::text);

CREATE INDEX follow_up_open_by_person ON public.follow_up USING btree (campaign_id, person_id) WHERE ((state = 'open'::text) AND (person_id IS NOT NULL));

CREATE INDEX knock_ask_by_meeting ON public.knock_ask USING btree (campaign_id, meeting_id, person_id) WHERE (meeting_id IS NOT NULL);

CREATE INDEX knock_ask_by_person ON public.knock_ask USING btree (campaign_id, person_id) WHERE (person_id IS NOT NULL);

CREATE INDEX knock_by_corrected ON public.knock USING btree (campaign_id, corrects_knock_id, door_id) WHERE (corrects_knock_id IS NOT NULL);

CREATE INDEX knock_by_door ON public.knock USING btree (campaign_id, door_id, knock_time);

CREATE INDEX knock_by_phone ON public.knock USING btree (campaign_id, phone_id, running_number) WHERE ((phone_id IS NOT NULL) AND (running_number > 0));

CREATE INDEX knock_by_script ON public.knock USING btree (campaign_id, script_id) WHERE (script_id IS NOT NULL);

CREATE INDEX knock_by_walk_list ON public.knock USING btree (campaign_id, walk_list_id);

CREATE INDEX knock_response_by_person ON public.knock_response USING btree (campaign_id, person_id) WHERE (person_id IS NOT NULL);

CREATE INDEX meeting_by_host ON public.meeting USING btree (campaign_id, host_id, start_time);

CREATE INDEX meeting_guest_by_member ON public.meeting_guest USING btree (campaign_id, member_id) WHERE (member_id IS NOT NULL);

CREATE INDEX meeting_guest_by_person ON public.meeting_guest USING btree (campaign_id, person_id) WHERE (person_id IS NOT NULL);

CREATE UNIQUE INDEX meeting_guest_member_uk ON public.meeting_guest USING btree (campaign_id, meeting_id, member_id) WHERE (member_id IS NOT NULL);

CREATE UNIQUE INDEX meeting_guest_person_uk ON public.meeting_guest USING btree (campaign_id, meeting_id, person_id) WHERE (person_id IS NOT NULL);

CREATE UNIQUE INDEX meeting_guest_place_uk ON public.meeting_guest USING btree (campaign_id, meeting_id, place) WHERE (place IS NOT NULL);

CREATE INDEX member_tally_overdue ON public.member_tally USING btree (campaign_id, member_id) WHERE (overdue > 0);

CREATE UNIQUE INDEX member_top_uk ON public.member USING btree (campaign_id) WHERE ((leader_id IS NULL) AND (leave_time IS NULL));

CREATE INDEX packet_by_walk_list ON public.packet USING btree (campaign_id, walk_list_id);

CREATE INDEX paper_batch_by_delivery ON public.paper_batch USING btree (campaign_id, delivery, paper_batch_id) WHERE (delivery <> ''::text);

CREATE INDEX paper_entry_by_row ON public.paper_entry USING btree (campaign_id, packet_id, page, sequence, round, paper_entry_id) WHERE (NOT undone);

CREATE INDEX paper_page_by_batch ON public.paper_page USING btree (campaign_id, paper_batch_id);

CREATE INDEX person_by_door ON public.person USING btree (campaign_id, door_id);

CREATE INDEX person_by_external_id ON public.person USING btree (campaign_id, external_id) WHERE (external_id <> ''::text);

CREATE INDEX person_unmatched ON public.person USING btree (campaign_id, person_id) WHERE (door_id IS NULL);

CREATE INDEX person_voted ON public.person USING btree (campaign_id, door_id) WHERE (voted_day IS NOT NULL);

CREATE INDEX phone_by_member ON public.phone USING btree (campaign_id, member_id);

CREATE INDEX proposal_by_subject ON public.proposal USING btree (campaign_id, subject_id, kind);

CREATE UNIQUE INDEX proposal_open_uk ON public.proposal USING btree (campaign_id, kind, subject_id) WHERE (state = 'open'::text);

CREATE INDEX script_newest ON public.script USING btree (campaign_id, create_time DESC, script_id DESC);

CREATE INDEX sign_in_subject_by_member ON public.sign_in_subject USING btree (campaign_id, member_id);

CREATE INDEX street_by_line ON public.street USING gist (line_string);

CREATE INDEX turf_by_area ON public.turf USING gist (area);

CREATE INDEX turf_by_edit ON public.turf USING btree (campaign_id, cut_id, edit_number);

CREATE INDEX turf_door_aside ON public.turf_door USING btree (campaign_id, cut_id) WHERE (turf_id IS NULL);

CREATE UNIQUE INDEX turf_door_live_uk ON public.turf_door USING btree (campaign_id, pass_id, door_id) WHERE live;

CREATE INDEX turf_version_by_edit ON public.turf_version USING btree (campaign_id, cut_id, edit_number);

CREATE INDEX walk_list_by_leader ON public.walk_list USING btree (campaign_id, leader_id) WHERE (revoke_time IS NULL);

CREATE UNIQUE INDEX walk_list_current_uk ON public.walk_list USING btree (campaign_id, turf_id) WHERE (revoke_time IS NULL);

CREATE UNIQUE INDEX walk_list_replaces_uk ON public.walk_list USING btree (campaign_id, replaces_walk_list_id);

ALTER TABLE ONLY public.access_token
    ADD CONSTRAINT access_token_member_fk FOREIGN KEY (campaign_id, member_id) REFERENCES public.member(campaign_id, member_id);

ALTER TABLE ONLY public.access_token
    ADD CONSTRAINT access_token_phone_fk FOREIGN KEY (campaign_id, phone_id) REFERENCES public.phone(campaign_id, phone_id);

ALTER TABLE ONLY public.addition
    ADD CONSTRAINT addition_door_fk FOREIGN KEY (campaign_id, door_id) REFERENCES public.door(campaign_id, door_id);

ALTER TABLE ONLY public.addition_judgement
    ADD CONSTRAINT addition_judgement_addition_fk FOREIGN KEY (campaign_id, addition_id) REFERENCES public.addition(campaign_id, addition_id);

ALTER TABLE ONLY public.addition_judgement
    ADD CONSTRAINT addition_judgement_door_fk FOREIGN KEY (campaign_id, door_id) REFERENCES public.door(campaign_id, door_id);

ALTER TABLE ONLY public.addition_judgement
    ADD CONSTRAINT addition_judgement_member_fk FOREIGN KEY (campaign_id, member_id) REFERENCES public.member(campaign_id, member_id);

ALTER TABLE ONLY public.addition_judgement
    ADD CONSTRAINT addition_judgement_turf_fk FOREIGN KEY (campaign_id, turf_id) REFERENCES public.turf(campaign_id, turf_id);

ALTER TABLE ONLY public.addition
    ADD CONSTRAINT addition_member_fk FOREIGN KEY (campaign_id, member_id) REFERENCES public.member(campaign_id, member_id);

ALTER TABLE ONLY public.addition_person
    ADD CONSTRAINT addition_person_addition_fk FOREIGN KEY (campaign_id, addition_id) REFERENCES public.addition(campaign_id, addition_id);

ALTER TABLE ONLY public.addition
    ADD CONSTRAINT addition_phone_fk FOREIGN KEY (campaign_id, phone_id) REFERENCES public.phone(campaign_id, phone_id);

ALTER TABLE ONLY public.addition
    ADD CONSTRAINT addition_walk_list_fk FOREIGN KEY (campaign_id, walk_list_id) REFERENCES public.walk_list(campaign_id, walk_list_id);

ALTER TABLE ONLY public.address_point
    ADD CONSTRAINT address_point_campaign_fk FOREIGN KEY (campaign_id) REFERENCES public.campaign(campaign_id);

ALTER TABLE ONLY public.audit_head
    ADD CONSTRAINT audit_head_campaign_fk FOREIGN KEY (campaign_id) REFERENCES public.campaign(campaign_id);

ALTER TABLE ONLY public.audit_log
    ADD CONSTRAINT audit_log_campaign_fk FOREIGN KEY (campaign_id) REFERENCES public.campaign(campaign_id);

ALTER TABLE ONLY public.audit_pending
    ADD CONSTRAINT audit_pending_entry_fk FOREIGN KEY (campaign_id, audit_id) REFERENCES public.audit_log(campaign_id, audit_id);

ALTER TABLE ONLY public.audit_seal
    ADD CONSTRAINT audit_seal_entry_fk FOREIGN KEY (campaign_id, audit_id) REFERENCES public.audit_log(campaign_id, audit_id);

ALTER TABLE ONLY public.barrier
    ADD CONSTRAINT barrier_campaign_fk FOREIGN KEY (campaign_id) REFERENCES public.campaign(campaign_id);

ALTER TABLE ONLY public.boundary
    ADD CONSTRAINT boundary_campaign_fk FOREIGN KEY (campaign_id) REFERENCES public.campaign(campaign_id);

ALTER TABLE ONLY public.campaign_slot
    ADD CONSTRAINT campaign_slot_campaign_fk FOREIGN KEY (campaign_id) REFERENCES public.campaign(campaign_id);

ALTER TABLE ONLY public.change_counter
    ADD CONSTRAINT change_counter_campaign_fk FOREIGN KEY (campaign_id) REFERENCES public.campaign(campaign_id);

ALTER TABLE ONLY public.change
    ADD CONSTRAINT change_knock_fk FOREIGN KEY (campaign_id, knock_id) REFERENCES public.knock(campaign_id, knock_id);

ALTER TABLE ONLY public.change
    ADD CONSTRAINT change_person_fk FOREIGN KEY (campaign_id, person_id) REFERENCES public.person(campaign_id, person_id);

ALTER TABLE ONLY public.change
    ADD CONSTRAINT change_phone_fk FOREIGN KEY (campaign_id, phone_id) REFERENCES public.phone(campaign_id, phone_id);

ALTER TABLE ONLY public.change
    ADD CONSTRAINT change_walk_list_fk FOREIGN KEY (campaign_id, walk_list_id) REFERENCES public.walk_list(campaign_id, walk_list_id);

ALTER TABLE ONLY public.checkout
    ADD CONSTRAINT checkout_handed_to_fk FOREIGN KEY (campaign_id, handed_to_member_id) REFERENCES public.member(campaign_id, member_id);

ALTER TABLE ONLY public.checkout
    ADD CONSTRAINT checkout_phone_fk FOREIGN KEY (campaign_id, phone_id) REFERENCES public.phone(campaign_id, phone_id);

ALTER TABLE ONLY public.checkout
    ADD CONSTRAINT checkout_walk_list_fk FOREIGN KEY (campaign_id, walk_list_id) REFERENCES public.walk_list(campaign_id, walk_list_id);

ALTER TABLE ONLY public.contact_limits
    ADD CONSTRAINT contact_limits_campaign_fk FOREIGN KEY (campaign_id) REFERENCES public.campaign(campaign_id);

ALTER TABLE ONLY public.cut_held_door
    ADD CONSTRAINT cut_held_door_cut_fk FOREIGN KEY (campaign_id, cut_id) REFERENCES public.cut(campaign_id, cut_id) ON DELETE CASCADE;

ALTER TABLE ONLY public.cut_held_door
    ADD CONSTRAINT cut_held_door_door_fk FOREIGN KEY (campaign_id, door_id) REFERENCES public.door(campaign_id, door_id);

ALTER TABLE ONLY public.cut
    ADD CONSTRAINT cut_pass_fk FOREIGN KEY (campaign_id, pass_id) REFERENCES public.pass(campaign_id, pass_id);

ALTER TABLE ONLY public.cut
    ADD CONSTRAINT cut_previous_fk FOREIGN KEY (campaign_id, previous_cut_id, pass_id) REFERENCES public.cut(campaign_id, cut_id, pass_id);

ALTER TABLE ONLY public.cut_problem
    ADD CONSTRAINT cut_problem_door_fk FOREIGN KEY (campaign_id, door_id) REFERENCES public.door(campaign_id, door_id);

ALTER TABLE ONLY public.cut_problem
    ADD CONSTRAINT cut_problem_turf_fk FOREIGN KEY (campaign_id, cut_id, turf_number) REFERENCES public.turf(campaign_id, cut_id, number) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE ONLY public.cut
    ADD CONSTRAINT cut_universe_fk FOREIGN KEY (campaign_id, universe_id) REFERENCES public.universe(campaign_id, universe_id);

ALTER TABLE ONLY public.door
    ADD CONSTRAINT door_address_point_fk FOREIGN KEY (campaign_id, address_point_id) REFERENCES public.address_point(campaign_id, address_point_id);

ALTER TABLE ONLY public.enrolment_code
    ADD CONSTRAINT enrolment_code_member_fk FOREIGN KEY (campaign_id, member_id) REFERENCES public.member(campaign_id, member_id);

ALTER TABLE ONLY public.enrolment_code
    ADD CONSTRAINT enrolment_code_phone_fk FOREIGN KEY (campaign_id, phone_id) REFERENCES public.phone(campaign_id, phone_id);

ALTER TABLE ONLY public.enrolment_guard
    ADD CONSTRAINT enrolment_guard_campaign_fk FOREIGN KEY (campaign_id) REFERENCES public.campaign(campaign_id);

ALTER TABLE ONLY public.evidence_limits
    ADD CONSTRAINT evidence_limits_campaign_fk FOREIGN KEY (campaign_id) REFERENCES public.campaign(campaign_id);

ALTER TABLE ONLY public.follow_up
    ADD CONSTRAINT follow_up_completed_by_fk FOREIGN KEY (campaign_id, completed_by) REFERENCES public.member(campaign_id, member_id);

ALTER TABLE ONLY public.follow_up
    ADD CONSTRAINT follow_up_door_fk FOREIGN KEY (campaign_id, door_id) REFERENCES public.door(campaign_id, door_id);

ALTER TABLE ONLY public.follow_up_event
    ADD CONSTRAINT follow_up_event_follow_up_fk FOREIGN KEY (campaign_id, follow_up_id) REFERENCES public.follow_up(campaign_id, follow_up_id);

ALTER TABLE ONLY public.follow_up
    ADD CONSTRAINT follow_up_knock_fk FOREIGN KEY (campaign_id, knock_id) REFERENCES public.knock(campaign_id, knock_id);

ALTER TABLE ONLY public.follow_up
    ADD CONSTRAINT follow_up_lease_member_fk FOREIGN KEY (campaign_id, lease_member_id) REFERENCES public.member(campaign_id, member_id);

ALTER TABLE ONLY public.follow_up
    ADD CONSTRAINT follow_up_owner_fk FOREIGN KEY (campaign_id, owner_id) REFERENCES public.member(campaign_id, member_id);

ALTER TABLE ONLY public.follow_up
    ADD CONSTRAINT follow_up_person_fk FOREIGN KEY (campaign_id, person_id) REFERENCES public.person(campaign_id, person_id);

ALTER TABLE ONLY public.follow_up_rule
    ADD CONSTRAINT follow_up_rule_campaign_fk FOREIGN KEY (campaign_id) REFERENCES public.campaign(campaign_id);

ALTER TABLE ONLY public.follow_up
    ADD CONSTRAINT follow_up_rule_fk FOREIGN KEY (campaign_id, rule_id) REFERENCES public.follow_up_rule(campaign_id, rule_id);

ALTER TABLE ONLY public.growth_rule
    ADD CONSTRAINT growth_rule_campaign_fk FOREIGN KEY (campaign_id) REFERENCES public.campaign(campaign_id);

ALTER TABLE ONLY public.growth_rule
    ADD CONSTRAINT growth_rule_module_fk FOREIGN KEY (campaign_id, required_module) REFERENCES public.training_module(campaign_id, code);

ALTER TABLE ONLY public.import
    ADD CONSTRAINT import_campaign_fk FOREIGN KEY (campaign_id) REFERENCES public.campaign(campaign_id);

ALTER TABLE ONLY public.knock_ask
    ADD CONSTRAINT knock_ask_knock_fk FOREIGN KEY (campaign_id, knock_id) REFERENCES public.knock(campaign_id, knock_id);

ALTER TABLE ONLY public.knock_ask
    ADD CONSTRAINT knock_ask_meeting_fk FOREIGN KEY (campaign_id, meeting_id) REFERENCES public.meeting(campaign_id, meeting_id);

ALTER TABLE ONLY public.knock_ask
    ADD CONSTRAINT knock_ask_person_fk FOREIGN KEY (campaign_id, person_id) REFERENCES public.person(campaign_id, person_id);

ALTER TABLE ONLY public.knock_conflict
    ADD CONSTRAINT knock_conflict_knock_fk FOREIGN KEY (campaign_id, knock_id) REFERENCES public.knock(campaign_id, knock_id);

ALTER TABLE ONLY public.knock
    ADD CONSTRAINT knock_corrects_fk FOREIGN KEY (campaign_id, corrects_knock_id) REFERENCES public.knock(campaign_id, knock_id);

ALTER TABLE ONLY public.knock
    ADD CONSTRAINT knock_door_fk FOREIGN KEY (campaign_id, door_id) REFERENCES public.door(campaign_id, door_id);

ALTER TABLE ONLY public.knock_evidence
    ADD CONSTRAINT knock_evidence_knock_fk FOREIGN KEY (campaign_id, knock_id) REFERENCES public.knock(campaign_id, knock_id);

ALTER TABLE ONLY public.knock_judgement
    ADD CONSTRAINT knock_judgement_knock_fk FOREIGN KEY (campaign_id, knock_id) REFERENCES public.knock(campaign_id, knock_id);

ALTER TABLE ONLY public.knock_judgement
    ADD CONSTRAINT knock_judgement_member_fk FOREIGN KEY (campaign_id, member_id) REFERENCES public.member(campaign_id, member_id);

ALTER TABLE ONLY public.knock
    ADD CONSTRAINT knock_member_fk FOREIGN KEY (campaign_id, member_id) REFERENCES public.member(campaign_id, member_id);

ALTER TABLE ONLY public.knock
    ADD CONSTRAINT knock_phone_fk FOREIGN KEY (campaign_id, phone_id) REFERENCES public.phone(campaign_id, phone_id);

ALTER TABLE ONLY public.knock_response
    ADD CONSTRAINT knock_response_knock_fk FOREIGN KEY (campaign_id, knock_id) REFERENCES public.knock(campaign_id, knock_id);

ALTER TABLE ONLY public.knock_response
    ADD CONSTRAINT knock_response_person_fk FOREIGN KEY (campaign_id, person_id) REFERENCES public.person(campaign_id, person_id);

ALTER TABLE ONLY public.knock
    ADD CONSTRAINT knock_script_fk FOREIGN KEY (campaign_id, script_id) REFERENCES public.script(campaign_id, script_id);

ALTER TABLE ONLY public.knock
    ADD CONSTRAINT knock_walk_list_fk FOREIGN KEY (campaign_id, walk_list_id) REFERENCES public.walk_list(campaign_id, walk_list_id);

ALTER TABLE ONLY public.ladder_step
    ADD CONSTRAINT ladder_step_campaign_fk FOREIGN KEY (campaign_id) REFERENCES public.campaign(campaign_id);

ALTER TABLE ONLY public.meeting_guest
    ADD CONSTRAINT meeting_guest_follow_up_fk FOREIGN KEY (campaign_id, follow_up_id) REFERENCES public.follow_up(campaign_id, follow_up_id);

ALTER TABLE ONLY public.meeting_guest
    ADD CONSTRAINT meeting_guest_knock_fk FOREIGN KEY (campaign_id, knock_id) REFERENCES public.knock(campaign_id, knock_id);

ALTER TABLE ONLY public.meeting_guest
    ADD CONSTRAINT meeting_guest_meeting_fk FOREIGN KEY (campaign_id, meeting_id, capacity) REFERENCES public.meeting(campaign_id, meeting_id, capacity) ON UPDATE CASCADE;

ALTER TABLE ONLY public.meeting_guest
    ADD CONSTRAINT meeting_guest_member_fk FOREIGN KEY (campaign_id, member_id) REFERENCES public.member(campaign_id, member_id);

ALTER TABLE ONLY public.meeting_guest
    ADD CONSTRAINT meeting_guest_person_fk FOREIGN KEY (campaign_id, person_id) REFERENCES public.person(campaign_id, person_id);

ALTER TABLE ONLY public.meeting
    ADD CONSTRAINT meeting_host_fk FOREIGN KEY (campaign_id, host_id) REFERENCES public.member(campaign_id, member_id);

ALTER TABLE ONLY public.meeting
    ADD CONSTRAINT meeting_module_fk FOREIGN KEY (campaign_id, module) REFERENCES public.training_module(campaign_id, code);

ALTER TABLE ONLY public.member
    ADD CONSTRAINT member_campaign_fk FOREIGN KEY (campaign_id) REFERENCES public.campaign(campaign_id);

ALTER TABLE ONLY public.member_day
    ADD CONSTRAINT member_day_member_fk FOREIGN KEY (campaign_id, member_id) REFERENCES public.member(campaign_id, member_id);

ALTER TABLE ONLY public.member
    ADD CONSTRAINT member_leader_fk FOREIGN KEY (campaign_id, leader_id, leader_depth) REFERENCES public.member(campaign_id, member_id, depth);

ALTER TABLE ONLY public.member
    ADD CONSTRAINT member_left_leader_fk FOREIGN KEY (campaign_id, left_leader_id) REFERENCES public.member(campaign_id, member_id);

ALTER TABLE ONLY public.member
    ADD CONSTRAINT member_slot_fk FOREIGN KEY (campaign_id, slot) REFERENCES public.campaign_slot(campaign_id, slot);

ALTER TABLE ONLY public.member_step
    ADD CONSTRAINT member_step_code_fk FOREIGN KEY (campaign_id, code) REFERENCES public.ladder_step(campaign_id, code);

ALTER TABLE ONLY public.member_step
    ADD CONSTRAINT member_step_member_fk FOREIGN KEY (campaign_id, member_id) REFERENCES public.member(campaign_id, member_id);

ALTER TABLE ONLY public.member_step
    ADD CONSTRAINT member_step_recorded_by_fk FOREIGN KEY (campaign_id, recorded_by) REFERENCES public.member(campaign_id, member_id);

ALTER TABLE ONLY public.member_tally
    ADD CONSTRAINT member_tally_member_fk FOREIGN KEY (campaign_id, member_id) REFERENCES public.member(campaign_id, member_id);

ALTER TABLE ONLY public.member_training
    ADD CONSTRAINT member_training_code_fk FOREIGN KEY (campaign_id, code) REFERENCES public.training_module(campaign_id, code);

ALTER TABLE ONLY public.member_training
    ADD CONSTRAINT member_training_member_fk FOREIGN KEY (campaign_id, member_id) REFERENCES public.member(campaign_id, member_id);

ALTER TABLE ONLY public.member_training
    ADD CONSTRAINT member_training_recorded_by_fk FOREIGN KEY (campaign_id, recorded_by) REFERENCES public.member(campaign_id, member_id);

ALTER TABLE ONLY public.packet
    ADD CONSTRAINT packet_member_fk FOREIGN KEY (campaign_id, member_id) REFERENCES public.member(campaign_id, member_id);

ALTER TABLE ONLY public.packet_row
    ADD CONSTRAINT packet_row_door_fk FOREIGN KEY (campaign_id, door_id) REFERENCES public.door(campaign_id, door_id);

ALTER TABLE ONLY public.packet_row
    ADD CONSTRAINT packet_row_packet_fk FOREIGN KEY (campaign_id, packet_id) REFERENCES public.packet(campaign_id, packet_id);

ALTER TABLE ONLY public.packet
    ADD CONSTRAINT packet_script_fk FOREIGN KEY (campaign_id, script_id) REFERENCES public.script(campaign_id, script_id);

ALTER TABLE ONLY public.packet_sheet
    ADD CONSTRAINT packet_sheet_packet_fk FOREIGN KEY (campaign_id, packet_id) REFERENCES public.packet(campaign_id, packet_id);

ALTER TABLE ONLY public.packet
    ADD CONSTRAINT packet_walk_list_fk FOREIGN KEY (campaign_id, walk_list_id) REFERENCES public.walk_list(campaign_id, walk_list_id);

ALTER TABLE ONLY public.paper_batch
    ADD CONSTRAINT paper_batch_closer_fk FOREIGN KEY (campaign_id, closed_by) REFERENCES public.member(campaign_id, member_id);

ALTER TABLE ONLY public.paper_batch
    ADD CONSTRAINT paper_batch_member_fk FOREIGN KEY (campaign_id, member_id) REFERENCES public.member(campaign_id, member_id);

ALTER TABLE ONLY public.paper_batch
    ADD CONSTRAINT paper_batch_walker_fk FOREIGN KEY (campaign_id, walker_id) REFERENCES public.member(campaign_id, member_id);

ALTER TABLE ONLY public.paper_entry
    ADD CONSTRAINT paper_entry_member_fk FOREIGN KEY (campaign_id, member_id) REFERENCES public.member(campaign_id, member_id);

ALTER TABLE ONLY public.paper_entry
    ADD CONSTRAINT paper_entry_page_fk FOREIGN KEY (campaign_id, packet_id, page) REFERENCES public.paper_page(campaign_id, packet_id, page);

ALTER TABLE ONLY public.paper_knock
    ADD CONSTRAINT paper_knock_entry_fk FOREIGN KEY (campaign_id, paper_entry_id) REFERENCES public.paper_entry(campaign_id, paper_entry_id);

ALTER TABLE ONLY public.paper_knock
    ADD CONSTRAINT paper_knock_knock_fk FOREIGN KEY (campaign_id, knock_id) REFERENCES public.knock(campaign_id, knock_id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.paper_knock
    ADD CONSTRAINT paper_knock_page_fk FOREIGN KEY (campaign_id, packet_id, page) REFERENCES public.paper_page(campaign_id, packet_id, page);

ALTER TABLE ONLY public.paper_page
    ADD CONSTRAINT paper_page_batch_fk FOREIGN KEY (campaign_id, paper_batch_id) REFERENCES public.paper_batch(campaign_id, paper_batch_id);

ALTER TABLE ONLY public.paper_page
    ADD CONSTRAINT paper_page_member_fk FOREIGN KEY (campaign_id, member_id) REFERENCES public.member(campaign_id, member_id);

ALTER TABLE ONLY public.paper_page
    ADD CONSTRAINT paper_page_packet_fk FOREIGN KEY (campaign_id, packet_id) REFERENCES public.packet(campaign_id, packet_id);

ALTER TABLE ONLY public.paper_reading
    ADD CONSTRAINT paper_reading_page_fk FOREIGN KEY (campaign_id, packet_id, page) REFERENCES public.paper_page(campaign_id, packet_id, page);

ALTER TABLE ONLY public.paper_written_row
    ADD CONSTRAINT paper_written_row_door_fk FOREIGN KEY (campaign_id, door_id) REFERENCES public.door(campaign_id, door_id);

ALTER TABLE ONLY public.paper_written_row
    ADD CONSTRAINT paper_written_row_list_fk FOREIGN KEY (campaign_id, walk_list_id) REFERENCES public.walk_list(campaign_id, walk_list_id);

ALTER TABLE ONLY public.paper_written_row
    ADD CONSTRAINT paper_written_row_page_fk FOREIGN KEY (campaign_id, packet_id, page) REFERENCES public.paper_page(campaign_id, packet_id, page);

ALTER TABLE ONLY public.pass
    ADD CONSTRAINT pass_campaign_fk FOREIGN KEY (campaign_id) REFERENCES public.campaign(campaign_id);

ALTER TABLE ONLY public.person
    ADD CONSTRAINT person_addition_fk FOREIGN KEY (campaign_id, addition_id, addition_ordinal) REFERENCES public.addition_person(campaign_id, addition_id, ordinal);

ALTER TABLE ONLY public.person
    ADD CONSTRAINT person_campaign_fk FOREIGN KEY (campaign_id) REFERENCES public.campaign(campaign_id);

ALTER TABLE ONLY public.person
    ADD CONSTRAINT person_door_fk FOREIGN KEY (campaign_id, door_id) REFERENCES public.door(campaign_id, door_id);

ALTER TABLE ONLY public.phone
    ADD CONSTRAINT phone_member_fk FOREIGN KEY (campaign_id, member_id) REFERENCES public.member(campaign_id, member_id);

ALTER TABLE ONLY public.proposal
    ADD CONSTRAINT proposal_decided_by_fk FOREIGN KEY (campaign_id, decided_by) REFERENCES public.member(campaign_id, member_id);

ALTER TABLE ONLY public.proposal
    ADD CONSTRAINT proposal_new_leader_fk FOREIGN KEY (campaign_id, new_leader_id) REFERENCES public.member(campaign_id, member_id);

ALTER TABLE ONLY public.proposal
    ADD CONSTRAINT proposal_subject_fk FOREIGN KEY (campaign_id, subject_id) REFERENCES public.member(campaign_id, member_id);

ALTER TABLE ONLY public.region
    ADD CONSTRAINT region_cut_fk FOREIGN KEY (campaign_id, cut_id) REFERENCES public.cut(campaign_id, cut_id);

ALTER TABLE ONLY public.script
    ADD CONSTRAINT script_campaign_fk FOREIGN KEY (campaign_id) REFERENCES public.campaign(campaign_id);

ALTER TABLE ONLY public.script
    ADD CONSTRAINT script_member_fk FOREIGN KEY (campaign_id, member_id) REFERENCES public.member(campaign_id, member_id);

ALTER TABLE ONLY public.sign_in_issuer
    ADD CONSTRAINT sign_in_issuer_campaign_fk FOREIGN KEY (campaign_id) REFERENCES public.campaign(campaign_id);

ALTER TABLE ONLY public.sign_in_subject
    ADD CONSTRAINT sign_in_subject_issuer_fk FOREIGN KEY (campaign_id, issuer_id) REFERENCES public.sign_in_issuer(campaign_id, issuer_id) ON DELETE CASCADE;

ALTER TABLE ONLY public.sign_in_subject
    ADD CONSTRAINT sign_in_subject_member_fk FOREIGN KEY (campaign_id, member_id) REFERENCES public.member(campaign_id, member_id);

ALTER TABLE ONLY public.street
    ADD CONSTRAINT street_campaign_fk FOREIGN KEY (campaign_id) REFERENCES public.campaign(campaign_id);

ALTER TABLE ONLY public.suppressed_person
    ADD CONSTRAINT suppressed_person_campaign_fk FOREIGN KEY (campaign_id) REFERENCES public.campaign(campaign_id);

ALTER TABLE ONLY public.tally_cursor
    ADD CONSTRAINT tally_cursor_campaign_fk FOREIGN KEY (campaign_id) REFERENCES public.campaign(campaign_id);

ALTER TABLE ONLY public.training_module
    ADD CONSTRAINT training_module_campaign_fk FOREIGN KEY (campaign_id) REFERENCES public.campaign(campaign_id);

ALTER TABLE ONLY public.tree_touch
    ADD CONSTRAINT tree_touch_member_fk FOREIGN KEY (campaign_id, member_id) REFERENCES public.member(campaign_id, member_id);

ALTER TABLE ONLY public.turf
    ADD CONSTRAINT turf_cut_fk FOREIGN KEY (campaign_id, cut_id, pass_id) REFERENCES public.cut(campaign_id, cut_id, pass_id);

ALTER TABLE ONLY public.turf_door
    ADD CONSTRAINT turf_door_aside_turf_fk FOREIGN KEY (campaign_id, aside_turf_id) REFERENCES public.turf(campaign_id, turf_id);

ALTER TABLE ONLY public.turf_door
    ADD CONSTRAINT turf_door_door_fk FOREIGN KEY (campaign_id, door_id) REFERENCES public.door(campaign_id, door_id);

ALTER TABLE ONLY public.turf_door
    ADD CONSTRAINT turf_door_turf_fk FOREIGN KEY (campaign_id, turf_id, cut_id, pass_id, live) REFERENCES public.turf(campaign_id, turf_id, cut_id, pass_id, live) ON UPDATE CASCADE;

ALTER TABLE ONLY public.turf_edit
    ADD CONSTRAINT turf_edit_cut_fk FOREIGN KEY (campaign_id, cut_id) REFERENCES public.cut(campaign_id, cut_id);

ALTER TABLE ONLY public.turf_edit
    ADD CONSTRAINT turf_edit_member_fk FOREIGN KEY (campaign_id, member_id) REFERENCES public.member(campaign_id, member_id);

ALTER TABLE ONLY public.turf_edit_move
    ADD CONSTRAINT turf_edit_move_door_fk FOREIGN KEY (campaign_id, door_id) REFERENCES public.door(campaign_id, door_id);

ALTER TABLE ONLY public.turf_edit_move
    ADD CONSTRAINT turf_edit_move_edit_fk FOREIGN KEY (campaign_id, cut_id, edit_number) REFERENCES public.turf_edit(campaign_id, cut_id, edit_number);

ALTER TABLE ONLY public.turf_edit_move
    ADD CONSTRAINT turf_edit_move_from_fk FOREIGN KEY (campaign_id, from_turf_id) REFERENCES public.turf(campaign_id, turf_id);

ALTER TABLE ONLY public.turf_edit_move
    ADD CONSTRAINT turf_edit_move_to_fk FOREIGN KEY (campaign_id, to_turf_id) REFERENCES public.turf(campaign_id, turf_id);

ALTER TABLE ONLY public.turf_edit
    ADD CONSTRAINT turf_edit_undoes_fk FOREIGN KEY (campaign_id, cut_id, undoes_edit_number) REFERENCES public.turf_edit(campaign_id, cut_id, edit_number);

ALTER TABLE ONLY public.turf
    ADD CONSTRAINT turf_region_fk FOREIGN KEY (campaign_id, region_id, cut_id) REFERENCES public.region(campaign_id, region_id, cut_id);

ALTER TABLE ONLY public.turf_version
    ADD CONSTRAINT turf_version_edit_fk FOREIGN KEY (campaign_id, cut_id, edit_number) REFERENCES public.turf_edit(campaign_id, cut_id, edit_number);

ALTER TABLE ONLY public.turf_version
    ADD CONSTRAINT turf_version_turf_fk FOREIGN KEY (campaign_id, turf_id) REFERENCES public.turf(campaign_id, turf_id);

ALTER TABLE ONLY public.universe
    ADD CONSTRAINT universe_campaign_fk FOREIGN KEY (campaign_id) REFERENCES public.campaign(campaign_id);

ALTER TABLE ONLY public.upkeep_claim
    ADD CONSTRAINT upkeep_claim_campaign_fk FOREIGN KEY (campaign_id) REFERENCES public.campaign(campaign_id);

ALTER TABLE ONLY public.walk_list
    ADD CONSTRAINT walk_list_leader_fk FOREIGN KEY (campaign_id, leader_id) REFERENCES public.member(campaign_id, member_id);

ALTER TABLE ONLY public.walk_list
    ADD CONSTRAINT walk_list_replaces_fk FOREIGN KEY (campaign_id, replaces_walk_list_id) REFERENCES public.walk_list(campaign_id, walk_list_id);

ALTER TABLE ONLY public.walk_list
    ADD CONSTRAINT walk_list_turf_fk FOREIGN KEY (campaign_id, turf_id) REFERENCES public.turf(campaign_id, turf_id);

ALTER TABLE public.access_token ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.addition ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.addition_judgement ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.addition_person ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.address_point ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.audit_head ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.audit_log ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.audit_pending ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.audit_seal ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.barrier ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.boundary ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.campaign ENABLE ROW LEVEL SECURITY;

CREATE POLICY campaign_scope ON public.access_token USING ((campaign_id = public.current_campaign())) WITH CHECK ((campaign_id = public.current_campaign()));

CREATE POLICY campaign_scope ON public.addition USING ((campaign_id = public.current_campaign())) WITH CHECK ((campaign_id = public.current_campaign()));

CREATE POLICY campaign_scope ON public.addition_judgement USING ((campaign_id = public.current_campaign())) WITH CHECK ((campaign_id = public.current_campaign()));

CREATE POLICY campaign_scope ON public.addition_person USING ((campaign_id = public.current_campaign())) WITH CHECK ((campaign_id = public.current_campaign()));

CREATE POLICY campaign_scope ON public.address_point USING ((campaign_id = public.current_campaign())) WITH CHECK ((campaign_id = public.current_campaign()));

CREATE POLICY campaign_scope ON public.audit_head USING ((campaign_id = public.current_campaign())) WITH CHECK ((campaign_id = public.current_campaign()));

CREATE POLICY campaign_scope ON public.audit_log USING ((campaign_id = public.current_campaign())) WITH CHECK ((campaign_id = public.current_campaign()));

CREATE POLICY campaign_scope ON public.audit_pending USING ((campaign_id = public.current_campaign())) WITH CHECK ((campaign_id = public.current_campaign()));

CREATE POLICY campaign_scope ON public.audit_seal USING ((campaign_id = public.current_campaign())) WITH CHECK ((campaign_id = public.current_campaign()));

CREATE POLICY campaign_scope ON public.barrier USING ((campaign_id = public.current_campaign())) WITH CHECK ((campaign_id = public.current_campaign()));

CREATE POLICY campaign_scope ON public.boundary USING ((campaign_id = public.current_campaign())) WITH CHECK ((campaign_id = public.current_campaign()));

CREATE POLICY campaign_scope ON public.campaign USING ((campaign_id = public.current_campaign())) WITH CHECK ((campaign_id = public.current_campaign()));

CREATE POLICY campaign_scope ON public.campaign_slot USING ((campaign_id = public.current_campaign())) WITH CHECK ((campaign_id = public.current_campaign()));

CREATE POLICY campaign_scope ON public.change USING ((campaign_id = public.current_campaign())) WITH CHECK ((campaign_id = public.current_campaign()));

CREATE POLICY campaign_scope ON public.change_counter USING ((campaign_id = public.current_campaign())) WITH CHECK ((campaign_id = public.current_campaign()));

CREATE POLICY campaign_scope ON public.checkout USING ((campaign_id = public.current_campaign())) WITH CHECK ((campaign_id = public.current_campaign()));

CREATE POLICY campaign_scope ON public.contact_limits USING ((campaign_id = public.current_campaign())) WITH CHECK ((campaign_id = public.current_campaign()));

CREATE POLICY campaign_scope ON public.cut USING ((campaign_id = public.current_campaign())) WITH CHECK ((campaign_id = public.current_campaign()));

CREATE POLICY campaign_scope ON public.cut_held_door USING ((campaign_id = public.current_campaign())) WITH CHECK ((campaign_id = public.current_campaign()));

CREATE POLICY campaign_scope ON public.cut_problem USING ((campaign_id = public.current_campaign())) WITH CHECK ((campaign_id = public.current_campaign()));

CREATE POLICY campaign_scope ON public.door USING ((campaign_id = public.current_campaign())) WITH CHECK ((campaign_id = public.current_campaign()));

CREATE POLICY campaign_scope ON public.enrolment_code USING ((campaign_id = public.current_campaign())) WITH CHECK ((campaign_id = public.current_campaign()));

CREATE POLICY campaign_scope ON public.enrolment_guard USING ((campaign_id = public.current_campaign())) WITH CHECK ((campaign_id = public.current_campaign()));

CREATE POLICY campaign_scope ON public.evidence_limits USING ((campaign_id = public.current_campaign())) WITH CHECK ((campaign_id = public.current_campaign()));

CREATE POLICY campaign_scope ON public.follow_up USING ((campaign_id = public.current_campaign())) WITH CHECK ((campaign_id = public.current_campaign()));

CREATE POLICY campaign_scope ON public.follow_up_event USING ((campaign_id = public.current_campaign())) WITH CHECK ((campaign_id = public.current_campaign()));

CREATE POLICY campaign_scope ON public.follow_up_rule USING ((campaign_id = public.current_campaign())) WITH CHECK ((campaign_id = public.current_campaign()));

CREATE POLICY campaign_scope ON public.growth_rule USING ((campaign_id = public.current_campaign())) WITH CHECK ((campaign_id = public.current_campaign()));

CREATE POLICY campaign_scope ON public.import USING ((campaign_id = public.current_campaign())) WITH CHECK ((campaign_id = public.current_campaign()));

CREATE POLICY campaign_scope ON public.knock USING ((campaign_id = public.current_campaign())) WITH CHECK ((campaign_id = public.current_campaign()));

CREATE POLICY campaign_scope ON public.knock_ask USING ((campaign_id = public.current_campaign())) WITH CHECK ((campaign_id = public.current_campaign()));

CREATE POLICY campaign_scope ON public.knock_conflict USING ((campaign_id = public.current_campaign())) WITH CHECK ((campaign_id = public.current_campaign()));

CREATE POLICY campaign_scope ON public.knock_evidence USING ((campaign_id = public.current_campaign())) WITH CHECK ((campaign_id = public.current_campaign()));

CREATE POLICY campaign_scope ON public.knock_judgement USING ((campaign_id = public.current_campaign())) WITH CHECK ((campaign_id = public.current_campaign()));

CREATE POLICY campaign_scope ON public.knock_response USING ((campaign_id = public.current_campaign())) WITH CHECK ((campaign_id = public.current_campaign()));

CREATE POLICY campaign_scope ON public.ladder_step USING ((campaign_id = public.current_campaign())) WITH CHECK ((campaign_id = public.current_campaign()));

CREATE POLICY campaign_scope ON public.meeting USING ((campaign_id = public.current_campaign())) WITH CHECK ((campaign_id = public.current_campaign()));

CREATE POLICY campaign_scope ON public.meeting_guest USING ((campaign_id = public.current_campaign())) WITH CHECK ((campaign_id = public.current_campaign()));

CREATE POLICY campaign_scope ON public.member USING ((campaign_id = public.current_campaign())) WITH CHECK ((campaign_id = public.current_campaign()));

CREATE POLICY campaign_scope ON public.member_day USING ((campaign_id = public.current_campaign())) WITH CHECK ((campaign_id = public.current_campaign()));

CREATE POLICY campaign_scope ON public.member_step USING ((campaign_id = public.current_campaign())) WITH CHECK ((campaign_id = public.current_campaign()));

CREATE POLICY campaign_scope ON public.member_tally USING ((campaign_id = public.current_campaign())) WITH CHECK ((campaign_id = public.current_campaign()));

CREATE POLICY campaign_scope ON public.member_training USING ((campaign_id = public.current_campaign())) WITH CHECK ((campaign_id = public.current_campaign()));

CREATE POLICY campaign_scope ON public.packet USING ((campaign_id = public.current_campaign())) WITH CHECK ((campaign_id = public.current_campaign()));

CREATE POLICY campaign_scope ON public.packet_row USING ((campaign_id = public.current_campaign())) WITH CHECK ((campaign_id = public.current_campaign()));

CREATE POLICY campaign_scope ON public.packet_sheet USING ((campaign_id = public.current_campaign())) WITH CHECK ((campaign_id = public.current_campaign()));

CREATE POLICY campaign_scope ON public.paper_batch USING ((campaign_id = public.current_campaign())) WITH CHECK ((campaign_id = public.current_campaign()));

CREATE POLICY campaign_scope ON public.paper_entry USING ((campaign_id = public.current_campaign())) WITH CHECK ((campaign_id = public.current_campaign()));

CREATE POLICY campaign_scope ON public.paper_knock USING ((campaign_id = public.current_campaign())) WITH CHECK ((campaign_id = public.current_campaign()));

CREATE POLICY campaign_scope ON public.paper_page USING ((campaign_id = public.current_campaign())) WITH CHECK ((campaign_id = public.current_campaign()));

CREATE POLICY campaign_scope ON public.paper_reading USING ((campaign_id = public.current_campaign())) WITH CHECK ((campaign_id = public.current_campaign()));

CREATE POLICY campaign_scope ON public.paper_written_row USING ((campaign_id = public.current_campaign())) WITH CHECK ((campaign_id = public.current_campaign()));

CREATE POLICY campaign_scope ON public.pass USING ((campaign_id = public.current_campaign())) WITH CHECK ((campaign_id = public.current_campaign()));

CREATE POLICY campaign_scope ON public.person USING ((campaign_id = public.current_campaign())) WITH CHECK ((campaign_id = public.current_campaign()));

CREATE POLICY campaign_scope ON public.phone USING ((campaign_id = public.current_campaign())) WITH CHECK ((campaign_id = public.current_campaign()));

CREATE POLICY campaign_scope ON public.proposal USING ((campaign_id = public.current_campaign())) WITH CHECK ((campaign_id = public.current_campaign()));

CREATE POLICY campaign_scope ON public.region USING ((campaign_id = public.current_campaign())) WITH CHECK ((campaign_id = public.current_campaign()));

CREATE POLICY campaign_scope ON public.script USING ((campaign_id = public.current_campaign())) WITH CHECK ((campaign_id = public.current_campaign()));

CREATE POLICY campaign_scope ON public.sign_in_issuer USING ((campaign_id = public.current_campaign())) WITH CHECK ((campaign_id = public.current_campaign()));

CREATE POLICY campaign_scope ON public.sign_in_subject USING ((campaign_id = public.current_campaign())) WITH CHECK ((campaign_id = public.current_campaign()));

CREATE POLICY campaign_scope ON public.street USING ((campaign_id = public.current_campaign())) WITH CHECK ((campaign_id = public.current_campaign()));

CREATE POLICY campaign_scope ON public.suppressed_person USING ((campaign_id = public.current_campaign())) WITH CHECK ((campaign_id = public.current_campaign()));

CREATE POLICY campaign_scope ON public.tally_cursor USING ((campaign_id = public.current_campaign())) WITH CHECK ((campaign_id = public.current_campaign()));

CREATE POLICY campaign_scope ON public.training_module USING ((campaign_id = public.current_campaign())) WITH CHECK ((campaign_id = public.current_campaign()));

CREATE POLICY campaign_scope ON public.tree_touch USING ((campaign_id = public.current_campaign())) WITH CHECK ((campaign_id = public.current_campaign()));

CREATE POLICY campaign_scope ON public.turf USING ((campaign_id = public.current_campaign())) WITH CHECK ((campaign_id = public.current_campaign()));

CREATE POLICY campaign_scope ON public.turf_door USING ((campaign_id = public.current_campaign())) WITH CHECK ((campaign_id = public.current_campaign()));

CREATE POLICY campaign_scope ON public.turf_edit USING ((campaign_id = public.current_campaign())) WITH CHECK ((campaign_id = public.current_campaign()));

CREATE POLICY campaign_scope ON public.turf_edit_move USING ((campaign_id = public.current_campaign())) WITH CHECK ((campaign_id = public.current_campaign()));

CREATE POLICY campaign_scope ON public.turf_version USING ((campaign_id = public.current_campaign())) WITH CHECK ((campaign_id = public.current_campaign()));

CREATE POLICY campaign_scope ON public.universe USING ((campaign_id = public.current_campaign())) WITH CHECK ((campaign_id = public.current_campaign()));

CREATE POLICY campaign_scope ON public.upkeep_claim USING ((campaign_id = public.current_campaign())) WITH CHECK ((campaign_id = public.current_campaign()));

CREATE POLICY campaign_scope ON public.walk_list USING ((campaign_id = public.current_campaign())) WITH CHECK ((campaign_id = public.current_campaign()));

ALTER TABLE public.campaign_slot ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.change ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.change_counter ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.checkout ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.contact_limits ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.cut ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.cut_held_door ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.cut_problem ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.door ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.enrolment_code ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.enrolment_guard ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.evidence_limits ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.follow_up ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.follow_up_event ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.follow_up_rule ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.growth_rule ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.import ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.knock ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.knock_ask ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.knock_conflict ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.knock_evidence ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.knock_judgement ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.knock_response ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.ladder_step ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.meeting ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.meeting_guest ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.member ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.member_day ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.member_step ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.member_tally ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.member_training ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.packet ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.packet_row ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.packet_sheet ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.paper_batch ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.paper_entry ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.paper_knock ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.paper_page ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.paper_reading ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.paper_written_row ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.pass ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.person ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.phone ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.proposal ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.region ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.script ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.sign_in_issuer ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.sign_in_subject ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.street ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.suppressed_person ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.tally_cursor ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.training_module ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.tree_touch ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.turf ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.turf_door ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.turf_edit ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.turf_edit_move ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.turf_version ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.universe ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.upkeep_claim ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.walk_list ENABLE ROW LEVEL SECURITY;

GRANT USAGE ON SCHEMA public TO snowfield_app;

REVOKE ALL ON FUNCTION public.erase_paper_words(erased_person bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION public.erase_paper_words(erased_person bigint) TO snowfield_app;

REVOKE ALL ON FUNCTION public.erase_words(erased_person bigint, erased_door bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION public.erase_words(erased_person bigint, erased_door bigint) TO snowfield_app;

GRANT ALL ON FUNCTION public.is_contact(result smallint) TO snowfield_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.contact_limits TO snowfield_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.access_token TO snowfield_app;

GRANT SELECT,INSERT ON TABLE public.addition TO snowfield_app;

GRANT UPDATE(note) ON TABLE public.addition TO snowfield_app;

GRANT SELECT,INSERT ON TABLE public.addition_judgement TO snowfield_app;

GRANT SELECT,INSERT ON TABLE public.addition_person TO snowfield_app;

GRANT UPDATE(first_name) ON TABLE public.addition_person TO snowfield_app;

GRANT UPDATE(last_name) ON TABLE public.addition_person TO snowfield_app;

GRANT UPDATE(phone) ON TABLE public.addition_person TO snowfield_app;

GRANT UPDATE(email) ON TABLE public.addition_person TO snowfield_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.address_point TO snowfield_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.audit_head TO snowfield_app;

GRANT SELECT,INSERT ON TABLE public.audit_log TO snowfield_app;

GRANT SELECT,INSERT,DELETE ON TABLE public.audit_pending TO snowfield_app;

GRANT SELECT,INSERT ON TABLE public.audit_seal TO snowfield_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.barrier TO snowfield_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.boundary TO snowfield_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.campaign TO snowfield_app;

GRANT USAGE ON SEQUENCE public.campaign_campaign_id_seq TO snowfield_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.campaign_slot TO snowfield_app;

GRANT SELECT,INSERT,DELETE ON TABLE public.change TO snowfield_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.change_counter TO snowfield_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.checkout TO snowfield_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.cut TO snowfield_app;

GRANT SELECT,INSERT ON TABLE public.cut_held_door TO snowfield_app;

GRANT SELECT,INSERT ON TABLE public.cut_problem TO snowfield_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.door TO snowfield_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.enrolment_code TO snowfield_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.enrolment_guard TO snowfield_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.evidence_limits TO snowfield_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.follow_up TO snowfield_app;

GRANT SELECT,INSERT ON TABLE public.follow_up_event TO snowfield_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.follow_up_rule TO snowfield_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.growth_rule TO snowfield_app;

GRANT SELECT,INSERT ON TABLE public.knock TO snowfield_app;

GRANT SELECT,INSERT ON TABLE public.knock_judgement TO snowfield_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.meeting_guest TO snowfield_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.person TO snowfield_app;

GRANT SELECT ON TABLE public.standing_knock TO snowfield_app;

GRANT SELECT ON TABLE public.household_contact TO snowfield_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.import TO snowfield_app;

GRANT SELECT,INSERT ON TABLE public.knock_ask TO snowfield_app;

GRANT SELECT,INSERT ON TABLE public.knock_conflict TO snowfield_app;

GRANT SELECT,INSERT ON TABLE public.knock_evidence TO snowfield_app;

GRANT SELECT,INSERT ON TABLE public.knock_response TO snowfield_app;

GRANT SELECT ON TABLE public.knock_fact TO snowfield_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.ladder_step TO snowfield_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.meeting TO snowfield_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.member TO snowfield_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.member_day TO snowfield_app;

GRANT SELECT,INSERT ON TABLE public.member_step TO snowfield_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.member_tally TO snowfield_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.member_training TO snowfield_app;

GRANT SELECT ON TABLE public.operator_token TO snowfield_app;

GRANT SELECT,INSERT ON TABLE public.packet TO snowfield_app;

GRANT SELECT,INSERT ON TABLE public.packet_row TO snowfield_app;

GRANT SELECT,INSERT ON TABLE public.packet_sheet TO snowfield_app;

GRANT SELECT,INSERT ON TABLE public.paper_batch TO snowfield_app;

GRANT UPDATE(close_time) ON TABLE public.paper_batch TO snowfield_app;

GRANT UPDATE(closed_by) ON TABLE public.paper_batch TO snowfield_app;

GRANT UPDATE(close_reason) ON TABLE public.paper_batch TO snowfield_app;

GRANT SELECT ON TABLE public.paper_differs TO snowfield_app;

GRANT SELECT,INSERT ON TABLE public.paper_entry TO snowfield_app;

GRANT UPDATE(undone) ON TABLE public.paper_entry TO snowfield_app;

GRANT SELECT ON TABLE public.paper_entry_now TO snowfield_app;

GRANT SELECT,INSERT ON TABLE public.paper_knock TO snowfield_app;

GRANT SELECT,INSERT ON TABLE public.paper_page TO snowfield_app;

GRANT UPDATE(state) ON TABLE public.paper_page TO snowfield_app;

GRANT UPDATE(reason) ON TABLE public.paper_page TO snowfield_app;

GRANT UPDATE(member_id) ON TABLE public.paper_page TO snowfield_app;

GRANT UPDATE(page_time) ON TABLE public.paper_page TO snowfield_app;

GRANT SELECT ON TABLE public.paper_page_open TO snowfield_app;

GRANT SELECT,INSERT,DELETE ON TABLE public.paper_reading TO snowfield_app;

GRANT SELECT,INSERT ON TABLE public.paper_written_row TO snowfield_app;

GRANT SELECT ON TABLE public.paper_row TO snowfield_app;

GRANT SELECT ON TABLE public.paper_row_now TO snowfield_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.pass TO snowfield_app;

GRANT SELECT ON TABLE public.person_contact TO snowfield_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.phone TO snowfield_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.proposal TO snowfield_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.region TO snowfield_app;

GRANT SELECT ON TABLE public.schema_migration TO snowfield_app;

GRANT SELECT,INSERT ON TABLE public.script TO snowfield_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.sign_in_issuer TO snowfield_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.sign_in_subject TO snowfield_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.street TO snowfield_app;

GRANT SELECT,INSERT,DELETE ON TABLE public.suppressed_person TO snowfield_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.tally_cursor TO snowfield_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.training_module TO snowfield_app;

GRANT SELECT,INSERT,DELETE ON TABLE public.tree_touch TO snowfield_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.turf TO snowfield_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.turf_door TO snowfield_app;

GRANT SELECT,INSERT ON TABLE public.turf_edit TO snowfield_app;

GRANT SELECT,INSERT ON TABLE public.turf_edit_move TO snowfield_app;

GRANT SELECT,INSERT ON TABLE public.turf_version TO snowfield_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.universe TO snowfield_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.upkeep_claim TO snowfield_app;

GRANT SELECT ON TABLE public.visit_fact TO snowfield_app;

GRANT SELECT ON TABLE public.voted_door TO snowfield_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.walk_list TO snowfield_app;
